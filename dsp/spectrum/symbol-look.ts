import type { Iq } from '../core/types.ts';
import { firIq, firReal } from '../filter/fir-decimator.ts';

/** Samples whose symbols are looked at. */
export interface SymbolPiece {
  readonly iq: Iq;
  readonly sampleRate: number;
  /** Middle of the signal, roughly. */
  readonly offsetHz: number;
  readonly halfWidthHz: number;
}

export interface SymbolLook {
  /** What the symbols tell of the signal's middle, beyond `offsetHz`. */
  readonly fineHz: number;
  readonly shape: 'constellation' | 'eye';
  readonly traceLength: number;
  readonly points: Int8Array;
  readonly histogram: Uint16Array;
}

/** What ±127 of a point stands for, and the edge of the histogram: 1 is the mean of the symbols. */
export const fullScale = 1.5;
const histogramBins = 48;

export function scaled(value: number): number {
  return Math.max(-127, Math.min(127, Math.round((value * 127) / fullScale)));
}

export function histogramOf(soft: Float64Array): Uint16Array {
  const counts = new Uint16Array(histogramBins);
  for (const value of soft) {
    const bin = Math.floor(((value + fullScale) / (2 * fullScale)) * histogramBins);
    const at = Math.max(0, Math.min(histogramBins - 1, Number.isNaN(bin) ? histogramBins >> 1 : bin));
    counts[at] = Math.min(65_535, counts[at]! + 1);
  }
  return counts;
}

/** Iq → Iq with what was at `hz` at 0 Hz. */
export function shifted(iq: Float32Array, sampleRate: number, hz: number): Float32Array {
  const out = new Float32Array(iq.length);
  const step = (-2 * Math.PI * hz) / sampleRate;
  const stepRe = Math.cos(step);
  const stepIm = Math.sin(step);
  let re = 1;
  let im = 0;
  for (let i = 0; i < iq.length; i += 2) {
    const x = iq[i]!;
    const y = iq[i + 1]!;
    out[i] = x * re - y * im;
    out[i + 1] = x * im + y * re;
    const turned = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = turned;
  }
  return out;
}

/** Symmetric taps over interleaved values; only the outputs that the taps lie within. */
export function filtered(x: Float32Array, taps: Float64Array, items: 1 | 2): Float32Array {
  const filter = items === 2 ? firIq(taps) : firReal(taps);
  const out = new Float32Array(x.length);
  const written = filter.process(x, x.length / items, out);
  return out.subarray(items * (taps.length >> 1), items * Math.max(taps.length >> 1, written));
}

/** Value at a fractional index of every `stride`th number from `first` on, by Lagrange's cubic. */
export function valueAt(x: Float32Array, t: number, stride = 1, first = 0): number {
  const i = Math.max(1, Math.min(x.length / stride - 3, Math.floor(t)));
  const u = t - i;
  const at = i * stride + first;
  if (at < stride || at + 2 * stride >= x.length) return 0;
  return (
    (-u * (u - 1) * (u - 2) * x[at - stride]!) / 6 +
    ((u + 1) * (u - 1) * (u - 2) * x[at]!) / 2 -
    ((u + 1) * u * (u - 2) * x[at + stride]!) / 2 +
    ((u + 1) * u * (u - 1) * x[at + 2 * stride]!) / 6
  );
}
