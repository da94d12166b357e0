import { useEffect, useRef, useState } from 'preact/hooks';
import type { FramesPage, StoredFrame } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import type { FrameWish } from './filter.ts';
import { mostLoaded } from './loaded.ts';
import { isEveryFrame, searchBack } from './search.ts';

/** Fills the list, and some to scroll through. */
const enoughRows = 100;
/** One go; then the reader is asked. */
const mostSteps = 40;
/** A reader who types is let finish. */
const waitMs = 250;

export interface FrameSearch {
  /** `full`: enough was found for now; `paused`: by the reader, or after many pages; `through`: nothing older is left. */
  readonly state: 'none' | 'searching' | 'full' | 'paused' | 'through' | 'failed';
  /** Older than the loaded frames, the newest last. */
  readonly found: readonly StoredFrame[];
  readonly searchedTo: number | null;
  readonly error: string | null;
}

const none: FrameSearch = { state: 'none', found: [], searchedTo: null, error: null };

/**
 * Looks for frames that fit among those that are not loaded.
 * @param before the oldest loaded frame; null: none is loaded @param fitting so many loaded ones fit
 */
export function useSearch(wish: FrameWish, ledger: string | null, before: number | null, fitting: number) {
  const key = isEveryFrame(wish) || before === null ? null : `${ledger} ${JSON.stringify(wish)}`;
  const [kept, setKept] = useState({ key, search: none });
  const latest = useRef({ key, search: none });
  const [round, setRound] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const search = kept.key === key ? kept.search : none;
  // The loaded ones fill the list: the search waits until its end is in view.
  const waits = search.state === 'none' && fitting >= enoughRows && round === 0;

  useEffect(() => setRound(0), [key]);
  useEffect(() => {
    if (key === null || before === null || waits) return;
    const leaving = new AbortController();
    stop.current = leaving;
    let now = latest.current.key === key ? latest.current.search : none;
    const tell = (change: Partial<FrameSearch>) => {
      now = { ...now, ...change };
      latest.current = { key, search: now };
      setKept(latest.current);
    };
    async function go(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, round === 0 ? waitMs : 0));
      if (leaving.signal.aborted) return;
      tell({ state: 'searching', error: null });
      const ask = (path: string) => get<FramesPage>(path, leaving.signal);
      const wanted = now.found.length + enoughRows - (round === 0 ? fitting : 0);
      let steps = 0;
      try {
        for await (const { frames, searchedTo } of searchBack(ask, wish, now.searchedTo ?? before!)) {
          if (leaving.signal.aborted) return;
          tell({ found: [...frames, ...now.found].slice(-mostLoaded), searchedTo });
          if (now.found.length >= wanted && searchedTo > 1) return tell({ state: 'full' });
          if (++steps >= mostSteps && searchedTo > 1) return tell({ state: 'paused' });
        }
        tell({ state: 'through' });
      } catch (error) {
        if (!leaving.signal.aborted) tell({ state: 'failed', error: (error as Error).message });
      }
    }
    void go();
    return () => leaving.abort();
    // `fitting` and `before` count when a search begins.
  }, [key, round, waits]);

  return {
    search,
    more: () => setRound((last) => last + 1),
    stop: () => {
      stop.current?.abort();
      latest.current = { key, search: { ...latest.current.search, state: 'paused' } };
      setKept(latest.current);
    },
  };
}
