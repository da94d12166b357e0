/**
 * From sample numbers to UTC. A source without a start time of its own (a radio) is timed by the arrival of its buffers:
 * a buffer can arrive late but never early, so the least late buffer of a window tells the sample clock's error (a dongle
 * 50 ppm off would be 4 s a day wrong without it). A file with a start time is timed by its samples alone, at any speed.
 */
export interface Timeline {
  /** A buffer of `samples` arrived at `nowMs`. Call for every buffer, in order, before anybody reads it. */
  arrived(buffer: { firstSample: number; samples: number; gap: boolean }, nowMs: number): void;
  /** Milliseconds since the epoch of a sample, or null when nothing tells it. */
  readonly timeOf: TimeOfSample;
}

export type TimeOfSample = (sample: number) => number | null;

/** The anchors of a timeline, which another thread can read. Goes through workerData as it is. */
export type TimelineMemory = SharedArrayBuffer;

const windowSeconds = 60;
/** Arrival jitter of a network or a busy machine is not corrected, a clock error above it is. */
const toleranceMs = 5;
/** Frames come some seconds late at most; older anchors are never asked for. */
const anchorsKept = 256;
/** Before the anchors (sample and time, float64 each): how many were set so far. */
const headBytes = 8;

export function makeTimelineMemory(): TimelineMemory {
  return new SharedArrayBuffer(headBytes + 16 * anchorsKept);
}

/**
 * What a timeline knows, in whichever thread. An anchor is written before it is counted, and overwritten only 255 anchors
 * later, so that a reader never sees half of one.
 */
export function readTimeline(memory: TimelineMemory, sampleRate: number): TimeOfSample {
  const counter = new Int32Array(memory, 0, 1);
  const anchors = new Float64Array(memory, headBytes);
  return (sample) => {
    const count = Atomics.load(counter, 0);
    if (count === 0) return null;
    const oldest = Math.max(0, count - anchorsKept + 1);
    let i = count - 1;
    while (i > oldest && anchors[2 * (i % anchorsKept)]! > sample) i--;
    const at = 2 * (i % anchorsKept);
    return anchors[at + 1]! + ((sample - anchors[at]!) / sampleRate) * 1000;
  };
}

/** @param startMs time of sample 0: a number (known), null (unknown, stays unknown), or 'arrival' (a radio). */
export function makeTimeline(
  sampleRate: number,
  startMs: number | null | 'arrival',
  memory: TimelineMemory = makeTimelineMemory(),
): Timeline {
  const counter = new Int32Array(memory, 0, 1);
  const anchors = new Float64Array(memory, headBytes);
  const timeOf = readTimeline(memory, sampleRate);
  const windowSamples = windowSeconds * sampleRate;
  let windowStart = 0;
  let leastLateMs = Number.POSITIVE_INFINITY;
  let set = 0;

  function anchor(sample: number, timeMs: number): void {
    const at = 2 * (set % anchorsKept);
    anchors[at] = sample;
    anchors[at + 1] = timeMs;
    Atomics.store(counter, 0, ++set);
    windowStart = sample;
    leastLateMs = Number.POSITIVE_INFINITY;
  }

  if (typeof startMs === 'number') anchor(0, startMs);
  return {
    timeOf,
    arrived({ firstSample, samples, gap }, nowMs) {
      if (startMs !== 'arrival') return;
      const end = firstSample + samples;
      const arrivalOfFirst = nowMs - (samples / sampleRate) * 1000;
      if (gap || set === 0) {
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
