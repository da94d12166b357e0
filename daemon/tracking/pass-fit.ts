import { type DopplerCurve, rangeRateAt } from './doppler-curve.ts';
import { SPEED_OF_LIGHT_KM_S } from './observer.ts';

/** A carrier as it was measured, against the prediction. */
export interface CarrierMeasurement {
  /** Middle of the frame, ms since 1970, UTC. */
  readonly timeMs: number;
  /** Measured minus predicted, Hz: what remained behind the Doppler correction by the curve. */
  readonly offsetHz: number;
  /** Where the transmitter was expected, Hz. */
  readonly frequencyHz: number;
  /** Standard deviation of the measurement against that of the others; default 1. */
  readonly sigma?: number;
}

/** How far elements and oscillators were off in a pass. */
export interface PassFit {
  readonly fitted: true;
  /** The satellite comes so much later than predicted; negative is earlier. */
  readonly timeBiasS: number;
  /**
   * The carrier is so much higher than expected: what calibrates this transmitter on this receiver, together with the same in
   * parts per million, which calibrates the receiver as far as the satellite's own oscillator is right.
   */
  readonly frequencyBiasHz: number;
  readonly frequencyBiasPpm: number;
  /** Of the measurements that were used, about the fit. */
  readonly rmsHz: number;
  readonly used: number;
  /** Measurements that don't fit to the others. */
  readonly rejected: number;
  /** Standard deviations, from the scatter of the measurements. */
  readonly sigmaTimeS: number;
  readonly sigmaFrequencyHz: number;
}

export interface NoPassFit {
  readonly fitted: false;
  /**
   * 'too few frames'; 'short arc': the shift changes too evenly over the frames to tell a late satellite from a wrong oscillator;
   * 'out of reach': over a minute early or late; 'no agreement': less than half of the frames agree within a part per million.
   */
  readonly reason: 'too few frames' | 'short arc' | 'out of reach' | 'no agreement';
}

/** Two unknowns, and as many more to see that something is wrong with one. */
export const fewestFrames = 5;
/** Times tried to begin with. */
const REACH_S = 60;
const GRID_S = 1;
/** Beyond it a time bias is not known well enough to be of use: 150 Hz at the fastest change of 437 MHz. */
const MOST_SIGMA_S = 1;
/** Measurements count as scattered by so much at least, Hz: refraction and the turns of the orbit are not in the model. */
const LEAST_SCALE_HZ = 5;
/** Frames that scatter more than so much have nothing in common. */
const MOST_SCALE_PPM = 1;
/** Tukey's biweight has 95 % of the efficiency of least squares on normal errors with this (Beaton and Tukey 1974). */
const BIWEIGHT = 4.685;
/** Median absolute deviation → standard deviation of normal errors. */
const MAD = 1.4826;
/** Used is what lies within so many standard deviations. */
const USED = 3.5;
const ROUNDS = 60;
const LONGEST_STEP_S = 5;
const CONVERGED_S = 1e-5;

interface Point {
  readonly timeMs: number;
  readonly offsetHz: number;
  /** Frequency against the reference, and Hz for a range rate of 1 km/s. */
  readonly ratio: number;
  readonly hzPerKmS: number;
  readonly sigma: number;
  /** Predicted range rate there, km/s. */
  readonly rate: number;
}

/**
 * Fits offset(t) = df − f/c·(rr(t − dt) − rr(t)) to the frames of a pass: dt is how late the satellite is along its track, df how
 * wrong the oscillators are. Robust against a fifth of wrong measurements: starts with the best of all dt by the median
 * deviation, then iterates weighted Gauss-Newton steps with Tukey's biweight and the scale of Rousseeuw and Leroy (Robust
 * Regression and Outlier Detection, 1987, chapter 5), and ends with least squares over all that fit.
 * @param measurements of one satellite in one pass, corrected by `curve`; what is no number is left out
 */
