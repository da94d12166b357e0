import { useState } from 'preact/hooks';
import { get } from '../api.ts';
import { useRepeated } from './use-repeated.ts';

export interface Resource<T> {
  /** Null until the first answer; what was answered stays while the station is away. */
  readonly value: T | null;
  /** What went wrong last; null when nothing did. */
  readonly error: string | null;
  /** Asks again at once. */
  readonly reload: () => void;
}

/** What the station answers at a path, asked again and again while it is looked at. @param path null: nothing is asked */
export function useResource<T>(path: string | null, everyMs: number | null = null): Resource<T> {
  const [answer, setAnswer] = useState<{ path: string; value: T | null; error: string | null } | null>(null);
  // Counted up by `reload`.
  const [round, setRound] = useState(0);
  useRepeated(
    async (signal) => {
      if (path === null) return;
      try {
        const value = await get<T>(path, signal);
        if (!signal.aborted) setAnswer({ path, value, error: null });
      } catch (error) {
        if (signal.aborted) return;
        const text = (error as Error).message;
        setAnswer((before) => ({ path, value: before?.path === path ? before.value : null, error: text }));
      }
    },
    everyMs,
    [path, round],
  );
  const current = answer !== null && answer.path === path ? answer : null;
  return {
    value: current?.value ?? null,
    error: current?.error ?? null,
    reload: () => setRound((before) => before + 1),
  };
}
