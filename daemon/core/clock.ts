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

/**
 * As `timers.after`, for those who wait for the other side: what has come from there by then is served first. A program that was
 * held up must not take that for silence.
 */
export function afterServed(timers: Timers, ms: number, then: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const cancel = timers.after(ms, () => {
    turn = setImmediate(then);
  });
  return () => {
    cancel();
    clearImmediate(turn);
  };
}

export const systemTimers: Timers = {
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
