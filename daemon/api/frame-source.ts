import type { FrameFilter } from './frame-filter.ts';
import type { StoredFrame } from './wire.ts';

/** What the API needs of the ledger. */
export interface FrameSource {
  lastSeq(): number;
  /** Frames with since < seq ≤ upTo that have one of these satellites and are simulated or not, in order. */
  frames(query: {
    since: number;
    limit: number;
    upTo?: number | undefined;
    satellite?: readonly string[] | undefined;
    simulated?: boolean | undefined;
  }): StoredFrame[];
}

/** Frames, and the seq up to which there are no others that the filter lets through. */
export interface FrameStep {
  readonly frames: readonly StoredFrame[];
  readonly at: number;
}

/** Frames that one step looks through at most: some 2 ms where none of them is wanted. */
const framesPerStep = 4096;

/** One step through the ledger from `since` towards `newest`. It is short however few frames the filter lets through. */
export function readOn(
  source: FrameSource,
  since: number,
  newest: number,
  filter: FrameFilter,
  limit: number,
): FrameStep {
  const upTo = Math.min(newest, since + framesPerStep);
  const frames = source.frames({ since, upTo, limit, ...filter.wanted });
  return { frames, at: frames.length === limit ? frames.at(-1)!.seq : Math.max(since, upTo) };
}
