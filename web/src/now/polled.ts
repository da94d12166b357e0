import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api.ts';

/** An answer of the station, asked for anew as long as the view is shown and the tab is looked at; null until there is one. */
export function usePolled<T>(path: string | null, everyMs: number): Signal<T | null> {
  const answer = useSignal<T | null>(null);
  useEffect(() => {
    answer.value = null;
    if (path === null) return;
    const end = new AbortController();
    const ask = () => {
      if (document.hidden) return;
      get<T>(path, AbortSignal.any([end.signal, AbortSignal.timeout(5000)])).then(
        (given) => {
          answer.value = given;
        },
        () => {
          // The page tells how long ago the station was heard; the old answer stays.
        },
      );
    };
    ask();
    const timer = setInterval(ask, everyMs);
    document.addEventListener('visibilitychange', ask);
    return () => {
      end.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [path, everyMs]);
  return answer;
}
