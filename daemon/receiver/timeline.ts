/**
 * From sample numbers to UTC. A source without a start time of its own (a radio) is timed by the arrival of its buffers:
 * a buffer can arrive late but never early, so the least late buffer of a window tells the sample clock's error (a dongle
 * 50 ppm off would be 4 s a day wrong without it). A file with a start time is timed by its samples alone, at any speed.
 */
export interface Timeline {
  /** A buffer of `samples` arrived at `nowMs`. Call for every buffer, in order. */
  arrived(buffer: { firstSample: number; samples: number; gap: boolean }, nowMs: number): void;
  /** Milliseconds since the epoch of a sample, or null when nothing tells it. */
  timeOf(sample: number): number | null;
}

interface Anchor {
  readonly sample: number;
  readonly timeMs: number;
}

const windowSeconds = 60;
/** Arrival jitter of a network or a busy machine is not corrected, a clock error above it is. */
const toleranceMs = 5;
/** Frames come some seconds late at most; older anchors are never asked for. */
const anchorsKept = 256;

/** @param startMs time of sample 0: a number (known), null (unknown, stays unknown), or 'arrival' (a radio). */
export function makeTimeline(sampleRate: number, startMs: number | null | 'arrival'): Timeline {
  const anchors: Anchor[] = typeof startMs === 'number' ? [{ sample: 0, timeMs: startMs }] : [];
  const windowSamples = windowSeconds * sampleRate;
  let windowStart = 0;
  let leastLateMs = Number.POSITIVE_INFINITY;

  function anchor(sample: number, timeMs: number): void {
    anchors.push({ sample, timeMs });
    if (anchors.length > anchorsKept) anchors.shift();
    windowStart = sample;
    leastLateMs = Number.POSITIVE_INFINITY;
  }

  function timeOf(sample: number): number | null {
    let i = anchors.length - 1;
    while (i > 0 && anchors[i]!.sample > sample) i--;
    const from = anchors[i];
    return from === undefined ? null : from.timeMs + ((sample - from.sample) / sampleRate) * 1000;
  }

  return {
    timeOf,
    arrived({ firstSample, samples, gap }, nowMs) {
      if (startMs !== 'arrival') return;
      const end = firstSample + samples;
      const arrivalOfFirst = nowMs - (samples / sampleRate) * 1000;
      if (gap || anchors.length === 0) {
        anchor(firstSample, arrivalOfFirst);
        return;
      }
      leastLateMs = Math.min(leastLateMs, nowMs - timeOf(end)!);
      if (end - windowStart < windowSamples) return;
      const errorMs = Math.abs(leastLateMs) > toleranceMs ? leastLateMs : 0;
      anchor(end, timeOf(end)! + errorMs);
    },
  };
}
