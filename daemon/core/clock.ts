/** The daemon's one clock. Everything that needs a time is handed this; tests hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May step when the system's clock is set. */
  now(): number;
  /** Milliseconds that only ever go forward, since the computer's start; for durations. */
  monotonic(): number;
}

/** A clock that reads earlier was never set. */
export const earliestPlausibleMs = Date.UTC(2020, 0, 1);

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not performance.now(), which begins with the process: times of one process are corrected in the next.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
};

/** Timers as a value: tests, and a station that plays a day fast, have their own. */
export interface Timers {
  /** Calls `then` once after `ms`; gives a function that prevents it. */
  after(ms: number, then: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** A timer that comes so late tells that the program was held up: the other side may have spoken, and nobody have listened. */
const heldUpMs = 100;

/** Calls `then` when the other side was silent for `ms`; once more as long where that can't be told. Gives what prevents it. */
export function afterSilence(
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  ms: number,
  then: () => void,
): () => void {
  const dueMs = clock.monotonic() + ms;
  let cancel = timers.after(ms, () => {
    if (clock.monotonic() - dueMs < heldUpMs) then();
    else cancel = timers.after(ms, then);
  });
  return () => cancel();
}
