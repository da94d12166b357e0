import { computed, signal } from '@preact/signals';
import type { FramesPage, StoredFrame } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { frames, status } from '../station.ts';
import { pageFrames } from './search.ts';

/** So many frames are held in this tab; the newest. */
export const mostLoaded = 10_000;

export const ledger = computed(() => status.value?.ledger.id ?? null);
/** Older than those that the page holds all the time, and right before them. */
const older = signal<{ readonly ledger: string | null; readonly frames: readonly StoredFrame[] }>({
  ledger: null,
  frames: [],
});
export const loadingOlder = signal(false);
/** No older frame is there. */
export const atOldest = signal(false);

/** The newest last. */
export const loaded = computed<readonly StoredFrame[]>(() => {
  const before = older.value;
  if (before.frames.length === 0 || before.ledger !== ledger.value) return frames.value;
  return [...before.frames, ...frames.value].slice(-mostLoaded);
});

/** Fetches the page of frames before the oldest one. */
export async function loadOlder(): Promise<void> {
  const all = loaded.peek();
  const first = all[0]?.seq;
  if (first === undefined || loadingOlder.peek() || atOldest.peek() || all.length >= mostLoaded) return;
  loadingOlder.value = true;
  try {
    const of = ledger.peek();
    const page = await get<FramesPage>(`frames?since=${Math.max(0, first - 1 - pageFrames)}&limit=${pageFrames}`);
    const fresh = page.frames.filter(({ seq }) => seq < first);
    if (of !== ledger.peek() || loaded.peek()[0]?.seq !== first) return;
    if (fresh.length === 0 || first - 1 <= pageFrames) atOldest.value = true;
    older.value = { ledger: of, frames: [...fresh, ...(older.peek().ledger === of ? older.peek().frames : [])] };
  } catch {
    // The page tells that the station does not answer; scrolling asks again.
  } finally {
    loadingOlder.value = false;
  }
}

/** Lets go of older frames: the list is left. */
export function forgetOlder(): void {
  older.value = { ledger: null, frames: [] };
  atOldest.value = false;
}
