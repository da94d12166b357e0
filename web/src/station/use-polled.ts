import { useEffect, useState } from 'preact/hooks';
import { get } from '../api.ts';

/** An answer of the station that is asked for again and again; null until it came. */
export function usePolled<T>(path: string, everyMs: number): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    let left = false;
    async function ask(): Promise<void> {
      // A station that is away is told by the page.
      const now = await get<T>(path).catch(() => null);
      if (!left && now !== null) setAnswer(now);
    }
    void ask();
    const timer = setInterval(ask, everyMs);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [path, everyMs]);
  return answer;
}