export function fitPass(measurements: readonly CarrierMeasurement[], curve: DopplerCurve): PassFit | NoPassFit {
  const points = pointsOf(measurements, curve);
  if (points.length < fewestFrames) return { fitted: false, reason: 'too few frames' };
  const { dt, df, scale, used } = polish(points, curve, refine(points, curve, bestOfGrid(points, curve)));
  const referenceHz = measurements[0]!.frequencyHz;
  const scattered = scale > MOST_SCALE_PPM * 1e-6 * referenceHz;
  if (scattered || used.length < Math.max(fewestFrames, points.length / 2))
    return { fitted: false, reason: 'no agreement' };
  if (Math.abs(dt) > REACH_S) return { fitted: false, reason: 'out of reach' };
  const [a, b, c] = normalEquations(used, curve, dt, df, () => 1).normal;
  const determinant = a * c - b * b;
  const sigmaTimeS = scale * Math.sqrt(a / determinant);
  if (!(determinant > 0 && sigmaTimeS < MOST_SIGMA_S)) return { fitted: false, reason: 'short arc' };
  const squares = used.reduce((total, point) => total + residual(point, curve, dt, df) ** 2, 0);
  return {
    fitted: true,
    timeBiasS: dt,
    frequencyBiasHz: df,
    frequencyBiasPpm: (df / referenceHz) * 1e6,
    rmsHz: Math.sqrt(squares / used.length),
    used: used.length,
    rejected: points.length - used.length,
    sigmaTimeS,
    sigmaFrequencyHz: scale * Math.sqrt(c / determinant),
  };
}

/** What a fit says the offset of a carrier is at a time, Hz. */
export function fittedOffset(
  { timeBiasS, frequencyBiasHz }: Pick<PassFit, 'timeBiasS' | 'frequencyBiasHz'>,
  curve: DopplerCurve,
  frequencyHz: number,
  timeMs: number,
): number {
  const late = rangeRateAt(curve, timeMs - 1000 * timeBiasS) - rangeRateAt(curve, timeMs);
  return frequencyBiasHz - (frequencyHz / SPEED_OF_LIGHT_KM_S) * late;
}

function pointsOf(measurements: readonly CarrierMeasurement[], curve: DopplerCurve): Point[] {
  const referenceHz = measurements[0]?.frequencyHz ?? 1;
  return measurements
    .map(({ timeMs, offsetHz, frequencyHz, sigma = 1 }) => ({
      timeMs,
      offsetHz,
      ratio: frequencyHz / referenceHz,
      hzPerKmS: frequencyHz / SPEED_OF_LIGHT_KM_S,
      sigma,
      rate: rangeRateAt(curve, timeMs),
    }))
    .filter(({ timeMs, offsetHz, ratio, sigma }) => Number.isFinite(timeMs + offsetHz + ratio + sigma) && sigma > 0);
}

/** What the time alone explains of an offset, Hz. */
function lateness({ timeMs, hzPerKmS, rate }: Point, curve: DopplerCurve, dt: number): number {
  return -hzPerKmS * (rangeRateAt(curve, timeMs - 1000 * dt) - rate);
}

function residual(point: Point, curve: DopplerCurve, dt: number, df: number): number {
  return point.offsetHz - df * point.ratio - lateness(point, curve, dt);
}

interface Estimate {
  readonly dt: number;
  readonly df: number;
}

