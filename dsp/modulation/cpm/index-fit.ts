import type { CpmReference } from './reference.ts';

/** Products of neighbouring phasors that their local mean is taken over, to each side. */
const meanSide = 32;
/** Share of the products' size that their mean keeps: noise, with its data decided away, stays below. */
const coherent = 0.62;
/** Mean square of the advance of two symbols, in units of πh, when they are random. */
const randomAdvance = 0.5;
/**
 * Share of that which a block must have. A preamble 1010… or of flags turns the carrier back as soon as it has turned it, whatever the index;
 * and there it cannot be told from an error of the frequency, which is not exact yet.
 */
const leastRandom = 0.5;
/** Variance of the turn from symbol to symbol at 7 dB, rad²: noisier stretches count less. */
const usualVariance = 0.3;

/** Weight of the index to begin with, and most that is remembered, in coherent symbols at 7 dB. An index does not change. */
export const priorWeight = 100;
export const memoryWeight = 4000;

/** Symbols of a fit at most. */
const mostSymbols = 256;

interface Fit {
  /** To be added to the assumed index. */
  readonly shift: number;
  /** In coherent symbols at 7 dB; 0: nothing is seen. */
  readonly weight: number;
}

const nothing: Fit = { shift: 0, weight: 0 };

/**
 * Modulation index from the data-wiped phasor: where the assumed index is wrong, every symbol turns it by
 * π·δh·(its phase advance). Least squares over coherent stretches: δh = Σ w·e·g / (π·Σ w·g²), with e the turn from
 * symbol to symbol less its local mean and g the mean advance of both symbols in units of πh.
 */
export class IndexFit {
  private readonly vRe = new Float64Array(mostSymbols);
  private readonly vIm = new Float64Array(mostSymbols);
  private readonly sumRe = new Float64Array(mostSymbols);
  private readonly sumIm = new Float64Array(mostSymbols);
  private readonly sumSize = new Float64Array(mostSymbols);
  /** Mean advance of a symbol and the one before, in units of πh, and its weighted sums. */
  private readonly meanAdvance = new Float64Array(mostSymbols);
  private readonly sumAdvance = new Float64Array(mostSymbols);

  /**
   * @param w data-wiped phasors of `n` symbols, interleaved, wiped with `reference`
   * @param pattern what was decided for them
   * @param greatestVariance beyond it nothing is seen
   */
  measure(reference: CpmReference, w: Float64Array, pattern: Uint8Array, n: number, greatestVariance: number): Fit {
    const { vRe, vIm } = this;
    vRe[0] = 0;
    vIm[0] = 0;
    // Sums up to each symbol, so that a local mean is a difference.
    const { sumRe, sumIm, sumSize, meanAdvance, sumAdvance } = this;
    const scale = 1 / (Math.PI * reference.h);
    for (let k = 1; k < n; k++) {
      vRe[k] = w[2 * k]! * w[2 * k - 2]! + w[2 * k + 1]! * w[2 * k - 1]!;
      vIm[k] = w[2 * k + 1]! * w[2 * k - 2]! - w[2 * k]! * w[2 * k - 1]!;
      sumRe[k] = sumRe[k - 1]! + vRe[k]!;
      sumIm[k] = sumIm[k - 1]! + vIm[k]!;
      const size = Math.sqrt(vRe[k]! * vRe[k]! + vIm[k]! * vIm[k]!);
      sumSize[k] = sumSize[k - 1]! + size;
      meanAdvance[k] = 0.5 * scale * (reference.advance[pattern[k]!]! + reference.advance[pattern[k - 1]!]!);
      sumAdvance[k] = sumAdvance[k - 1]! + size * meanAdvance[k]!;
    }
    let above = 0;
    let below = 0;
    let squares = 0;
    let sizes = 0;
    let count = 0;
    for (let k = 1; k < n; k++) {
      const lo = Math.max(1, k - meanSide) - 1;
      const hi = Math.min(n - 1, k + meanSide);
      const re = sumRe[hi]! - sumRe[lo]!;
      const im = sumIm[hi]! - sumIm[lo]!;
      const size = sumSize[hi]! - sumSize[lo]! + 1e-30;
      if (re * re + im * im < (coherent * size) ** 2) continue;
      const e = Math.atan2(vIm[k]! * re - vRe[k]! * im, vRe[k]! * re + vIm[k]! * im);
      // The mean turn is taken for the carrier's: what a wrong index adds to it cannot be seen.
      const g = meanAdvance[k]! - (sumAdvance[hi]! - sumAdvance[lo]!) / size;
      const weight = sumSize[k]! - sumSize[k - 1]!;
      above += weight * e * g;
      below += weight * g * g;
      squares += e * e;
      sizes += weight;
      count++;
    }
    if (!(below > 0) || count < n / 4) return nothing;
    const variance = Math.max(squares / count, 0.01);
    if (variance > greatestVariance) return nothing;
    if (below < leastRandom * randomAdvance * sizes) return nothing;
    return { shift: above / (Math.PI * below), weight: count * Math.min(4, (usualVariance / variance) ** 2) };
  }
}
