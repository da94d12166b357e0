import { type CpmReference, cpmReference, samplesPerSymbol } from './reference.ts';

/** Gaussian filter of most satellites, as a bandwidth-time product, and of others. */
export const usualBt = 0.5;
const candidates = [0.3, usualBt, 1] as const;
/** Symbols that are added up as phasors: few enough for any carrier that the detector bears. */
const groupSymbols = 8;
/** Blocks that are remembered. A transmitter's pulse does not change. */
const memoryBlocks = 64;
/**
 * Share of the amplitude that one candidate loses on another one's signal, at index ½; it grows with the square of the
 * index. Measured at 6.5 dB, each signal decided with its own pulse.
 */
const losses = [
  [0, 0.0065, 0.011],
  [0.0065, 0, 0.0022],
  [0.011, 0.0022, 0],
] as const;
/** Decisions favour the pulse that they were made with: another may stay behind by this share of what it should lose. */
const bias = 1 / 3;
/** But it has to be ahead by two standard deviations, over the root of the blocks. */
const noise = 2 * 0.004;
/** References are made anew when the index has moved that far. */
const resolution = 0.004;

/**
 * Bandwidth-time product of the transmitter's pulse: of the candidates the one that fits the decided symbols best. The
 * right one collects some thousandths more amplitude, which shows within a frame; decisions made with a wrong one cost up
 * to a decibel, and pull the estimated index after them.
 */
export class PulseEstimator {
  private readonly references: CpmReference[] = [];
  private readonly fit = new Float64Array(candidates.length);
  private readonly sums = new Float64Array(candidates.length);
  private blocks = 0;
  private chosen = candidates.indexOf(usualBt);

  get bt(): number {
    return candidates[this.chosen]!;
  }

  /** Learns from `n` symbols of the resampled signal `r` from float `at` on, whose patterns were decided. */
  learn(h: number, r: Float32Array, at: number, pattern: Uint8Array, n: number): void {
    const { references, fit, sums } = this;
    let mean = 0;
    for (let i = 0; i < candidates.length; i++) {
      if (Math.abs((references[i]?.h ?? 0) - h) > resolution) references[i] = cpmReference(h, candidates[i]!);
      sums[i] = amplitude(references[i]!, r, at, pattern, n);
      mean += sums[i]! / candidates.length;
    }
    if (!(mean > 0)) return;
    this.blocks = Math.min(memoryBlocks, this.blocks + 1);
    for (let i = 0; i < candidates.length; i++) fit[i]! += (sums[i]! / mean - fit[i]!) / this.blocks;
    const { chosen } = this;
    let most = 0;
    for (let i = 0; i < candidates.length; i++) {
      if (i === chosen) continue;
      const expected = -bias * losses[chosen]![i]! * (2 * h) ** 2 + noise / Math.sqrt(this.blocks);
      const ahead = fit[i]! - fit[chosen]! - expected;
      if (ahead <= most) continue;
      most = ahead;
      this.chosen = i;
    }
  }
}

/** Sum of the sizes of the phasors of groups of symbols, their data taken away. */
function amplitude(reference: CpmReference, r: Float32Array, at: number, pattern: Uint8Array, n: number): number {
  const { wave, turn } = reference;
  let sum = 0;
  for (let from = 0; from + groupSymbols <= n; from += groupSymbols) {
    let re = 0;
    let im = 0;
    let c = 1;
    let s = 0;
    for (let k = from; k < from + groupSymbols; k++) {
      const p = pattern[k]!;
      const x = at + 2 * samplesPerSymbol * k;
      const w = 2 * samplesPerSymbol * p;
      let zRe = 0;
      let zIm = 0;
      for (let i = 0; i < 2 * samplesPerSymbol; i += 2) {
        zRe += r[x + i]! * wave[w + i]! + r[x + i + 1]! * wave[w + i + 1]!;
        zIm += r[x + i + 1]! * wave[w + i]! - r[x + i]! * wave[w + i + 1]!;
      }
      re += zRe * c + zIm * s;
      im += zIm * c - zRe * s;
      const next = c * turn[2 * p]! - s * turn[2 * p + 1]!;
      s = c * turn[2 * p + 1]! + s * turn[2 * p]!;
      c = next;
    }
    sum += Math.sqrt(re * re + im * im);
  }
  return sum;
}
