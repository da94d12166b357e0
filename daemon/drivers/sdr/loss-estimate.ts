/**
 * Samples that a radio without sequence numbers must have lost: those that the clock says should have come, less those that
 * came. Arrival is only ever late, so in each window the smallest deficit counts; a deficit that grows from window to
 * window faster than a clock error can make it is a loss.
 */
export interface LossEstimate {
  /** `samples` arrived by now in all; gives the samples newly found missing (mostly 0). */
  arrived(samples: number, nowMs: number): number;
  /** A new connection: nothing before counts. */
  restart(): void;
}

const WINDOW_MS = 5000;
/** Dongle and computer clocks together are better than this. */
const CLOCK_ERROR = 300e-6;
/** Deficits below this are jitter of the arrival. */
const JITTER_MS = 10;

export function lossEstimate(sampleRate: () => number): LossEstimate {
  let start: { samples: number; ms: number } | null = null;
  let windowEnd = 0;
  let least = 0;
  let known: number | null = null; // deficit already explained
  return {
    arrived(samples, nowMs) {
      if (!start) {
        start = { samples, ms: nowMs };
        windowEnd = nowMs + WINDOW_MS;
        least = Number.POSITIVE_INFINITY;
        known = null;
        return 0;
      }
      const rate = sampleRate();
      least = Math.min(least, ((nowMs - start.ms) / 1000) * rate - (samples - start.samples));
      if (nowMs < windowEnd) return 0;
      const windowMs = nowMs - windowEnd + WINDOW_MS;
      const allowed = (CLOCK_ERROR * windowMs + JITTER_MS) * (rate / 1000);
      const lost = known === null || least - known <= allowed ? 0 : Math.round(least - known);
      known = least;
      windowEnd = nowMs + WINDOW_MS;
      least = Number.POSITIVE_INFINITY;
      return lost;
    },
    restart() {
      start = null;
    },
  };
}
