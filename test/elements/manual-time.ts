import type { Clock, Timers } from '../../daemon/core/clock.ts';

/** Time that passes only when told to; the time of day can be set apart from it, as by NTP. */
export function manualTime(startIso: string) {
  let elapsed = 0;
  let wallAtZero = Date.parse(startIso);
  let waiting: { at: number; then: () => void }[] = [];
  const clock: Clock = { now: () => wallAtZero + elapsed, monotonic: () => elapsed };
  const timers: Timers = {
    after(ms, then) {
      const entry = { at: elapsed + ms, then };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
  };
  return {
    clock,
    timers,
    setWall(iso: string) {
      wallAtZero = Date.parse(iso) - elapsed;
    },
    /** Lets time pass; `between` is awaited after every timer that fires, so that what it began can end. */
    async advance(ms: number, between: () => Promise<void> = async () => {}) {
      const end = elapsed + ms;
      for (;;) {
        waiting.sort((a, b) => a.at - b.at);
        const next = waiting[0];
        if (next === undefined || next.at > end) break;
        waiting.shift();
        elapsed = Math.max(elapsed, next.at);
        next.then();
        await between();
      }
      elapsed = end;
    },
  };
}
