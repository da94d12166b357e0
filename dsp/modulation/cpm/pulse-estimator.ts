import { correlate } from './detector.ts';
import { IndexFit, memoryWeight, priorWeight } from './index-fit.ts';
import { type CpmReference, cpmReference, patterns } from './reference.ts';
import { WipedPhasor } from './wiped-phasor.ts';

/** Gaussian filter of most satellites, as a bandwidth-time product, and of others. */
export const usualBt = 0.5;
const candidates = [0.3, usualBt, 1] as const;
/** Symbols that are added up as phasors: few enough for any carrier that the detector bears. */
const groupSymbols = 8;
/** Blocks that are remembered. A transmitter's pulse does not change. */
const memoryBlocks = 64;
const blockSymbols = 256;
/**
 * Share of the amplitude that one candidate loses on another one's signal, each with the index that fits best with it, at index ½; it
 * grows with the square of the index. Measured at 6.5 dB, each signal decided with its own pulse.
 */
const losses = [
  [0, 0.0065, 0.011],
  [0.0065, 0, 0.0022],
  [0.011, 0.0022, 0],
] as const;
/** Decisions favour the pulse that they were made with: another may stay behind by this share of what it should lose. */
const bias = 1 / 3;
/** But it has to be ahead by three standard deviations, over the root of the blocks. */
const noise = 3 * 0.004;
/** References are made anew when the index has moved that far. */
const resolution = 0.001;
/** While an index still moves by more than this in a block, amplitudes say more of the index than of the pulse. */
const settledShift = 0.01;

/**
 * Bandwidth-time product of the transmitter's pulse: of the candidates the one that fits the decided symbols best. The
 * right one collects some thousandths more amplitude, which shows within a frame; decisions made with a wrong one cost up
 * to a decibel. Each candidate is tried with the index that fits best with it: a softer pulse with a larger index looks much
 * like the right ones, and an index that is off by a little would choose the pulse.
 */
export class PulseEstimator {
  private readonly references: CpmReference[];
  private readonly indices: Float64Array;
  private readonly fit = new Float64Array(candidates.length);
  private readonly amplitudes = new Float64Array(candidates.length);
  private readonly indexFit = new IndexFit();
  private readonly wiped = new WipedPhasor();
  private readonly z = new Float32Array(2 * patterns * blockSymbols);
  private readonly w = new Float64Array(2 * blockSymbols);
  private weight = priorWeight;
  private blocks = 0;
  private chosen = candidates.indexOf(usualBt);

  /** @param h the index to begin with */
  constructor(h: number) {
    this.references = candidates.map((bt) => cpmReference(h, bt));
    this.indices = new Float64Array(candidates.length).fill(h);
  }

  get bt(): number {
    return candidates[this.chosen]!;
  }

  /** Modulation index that goes with the pulse. */
  get h(): number {
    return this.indices[this.chosen]!;
  }

  /**
   * Learns from `n` symbols of the resampled signal `r` from float `at` on, whose patterns were decided.
   * @returns whether another pulse is chosen now
   */
  learn(r: Float32Array, at: number, pattern: Uint8Array, n: number, greatestVariance: number): boolean {
    const { references, indices, amplitudes, w } = this;
    let mean = 0;
    let weight = 0;
    let settled = true;
    const kept = Math.min(this.weight, memoryWeight);
    for (let i = 0; i < candidates.length; i++) {
      if (Math.abs(references[i]!.h - indices[i]!) > resolution)
        references[i] = cpmReference(indices[i]!, candidates[i]!);
      const reference = references[i]!;
      correlate(reference, r, at, n, this.z);
      this.wiped.reset();
      this.wiped.process(reference, this.z, pattern, n, w, 0);
      const found = this.indexFit.measure(reference, w, pattern, n, greatestVariance);
      if (found.weight === 0) return false;
      const h = (kept * indices[i]! + found.weight * (reference.h + found.shift)) / (kept + found.weight);
      settled = settled && Math.abs(h - indices[i]!) < settledShift;
      indices[i] = h;
      weight = Math.max(weight, found.weight);
      amplitudes[i] = amplitude(w, n);
      mean += amplitudes[i]! / candidates.length;
    }
    this.weight = kept + weight;
    if (!settled || !(mean > 0)) return false;
    return this.choose(mean);
  }

  private choose(mean: number): boolean {
    const { fit, amplitudes, chosen } = this;
    this.blocks = Math.min(memoryBlocks, this.blocks + 1);
    for (let i = 0; i < candidates.length; i++) fit[i]! += (amplitudes[i]! / mean - fit[i]!) / this.blocks;
    let most = 0;
    for (let i = 0; i < candidates.length; i++) {
      if (i === chosen) continue;
      const expected = -bias * losses[chosen]![i]! * (2 * this.h) ** 2 + noise / Math.sqrt(this.blocks);
      const ahead = fit[i]! - fit[chosen]! - expected;
      if (ahead <= most) continue;
      most = ahead;
      this.chosen = i;
    }
    return this.chosen !== chosen;
  }
}

/** Sum of the sizes of groups of phasors whose data are taken away. */
function amplitude(w: Float64Array, n: number): number {
  let sum = 0;
  for (let from = 0; from + groupSymbols <= n; from += groupSymbols) {
    let re = 0;
    let im = 0;
    for (let k = from; k < from + groupSymbols; k++) {
      re += w[2 * k]!;
      im += w[2 * k + 1]!;
    }
    sum += Math.sqrt(re * re + im * im);
  }
  return sum;
}
