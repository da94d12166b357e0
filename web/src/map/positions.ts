import { useEffect, useState } from 'preact/hooks';
import type { TrackReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { tracking } from '../station.ts';

/** Where a satellite is, or why that is not known. */
export type Position = TrackReport | { readonly reason: string };

const everyMs = 10_000;

/** Where satellites are: those in view every second, the others every ten or so. @param key their numbers, with commas */
export function usePositions(key: string): ReadonlyMap<number, Position> {
  const [positions, setPositions] = useState<ReadonlyMap<number, Position>>(new Map());
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      const found = new Map<number, Position>();
      for (const norad of key === '' ? [] : key.split(',').map(Number)) {
        const position = await get<TrackReport>(`track/${norad}`, leaving.signal).catch((error: Error) => ({
          reason: error.message,
        }));
        if (leaving.signal.aborted) return;
        found.set(norad, position);
      }
      setPositions(found);
      timer = setTimeout(() => void ask(), everyMs);
    }
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [key]);
  const newest = new Map(positions);
  for (const view of tracking.value?.in_view ?? []) if (newest.has(view.norad)) newest.set(view.norad, view);
  return newest;
}
