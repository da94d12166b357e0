import type { Look } from './observer.ts';
import { type Sample, type Sky, sampler } from './pass-steps.ts';

/** A point of a pass. */
export interface PassPoint extends Look {
  readonly timeMs: number;
}

/** From rising over the horizon to setting below it. */
export interface Pass {
  /** Rising (AOS). Null when the satellite was up for a day already before the wanted time. */
  readonly rise: PassPoint | null;
  /** Where the elevation is highest (TCA); where `rise` or `set` is null, of what was searched. */
  readonly highest: PassPoint;
  /** Setting (LOS). Null when it stays up for a day behind the wanted time. */
  readonly set: PassPoint | null;
}

export interface PassQuery extends Sky {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How far outside the wanted time the rising and setting of passes in progress are looked for. */
const REACH_MS = 86_400_000;
const EDGE_TOLERANCE_MS = 10;
const EXTREME_TOLERANCE_MS = 50;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

type Sampler = (timeMs: number) => Sample;

/**
 * All passes of a satellite of which some part is between `fromMs` and `toMs`, in the order of time. While SGP4 has no answer
 * the satellite counts as set. Rising and setting are found within 0.01 s, each on the side where the satellite is up.
 * @throws RangeError for a bad place or bad times
 */
export function findPasses({ fromMs, toMs, ...sky }: PassQuery): Pass[] {
  if (!(Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs <= toMs))
    throw new RangeError(`from ${fromMs} to ${toMs}: two times in order expected`);
  const at = sampler(sky);
  const passes: Pass[] = [];
  let before: Sample | null = null;
  let open: OpenPass | null = null;
  for (const sample of samples(at, fromMs, toMs)) {
    const up = sample.aboveDeg > 0;
    if (up && open === null) {
      const rise: Sample | null = before && edge(at, before, sample);
      open = { rise, highest: sample, hillFromMs: rise?.timeMs ?? sample.timeMs, hillToMs: null };
    } else if (up && open) {
      open.hillToMs ??= sample.timeMs;
      if (sample.elevationDeg > open.highest.elevationDeg)
        Object.assign(open, { highest: sample, hillFromMs: before!.timeMs, hillToMs: null });
    } else if (open) {
      passes.push(closed(at, open, edge(at, before!, sample)));
      open = null;
    }
    before = sample;
  }
  if (open) passes.push(closed(at, open, null));
  return passes.filter((pass) => (pass.set?.timeMs ?? toMs) >= fromMs && (pass.rise?.timeMs ?? fromMs) <= toMs);
}

interface OpenPass {
  readonly rise: Sample | null;
  /** The highest sample so far, and the times of those before and behind it. */
  highest: Sample;
  hillFromMs: number;
  hillToMs: number | null;
}

function closed(at: Sampler, { rise, highest, hillFromMs, hillToMs }: OpenPass, set: Sample | null): Pass {
  const toMs = hillToMs ?? set?.timeMs ?? highest.timeMs;
  const refined = extreme(at, hillFromMs, toMs, (s) => s.elevationDeg);
  let best = highest;
  for (const other of [refined, rise, set]) if (other && other.elevationDeg > best.elevationDeg) best = other;
  return { rise: rise && point(rise), highest: point(best), set: set && point(set) };
}

function point({ timeMs, look }: Sample): PassPoint {
  return { timeMs, ...look! };
}

/** The samples from before `fromMs` to behind `toMs`, further where a pass is in progress, with the extremes that hide between. */
function* samples(at: Sampler, fromMs: number, toMs: number): Generator<Sample> {
  const first = firstSample(at, fromMs);
  const lastMs = toMs + REACH_MS;
  let before: Sample | null = null;
  let last = first;
  while (last.timeMs <= toMs || (last.aboveDeg > 0 && last.timeMs < lastMs)) {
    const next = at(Math.min(lastMs, last.timeMs + last.stepMs));
    const hidden = before && hiddenExtreme(at, before, last, next);
    if (hidden && hidden.timeMs < last.timeMs) yield hidden;
    yield last;
    if (hidden && hidden.timeMs > last.timeMs) yield hidden;
    before = last;
    last = next;
  }
  yield last;
}

/** One step before `fromMs`, or where a pass in progress rose, at most a day before. */
function firstSample(at: Sampler, fromMs: number): Sample {
  const limitMs = fromMs - REACH_MS;
  let sample = at(fromMs);
  do {
    sample = at(Math.max(limitMs, sample.timeMs - sample.stepMs));
  } while (sample.aboveDeg > 0 && sample.timeMs > limitMs);
  return sample;
}

/** A glimpse between samples below the horizon, or a gap between samples above it; null when there is none. */
function hiddenExtreme(at: Sampler, a: Sample, b: Sample, c: Sample): Sample | null {
  const up = b.aboveDeg > 0;
  if (!b.near || a.aboveDeg > 0 !== up || c.aboveDeg > 0 !== up) return null;
  const sign = up ? -1 : 1;
  if (sign * (b.aboveDeg - a.aboveDeg) < 0 || sign * (b.aboveDeg - c.aboveDeg) < 0) return null;
  const found = extreme(at, a.timeMs, c.timeMs, (s) => sign * s.aboveDeg);
  return found.aboveDeg > 0 === up ? null : found;
}

/** Where the satellite crosses the horizon between two samples: the sample on the side where it is up. */
function edge(at: Sampler, a: Sample, b: Sample): Sample {
  let low = a;
  let high = b;
  while (high.timeMs - low.timeMs > EDGE_TOLERANCE_MS) {
    const middle = at((low.timeMs + high.timeMs) / 2);
    if (middle.aboveDeg > 0 === b.aboveDeg > 0) high = middle;
    else low = middle;
  }
  return b.aboveDeg > 0 ? high : low;
}

/** Golden section: the sample between two times where `value` is highest, for a single hill. */
function extreme(at: Sampler, fromMs: number, toMs: number, value: (s: Sample) => number): Sample {
  let low = fromMs;
  let high = toMs;
  let c = at(high - GOLDEN * (high - low));
  let d = at(low + GOLDEN * (high - low));
  while (high - low > EXTREME_TOLERANCE_MS) {
    if (value(c) >= value(d)) {
      high = d.timeMs;
      d = c;
      c = at(high - GOLDEN * (high - low));
    } else {
      low = c.timeMs;
      c = d;
      d = at(low + GOLDEN * (high - low));
    }
  }
  return value(c) >= value(d) ? c : d;
}
