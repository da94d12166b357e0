import type { Clock, Timers } from '../../daemon/core/clock.ts';

export interface FastTime {
  readonly clock: Clock;
  readonly timers: Timers;
}

/** A clock and timers that go `speed` times faster than the real ones, from `fromMs` on. */
export function fastTime(speed: number, fromMs = Date.now()): FastTime {
  const startMs = performance.now();
  const gone = () => (performance.now() - startMs) * speed;
  return {
    clock: { now: () => fromMs + gone(), monotonic: gone },
    timers: {
      after(ms, then) {
        const timer = setTimeout(then, ms / speed);
        return () => clearTimeout(timer);
      },
    },
  };
}
