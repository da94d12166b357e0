import type { LiveSource } from './api/live-stream.ts';
import type { Clock } from './core/clock.ts';
import type { LiveFeed } from './receiver/live-feed.ts';

/** The captures under way, one an SDR, for those who look. */
export interface LiveFeeds extends LiveSource {
  open(sdr: string, feed: LiveFeed): void;
  /** @param reason why it receives nothing, or shows nothing */
  close(sdr: string, reason: string): void;
}

/** @param sdrs all there are, with why they do not receive yet */
export function makeLiveFeeds(
  sdrs: readonly { readonly id: string; readonly reason: string }[],
  clock: Clock,
): LiveFeeds {
  const states = new Map<string, ReturnType<LiveSource['of']>>(sdrs.map(({ id, reason }) => [id, { reason }]));
  const listeners = new Set<(sdr: string) => void>();
  let captures = 0;

  function set(sdr: string, state: ReturnType<LiveSource['of']>): void {
    states.set(sdr, state);
    for (const listener of listeners) listener(sdr);
  }

  return {
    of: (sdr) => states.get(sdr) ?? { reason: `there is no SDR '${sdr.slice(0, 60)}': its id is in /api/status` },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now: () => clock.now(),
    open: (sdr, feed) => set(sdr, { capture: ++captures, feed }),
    close: (sdr, reason) => set(sdr, { reason }),
  };
}