/** Of all times the one at which the frames agree best on a frequency: by the deviation that two thirds of them keep. */
function bestOfGrid(points: readonly Point[], curve: DopplerCurve): Estimate {
  let best = { dt: 0, df: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (let dt = -REACH_S; dt <= REACH_S; dt += GRID_S) {
    const rest = points.map((point) => (point.offsetHz - lateness(point, curve, dt)) / point.ratio);
    const df = quantile(rest, 0.5);
    const deviation = quantile(
      rest.map((value, i) => Math.abs(value - df) / points[i]!.sigma),
      0.67,
    );
    if (deviation >= least) continue;
    least = deviation;
    best = { dt, df };
  }
  return best;
}

interface Scaled extends Estimate {
  /** Standard deviation of a measurement of sigma 1, Hz. */
  readonly scale: number;
}

function refine(points: readonly Point[], curve: DopplerCurve, start: Estimate): Scaled {
  let at = start;
  let scale = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const deviations = points.map((point) => Math.abs(residual(point, curve, at.dt, at.df)) / point.sigma);
    scale = Math.max(LEAST_SCALE_HZ, MAD * (1 + 5 / (points.length - 2)) * quantile(deviations, 0.5));
    const before = at.dt;
    at = step(points, curve, at, (deviation) => {
      const u = deviation / (BIWEIGHT * scale);
      return u < 1 ? (1 - u * u) ** 2 : 0;
    });
    if (round > 2 && Math.abs(at.dt - before) < CONVERGED_S) break;
  }
  return { ...at, scale };
}

/** A few frames that agree by chance can pull the fit to themselves: by least squares all others come back that fit as well. */
function polish(points: readonly Point[], curve: DopplerCurve, start: Scaled): Scaled & { used: readonly Point[] } {
  let { scale, ...at }: Scaled = start;
  let used: readonly Point[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fits = (point: Point) => Math.abs(residual(point, curve, at.dt, at.df)) < USED * scale * point.sigma;
    used = points.filter(fits);
    if (used.length < fewestFrames) break;
    const before = at.dt;
    at = step(used, curve, at, () => 1);
    const { sum } = normalEquations(used, curve, at.dt, at.df, () => 1);
    scale = Math.max(LEAST_SCALE_HZ, Math.sqrt(sum / (used.length - 2)));
    if (Math.abs(at.dt - before) < CONVERGED_S) break;
  }
  return { ...at, scale, used };
}

/** One Gauss-Newton step. */
function step(
  points: readonly Point[],
  curve: DopplerCurve,
  { dt, df }: Estimate,
  weightOf: (deviation: number) => number,
): Estimate {
  const { normal, right } = normalEquations(points, curve, dt, df, weightOf);
  const [a, b, c] = normal;
  const [p, q] = right;
  const determinant = a * c - b * b;
  // Where the frames don't tell the time at all, it stays as it is.
  const wish = determinant > 1e-9 * a * c ? (a * q - b * p) / determinant : 0;
  const time = Math.max(-LONGEST_STEP_S, Math.min(LONGEST_STEP_S, wish));
  return {
    dt: Math.max(-2 * REACH_S, Math.min(2 * REACH_S, dt + time)),
    df: df + (a > 0 ? (p - b * time) / a : 0),
  };
}

/**
 * JᵀWJ and JᵀWr for a step of frequency (first) and time, and the weighted sum of squares. The derivative by dt is taken over a
 * second of the curve.
 */
function normalEquations(
  points: readonly Point[],
  curve: DopplerCurve,
  dt: number,
  df: number,
  weightOf: (deviation: number) => number,
): { normal: [number, number, number]; right: [number, number]; sum: number } {
  let [a, b, c, p, q, sum] = [0, 0, 0, 0, 0, 0];
  for (const point of points) {
    const r = residual(point, curve, dt, df);
    const weight = weightOf(Math.abs(r) / point.sigma) / point.sigma ** 2;
    const byTime = lateness(point, curve, dt + 0.5) - lateness(point, curve, dt - 0.5);
    a += weight * point.ratio ** 2;
    b += weight * point.ratio * byTime;
    c += weight * byTime ** 2;
    p += weight * point.ratio * r;
    q += weight * byTime * r;
    sum += weight * r * r;
  }
  return { normal: [a, b, c], right: [p, q], sum };
}

/** By linear interpolation between the sorted values. */
function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  const x = part * (sorted.length - 1);
  const i = Math.min(sorted.length - 2, Math.floor(x));
  return i < 0 ? sorted[0]! : sorted[i]! + (sorted[i + 1]! - sorted[i]!) * (x - i);
}
