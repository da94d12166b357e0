/** The daemon's one clock. Everything that needs a time is handed this; tests hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May step when the system's clock is set. */
  now(): number;
  /** Milliseconds that only ever go forward; for durations. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
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
