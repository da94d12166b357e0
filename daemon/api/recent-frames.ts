import type { FrameEncoding } from './frame-encoding.ts';
import type { FrameFilter } from './frame-filter.ts';
import type { FrameStep } from './frame-source.ts';
import type { StoredFrame } from './wire.ts';

/** Whole frames in one piece; null when there are none. */
export interface Batch {
  readonly bytes: Uint8Array | null;
  /** Where the client stands when it has them. */
  readonly at: number;
}

/** The newest frames in memory: clients close to the head need no query and share their bytes. */
export interface RecentFrames {
  /** Whether everything behind `since` is here. */
  covers(since: number): boolean;
  /** What follows `since`; the same buffer for all clients that stand at the same place and want the same. */
  batch(since: number, filter: FrameFilter, encode: FrameEncoding): Batch;
  push(frames: readonly StoredFrame[]): void;
  clear(): void;
}

export const batchFrames = 256;
/** A client that takes nothing holds one batch: so much, or a single larger frame. */
const batchBytes = 128 * 1024;
/**
 * At 200 frames a second 20 s, twice as long as a client may take nothing: a computer that is late must not send its clients to
 * the ledger, each for itself, which would keep it late.
 */
const recentFrames = 4096;
/** Clients close to the head stand at a few places. */
const sharedBatches = 32;

export function makeRecentFrames(newest: readonly StoredFrame[]): RecentFrames {
  let frames: StoredFrame[] = newest.slice(-recentFrames);
  const shared = new Map<FrameEncoding, Map<string, Batch>>();

  function step(since: number, filter: FrameFilter): FrameStep {
    const first = frames[0]!.seq;
    // Up to a round number: those that are behind meet there, and share from then on.
    const at = Math.min(frames.at(-1)!.seq, since - (since % batchFrames) + batchFrames);
    return { frames: frames.slice(since + 1 - first, at + 1 - first).filter(filter.passes), at };
  }

  return {
    covers: (since) => frames.length > 0 && frames[0]!.seq <= since + 1,
    batch(since, filter, encode) {
      const batches = shared.get(encode) ?? new Map<string, Batch>();
      shared.set(encode, batches);
      const key = `${since} ${filter.key}`;
      const made = batches.get(key);
      if (made !== undefined) return made;
      const batch = packed(step(since, filter), encode);
      if (batches.size === sharedBatches) batches.clear();
      batches.set(key, batch);
      return batch;
    },
    push(added) {
      // Frames that were stored without a word leave a gap, which only the ledger can fill.
      if (frames.length > 0 && added.length > 0 && added[0]!.seq !== frames.at(-1)!.seq + 1) frames = [];
      frames.push(...added);
      if (frames.length > recentFrames) frames = frames.slice(-recentFrames);
      shared.clear();
    },
    clear() {
      frames = [];
      shared.clear();
    },
  };
}

/** As much of a step as a batch may hold, at least one frame. */
export function packed({ frames, at }: FrameStep, encode: FrameEncoding): Batch {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const [i, frame] of frames.entries()) {
    const piece = encode(frame);
    if (i > 0 && length + piece.length > batchBytes) return { bytes: Buffer.concat(pieces), at: frames[i - 1]!.seq };
    pieces.push(piece);
    length += piece.length;
  }
  if (pieces.length === 0) return { bytes: null, at };
  return { bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), at };
}
