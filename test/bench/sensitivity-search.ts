/** Finds the Eb/N0 at which half and a tenth of the frames are lost. */
import type { Pair } from './sensitivity-rows.ts';

/** A measured share of lost frames. */
export interface Sample {
  readonly ebn0Db: number;
  readonly frameError: number;
  readonly sent: number;
}

const targets = [0.5, 0.1] as const;
/** Beyond this a curve is taken not to get there. */
const MAX_DB = 24;
const MIN_DB = -3;
/** Farthest step while a target is not bracketed yet, dB. */
const MAX_STEP_DB = 3;
const GRID_DB = 0.05;

/** Where to measure next so that the targets lie between points not farther than `stepDb` apart; null when they do. */
export function nextEbn0Db(
  samples: readonly Sample[],
  startDb: number,
  stepDb: number,
  wanted: readonly number[] = targets,
): number | null {
  if (samples.length === 0) return onGrid(startDb);
  const lowest = Math.min(...samples.map((s) => s.ebn0Db));
  const highest = Math.max(...samples.map((s) => s.ebn0Db));
  const farther = Math.min(MAX_STEP_DB, Math.max(stepDb, highest - lowest));
  for (const target of wanted) {
    const [below, above] = bracket(samples, target);
    if (!above && highest < MAX_DB) return Math.min(MAX_DB, onGrid(highest + farther));
    if (!below && lowest > MIN_DB) return onGrid(lowest - farther);
    if (below && above && above.ebn0Db - below.ebn0Db > stepDb + GRID_DB / 2)
      return onGrid((below.ebn0Db + above.ebn0Db) / 2);
  }
  return null;
}

/** Eb/N0 at 50 % and 10 % by interpolation, null where a curve does not get there. */
export function thresholds(samples: readonly Sample[]): readonly [number | null, number | null] {
  return [crossing(samples, targets[0]), crossing(samples, targets[1])];
}

function crossing(samples: readonly Sample[], target: number): number | null {
  const [below, above] = bracket(samples, target);
  if (!below || !above) return null;
  const from = logit(below);
  const share = (from - Math.log(target / (1 - target))) / (from - logit(above));
  return below.ebn0Db + share * (above.ebn0Db - below.ebn0Db);
}

/** Where half of the frames are lost, by a logistic curve through all points. */
export interface HalfLost {
  readonly ebn0Db: number;
  /** Fall of the log odds of a loss, per dB. */
  readonly slope: number;
  /** Standard deviation of `ebn0Db` if the points were independent. */
  readonly errorDb: number;
}

/** Flattest and steepest curve that is believed: noise in the counts must not make a fit that is neither. */
const slopes = [0.5, 12] as const;

/** The likeliest logistic curve: weighted least squares of the log odds, weights of the binomial distribution. */
export function fitCurve(samples: readonly Sample[]): HalfLost {
  let w = 0;
  let wx = 0;
  let wy = 0;
  let wxx = 0;
  let wxy = 0;
  for (const sample of samples) {
    const y = logit(sample);
    const p = 1 / (1 + Math.exp(-y));
    const weight = sample.sent * p * (1 - p);
    w += weight;
    wx += weight * sample.ebn0Db;
    wy += weight * y;
    wxx += weight * sample.ebn0Db ** 2;
    wxy += weight * sample.ebn0Db * y;
  }
  const spread = wxx - wx ** 2 / w;
  const fitted = spread > 0 ? -(wxy - (wx * wy) / w) / spread : 0;
  const slope = Math.max(slopes[0], Math.min(slopes[1], fitted));
  return { ebn0Db: (wx + wy / slope) / w, slope, errorDb: 1 / (slope * Math.sqrt(w)) };
}

/** The last point worse than the target and the one above it. */
function bracket(samples: readonly Sample[], target: number): readonly [Sample | undefined, Sample | undefined] {
  const ordered = [...samples].sort((a, b) => a.ebn0Db - b.ebn0Db);
  const below = ordered.findLast((s) => s.frameError > target);
  const above = ordered.find((s) => s.frameError <= target && (!below || s.ebn0Db > below.ebn0Db));
  return [below, above];
}

/** Log odds of a loss; no frame or all frames lost count as half a frame. */
export function logit({ frameError, sent }: Sample): number {
  const p = Math.min(1 - 0.5 / sent, Math.max(0.5 / sent, frameError));
  return Math.log(p / (1 - p));
}

function onGrid(db: number): number {
  return Math.round(db / GRID_DB) * GRID_DB;
}

export function formatPair(pair: Pair | readonly [number | null, number | null] | null, digits = 2): string {
  if (!pair) return '–';
  return pair.map((db) => (db === null ? 'never' : db.toFixed(digits))).join(' / ');
}
