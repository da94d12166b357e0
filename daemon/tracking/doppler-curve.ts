import { dopplerHz, observer } from './observer.ts';
import type { Propagator } from './propagator.ts';
import type { Place } from './wgs84.ts';

/** How fast a satellite moves away from a station, over some time. Plain data: it goes to the worker. */
export interface DopplerCurve {
  /** Time of the first value, ms since 1970, UTC. */
  readonly startMs: number;
  /** From one value to the next, ms. */
  readonly stepMs: number;
  /** Range rate in km/s, at least four values, all finite. */
  readonly rangeRateKmS: Float64Array;
}

/**
 * Cubic interpolation over this step is good to 0.02 Hz at 437 MHz and 0.5 Hz at 10.5 GHz in the fastest pass there is (150 km
 * high, through the zenith: the fourth derivative of the range rate is below 9·v⁵/h⁴ = 0.5 m/s⁵, of which 3/128 counts; tested).
 */
const STEP_MS = 1000;
/** A day and a half: more is no pass. */
const MOST_VALUES = 130_000;
/** So much more is there at either end, for a satellite that comes earlier or later than predicted. */
export const CURVE_MARGIN_MS = 64_000;
/** Values are cut to what a satellite of the Earth can have, km/s; an orbit from a bad file must not shift by megahertz. */
const FASTEST_KM_S = 12;

/**
 * The range rate from `fromMs` to `toMs`, and for a minute before and behind it.
 * @param rangeRateAt km/s at a time in ms; what is no number becomes the last value before it
 * @throws RangeError unless the times are in order and less than a day and a half apart, or when no value is a number
 */
export function dopplerCurve(rangeRateAt: (timeMs: number) => number, fromMs: number, toMs: number): DopplerCurve {
  const steps = Math.ceil((toMs - fromMs) / STEP_MS);
  if (!(fromMs <= toMs && steps < MOST_VALUES))
    throw new RangeError(
      `from ${fromMs} to ${toMs}: two times in order, no more than a day and a half apart, expected`,
    );
  const startMs = fromMs - CURVE_MARGIN_MS;
  const length = steps + 1 + (2 * CURVE_MARGIN_MS) / STEP_MS;
  const values = Float64Array.from({ length }, (_, i) => rangeRateAt(startMs + i * STEP_MS));
  const known = values.find((value) => Number.isFinite(value));
  if (known === undefined) throw new RangeError(`from ${fromMs} to ${toMs}: the orbit tells no range rate`);
  let last = known;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) last = Math.max(-FASTEST_KM_S, Math.min(FASTEST_KM_S, values[i]!));
    values[i] = last;
  }
  return { startMs, stepMs: STEP_MS, rangeRateKmS: values };
}

/** The range rate by a satellite's orbit as seen from a place, in km/s; NaN where the orbit has no answer. */
export function rangeRateFrom(orbit: Propagator, place: Place): (timeMs: number) => number {
  const look = observer(place);
  return (timeMs) => {
    const state = orbit(timeMs);
    return state.failed ? Number.NaN : look(state).rangeRateKmS;
  };
}

/** Range rate in km/s at a time; before the first value and behind the last one it stays as it is there. */
export function rangeRateAt({ startMs, stepMs, rangeRateKmS: r }: DopplerCurve, timeMs: number): number {
  const last = r.length - 1;
  const x = Math.max(0, Math.min(last, (timeMs - startMs) / stepMs));
  // Lagrange's cubic through the two values on either side; at the ends through the four outermost.
  const i = Math.max(1, Math.min(last - 2, Math.floor(x)));
  const u = x - i;
  const a = (-u * (u - 1) * (u - 2)) / 6;
  const b = ((u + 1) * (u - 1) * (u - 2)) / 2;
  const c = (-(u + 1) * u * (u - 2)) / 2;
  const d = ((u + 1) * u * (u - 1)) / 6;
  return a * r[i - 1]! + b * r[i]! + c * r[i + 1]! + d * r[i + 2]!;
}

/** Doppler shift in Hz of a carrier at a time. */
export function dopplerAt(curve: DopplerCurve, frequencyHz: number, timeMs: number): number {
  return dopplerHz(frequencyHz, rangeRateAt(curve, timeMs));
}

/** Greatest shift there is in a curve, and how fast it changes at most, of a carrier: Hz and Hz/s, both positive. */
export function dopplerExtent(curve: DopplerCurve, frequencyHz: number): { mostHz: number; mostHzPerS: number } {
  const { rangeRateKmS: r, stepMs } = curve;
  let most = 0;
  let steepest = 0;
  for (let i = 0; i < r.length; i++) {
    most = Math.max(most, Math.abs(r[i]!));
    if (i > 0) steepest = Math.max(steepest, Math.abs(r[i]! - r[i - 1]!));
  }
  const hz = (kmS: number) => Math.abs(dopplerHz(frequencyHz, kmS));
  return { mostHz: hz(most), mostHzPerS: (hz(steepest) * 1000) / stepMs };
}
