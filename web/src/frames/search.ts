import type { FramesPage, StoredFrame } from '../../../daemon/api/wire.ts';
import { everyFrame, type FrameWish, frameFilter } from './filter.ts';

/** So many frames of one answer. */
export const pageFrames = 500;
/** Numbers looked through at once where the station picks the frames out itself. */
const widest = 8000;

export interface SearchStep {
  /** Those that fit, the newest last; all older than those of the step before. */
  readonly frames: readonly StoredFrame[];
  /** Every frame from this number on was looked at. */
  readonly searchedTo: number;
}

export const isEveryFrame = (wish: FrameWish): boolean => JSON.stringify(wish) === JSON.stringify(everyFrame);

/**
 * Goes back through the ledger for frames that fit. The API reads forwards: each step is a span of numbers before the
 * last one. Spans grow where the station filters by satellite or simulation, since few frames come back then.
 * @param before the first frame that was looked at already
 */
export async function* searchBack(
  ask: (path: string) => Promise<FramesPage>,
  wish: FrameWish,
  before: number,
): AsyncGenerator<SearchStep, void, void> {
  const matches = frameFilter(wish);
  if (matches === null) return;
  const query = queryOf(wish);
  let width = pageFrames;
  for (let end = before; end > 1; ) {
    const first = Math.max(1, end - width);
    const frames: StoredFrame[] = [];
    for (let since = first - 1; since < end - 1; ) {
      const page = await ask(`frames?since=${since}&limit=${pageFrames}${query}`);
      frames.push(...page.frames.filter((frame) => frame.seq < end && matches(frame)));
      // Frames that are no longer kept: none is older.
      if (query === '' && (page.frames[0]?.seq ?? end) >= end) return;
      if (page.frames.length === 0 || page.next <= since) break;
      since = page.next;
    }
    end = first;
    yield { frames, searchedTo: first };
    if (query !== '') width = Math.min(2 * width, widest);
  }
}

function queryOf({ satellite, simulated }: FrameWish): string {
  const ofSatellite = satellite === null ? '' : `&satellite=${encodeURIComponent(satellite)}`;
  return ofSatellite + (simulated === 'all' ? '' : `&simulated=${simulated === 'only'}`);
}
