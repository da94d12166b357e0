import type { SlidingWindow } from '../core/sliding-window.ts';

/** The two frequencies of audio FSK around a symbol, in units of the audio. */
export interface AudioLevel {
  /** Midpoint. */
  zero: number;
  /** Mean square, its midpoint taken away. */
  power: number;
  /** For each pulse of `overlaps`: what a long run of ones deviates from the midpoint … */
  readonly deviation: Float64Array;
  /** … and its square over the mean square of what neither frequency explains: about 5 in noise. */
  readonly quality: Float64Array;
}

/**
 * What a neighbour symbol contributes to a symbol's mean, of its own contribution: GFSK with BT 0.5 and 0.3 through the
 * audio.
 */
const overlaps = [0.14, 0.26] as const;
export const levelPulses = overlaps.length;

export function audioLevel(): AudioLevel {
  return {
    zero: 0,
    power: 0,
    deviation: new Float64Array(levelPulses).fill(1),
    quality: new Float64Array(levelPulses),
  };
}

/** Values above so many times the typical one are clicks and count as this. */
const clickLimit = 1.7;

/**
 * Zero line and deviation from symbol means `values` of the symbols [from, to) (absolute): two clusters first, then least
 * squares on decided symbols and their neighbours, so that neither unbalanced data nor the pulse's overlap bias them.
 */
export function measureLevel(values: SlidingWindow, from: number, to: number, out: AudioLevel): void {
  const s = values.data;
  const lo = from - values.start;
  const hi = to - values.start;
  let zero = 0;
  for (let k = lo; k < hi; k++) zero += s[k]!;
  zero /= hi - lo;
  let size = 0;
  for (let k = lo; k < hi; k++) size += Math.abs(s[k]! - zero);
  size = Math.max(1e-9, size / (hi - lo));
  for (let round = 0; round < 4; round++) {
    let high = 0;
    let highs = 0;
    let low = 0;
    let lows = 0;
    const limit = clickLimit * size;
    for (let k = lo; k < hi; k++) {
      const d = s[k]! - zero;
      if (d > 0) {
        high += Math.min(d, limit);
        highs++;
      } else {
        low += Math.max(d, -limit);
        lows++;
      }
    }
    if (highs === 0 || lows === 0) break;
    size = Math.max(1e-9, (high / highs - low / lows) / 2);
    zero += (high / highs + low / lows) / 2;
  }
  // s = zero + own·a + next·(a₋ + a₊): a run of ones reaches own + 2·next. In sums, a ∈ ±1 decided, b = a₋ + a₊.
  let n = 0;
  let a1 = 0;
  let b1 = 0;
  let ab = 0;
  let bb = 0;
  let y1 = 0;
  let ya = 0;
  let yb = 0;
  let yy = 0;
  const limit = clickLimit * size;
  for (let k = lo + 1; k < hi - 1; k++) {
    const d = s[k]! - zero;
    const y = Math.max(-limit, Math.min(limit, d));
    const a = d > 0 ? 1 : -1;
    const b = (s[k - 1]! > zero ? 1 : -1) + (s[k + 1]! > zero ? 1 : -1);
    n++;
    a1 += a;
    b1 += b;
    ab += a * b;
    bb += b * b;
    y1 += y;
    ya += a * y;
    yb += b * y;
    yy += y * y;
  }
  out.power = yy / n;
  for (let pulse = 0; pulse < levelPulses; pulse++) {
    const share = overlaps[pulse]!;
    // One amplitude for both, in the ratio of the pulse: e = a + share·b over its value in a long run.
    const e1 = (a1 + share * b1) / (1 + 2 * share);
    const ee = (n + 2 * share * ab + share * share * bb) / (1 + 2 * share) ** 2;
    const ye = (ya + share * yb) / (1 + 2 * share);
    const determinant = n * ee - e1 * e1;
    const fitted = determinant > 1e-3 * n * n ? (n * ye - e1 * y1) / determinant : size;
    // What is no FSK at all must not get a gain without bound.
    const deviation = Math.max(fitted, 0.5 * size);
    const shift = (y1 - deviation * e1) / n;
    if (pulse === 0) out.zero = zero + shift;
    const residual = yy - deviation * ye - shift * y1;
    out.deviation[pulse] = deviation;
    out.quality[pulse] = (deviation ** 2 * n) / Math.max(residual, 1e-3 * yy + 1e-20);
  }
}
