import { useEffect, useState } from 'preact/hooks';
import { get } from '../api.ts';

export interface Resource<T> {
  /** Null until the first answer. */
  readonly value: T | null;
  /** What went wrong last; null when nothing did. */
  readonly error: string | null;
  /** Asks again at once. */
  readonly reload: () => void;
}

/** What the station answers at a path, asked again and again while it is looked at. @param path null: nothing is asked */
export function useResource<T>(path: string | null, everyMs: number | null = null): Resource<T> {
  const [answer, setAnswer] = useState<{ path: string; value: T | null; error: string | null } | null>(null);
  const [round, setRound] = useState(0);
  // Counted up by `reload`.
  useEffect(() => {
    if (path === null) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask(asked: string): Promise<void> {
      try {
        const value = await get<T>(asked, leaving.signal);
        if (leaving.signal.aborted) return;
        setAnswer({ path: asked, value, error: null });
      } catch (error) {
        if (leaving.signal.aborted) return;
        const text = (error as Error).message;
        setAnswer((before) => ({ path: asked, value: before?.path === asked ? before.value : null, error: text }));
      }
      if (everyMs !== null) timer = setTimeout(() => void ask(asked), everyMs);
    }
    void ask(path);
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, round]);
  const current = answer !== null && answer.path === path ? answer : null;
  return {
    value: current?.value ?? null,
    error: current?.error ?? null,
    reload: () => setRound((before) => before + 1),
  };
}
