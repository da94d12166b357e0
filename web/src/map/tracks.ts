import { useEffect, useState } from 'preact/hooks';
import type { GroundReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';

const everyMs = 120_000;

/** Ground tracks, from an orbit ago to the end of the next. @param key numbers of the satellites, with commas */
export function useTracks(key: string): readonly GroundReport[] {
  const [tracks, setTracks] = useState<readonly GroundReport[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      const found: GroundReport[] = [];
      for (const norad of key === '' ? [] : key.split(',')) {
        // Why a satellite has none is told by its position.
        const track = await get<GroundReport>(`track/${norad}/ground`, leaving.signal).catch(() => null);
        if (leaving.signal.aborted) return;
        if (track !== null) found.push(track);
      }
      setTracks(found);
      timer = setTimeout(() => void ask(), everyMs);
    }
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [key]);
  return tracks;
}
