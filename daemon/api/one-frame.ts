import Type from 'typebox';
import { ApiError } from './error.ts';
import type { FrameSource } from './frame-source.ts';
import type { StoredFrame } from './wire.ts';

/** The parameters of routes below /api/frames/:seq. */
export const frameParams = Type.Object(
  { seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
  { additionalProperties: false },
);

/** @throws ApiError NOT_FOUND */
export function oneFrame(frames: FrameSource, seq: number): StoredFrame {
  const [frame] = frames.frames({ since: seq - 1, upTo: seq, limit: 1 });
  if (frame === undefined) throw new ApiError('NOT_FOUND', `there is no frame ${seq}`);
  return frame;
}
