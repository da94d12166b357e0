import { useState } from 'preact/hooks';
import type { TrackReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { useRepeated } from '../parts/use-repeated.ts';
import { tracking } from '../station.ts';

/** Where a satellite is, or why that is not known; null: it has no elements. */
export type Position = TrackReport | { readonly reason: string } | null;

const everyMs = 10_000;

/** Where satellites are: those in view every second, the others every ten or so. @param key their numbers, with commas */
export function usePositions(key: string): ReadonlyMap<number, Position> {
  const [positions, setPositions] = useState<ReadonlyMap<number, Position>>(new Map());
  useRepeated(
    async (signal) => {
      const found = new Map<number, Position>();
      for (const norad of key === '' ? [] : key.split(',').map(Number)) {
        const position = await get<TrackReport>(`track/${norad}`, signal).catch((error: Error) => ({
          reason: error.message,
        }));
        if (signal.aborted) return;
        found.set(norad, position);
      }
      setPositions(found);
    },
    everyMs,
    [key],
  );
  const newest = new Map(positions);
  for (const view of tracking.value?.in_view ?? []) if (newest.has(view.norad)) newest.set(view.norad, view);
  return newest;
}
