import type { StoredFrame } from './wire.ts';

/** What the API needs of the ledger. */
export interface FrameSource {
  lastSeq(): number;
  /** Frames with seq > since, in order. */
  frames(query: { since: number; limit: number; satellite?: string | undefined }): StoredFrame[];
}
