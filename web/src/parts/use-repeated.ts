import { useEffect } from 'preact/hooks';

/**
 * Does something at once and, with `everyMs`, again so long after it was done, as long as the view is shown: not while the tab is
 * hidden, and at once when it is looked at again.
 * @param ask never rejects; its signal is aborted when the view is left
 * @param inputs what it depends on: it begins anew when they change
 */
export function useRepeated(
  ask: (signal: AbortSignal) => Promise<void>,
  everyMs: number | null,
  inputs: readonly unknown[],
): void {
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    async function again(): Promise<void> {
      clearTimeout(timer);
      if (asking || leaving.signal.aborted) return;
      asking = true;
      await ask(leaving.signal);
      asking = false;
      if (everyMs !== null && !leaving.signal.aborted) timer = setTimeout(next, everyMs);
    }
    function next(): void {
      if (!document.hidden) void again();
    }
    void again();
    if (everyMs !== null) document.addEventListener('visibilitychange', next);
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', next);
    };
  }, [everyMs, ...inputs]);
}
