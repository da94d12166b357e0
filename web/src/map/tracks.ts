import { useState } from 'preact/hooks';
import type { GroundReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { useRepeated } from '../parts/use-repeated.ts';

const everyMs = 120_000;

/** Ground tracks, from an orbit ago to the end of the next. @param key numbers of the satellites, with commas */
export function useTracks(key: string): readonly GroundReport[] {
  const [tracks, setTracks] = useState<readonly GroundReport[]>([]);
  useRepeated(
    async (signal) => {
      const found: GroundReport[] = [];
      for (const norad of key === '' ? [] : key.split(',')) {
        // Why a satellite has none is told by its position.
        const track = await get<GroundReport>(`track/${norad}/ground`, signal).catch(() => null);
        if (signal.aborted) return;
        if (track !== null) found.push(track);
      }
      setTracks(found);
    },
    everyMs,
    [key],
  );
  return tracks;
}
