import type { Clock, Timers } from '../../core/clock.ts';
import { pause } from './deps.ts';

/** Lets a made-up stream run at the pace of a real one. */
export interface Pacer {
  /** Waits until sample `end` would be complete; gives how late that is, in ms (0 when in time). */
  wait(end: number, signal: AbortSignal): Promise<number>;
  /** From here on: sample `at` is due now. */
  restart(at: number): void;
}

export function makePacer(sampleRate: () => number, deps: { clock: Clock; timers: Timers }): Pacer {
  let sample = 0;
  let startMs: number | null = null;
  return {
    async wait(end, signal) {
      startMs ??= deps.clock.monotonic();
      const dueMs = startMs + ((end - sample) / sampleRate()) * 1000;
      const early = dueMs - deps.clock.monotonic();
      if (early > 0) await pause(deps.timers, early, signal);
      return Math.max(0, -early);
    },
    restart(at) {
      sample = at;
      startMs = deps.clock.monotonic();
    },
  };
}
