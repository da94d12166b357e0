import { isSilent } from '../core/silence.ts';
import { SlidingWindow } from '../core/sliding-window.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';
import { channelFilter, type Pushing } from '../modulation/channel-filter.ts';
import { iqMixer } from '../modulation/front.ts';

const depth = 32;
export const cyclicTerms = 3;

export interface CyclicLaneOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  readonly centreHz: number;
  /** −6 dB edge of the narrow filter, Hz. */
  readonly cutHz: number;
  /** Lags in samples. */
  readonly lags: readonly number[];
  /** Samples a hop. */
  readonly hop: number;
}

/** The narrow filter of the cyclic synchroniser: transition 0.4 symbol rates around `cutHz`. */
export function cyclicFilter(sampleRate: number, symbolRate: number, cutHz: number, next: Pushing['push']): Pushing {
  const stop = Math.min(cutHz + 0.2 * symbolRate, 0.48 * sampleRate);
  return channelFilter(sampleRate, Math.min(cutHz - 0.2 * symbolRate, 0.9 * stop), stop, 1, next);
}

/**
 * One frequency hypothesis of the cyclic synchroniser: lag products of the narrowly filtered signal and their lines at
 * 0 and ± the symbol rate, summed hop by hop.
 */
export class CyclicLane {
  readonly centreHz: number;
  private readonly lags: readonly number[];
  private readonly hop: number;
  /** Samples of a hop with zeros behind it that the kernel takes, and samples before a hop that the lags need. */
  private readonly padded: number;
  private readonly past: number;
  private readonly cycles: number;
  private readonly kernels: Kernels;
  /** e^(−j2π·n·symbolRate/sampleRate) over a hop: real parts, then imaginary parts. */
  private readonly turns: Float32Array;
  private readonly filtered: SlidingWindow;
  private readonly stages: readonly Pushing[];
  /** Sums of the last hops: [hop modulo 32][lag][m + 1][re, im]. */
  private readonly sums: Float64Array;
  private hops = 0;

  constructor(options: CyclicLaneOptions, kernels: Kernels = wasmKernels()) {
    const { sampleRate, symbolRate } = options;
    this.centreHz = options.centreHz;
    this.lags = options.lags;
    this.hop = options.hop;
    this.padded = 4 * Math.ceil(options.hop / 4);
    this.past = Math.max(...options.lags);
    this.cycles = symbolRate / sampleRate;
    this.kernels = kernels;
    this.turns = new Float32Array(2 * this.padded);
    for (let n = 0; n < options.hop; n++) {
      this.turns[n] = Math.cos(2 * Math.PI * n * this.cycles);
      this.turns[this.padded + n] = -Math.sin(2 * Math.PI * n * this.cycles);
    }
    this.filtered = new SlidingWindow(1 << 14);
    this.sums = new Float64Array(depth * this.lags.length * cyclicTerms * 2);
    const filter = cyclicFilter(sampleRate, symbolRate, options.cutHz, (iq, n) => this.filtered.append(iq, 2 * n));
    const mix = this.centreHz === 0 ? undefined : iqMixer(sampleRate, this.centreHz, filter.push);
    this.stages = mix ? [mix, filter] : [filter];
  }

  push(iq: Float32Array, n: number): void {
    this.stages[0]!.push(iq, n);
  }

  /** Sums hop `hop` if its samples are there. */
  measure(hop: number): boolean {
    const first = hop * this.hop;
    if (2 * (first + this.hop) > this.filtered.end) return false;
    const { lags, past, padded, kernels } = this;
    const { floats, doubles } = kernels;
    const row = (hop % depth) * lags.length * cyclicTerms * 2;
    this.hops = hop + 1;
    const now = 2 * first - this.filtered.start;
    if (isSilent(this.filtered.data, now, now + 2 * this.hop)) {
      this.sums.fill(0, row, row + lags.length * cyclicTerms * 2);
      this.filtered.discardBefore(2 * (first + this.hop - past));
      return true;
    }
    // Scratch layout, in floats: the samples before the hop (none before the first), the hop, zeros; turns; sums.
    const missing = Math.max(0, past - first);
    floats.fill(0, 0, 2 * missing);
    floats.set(this.filtered.data.subarray(now - 2 * (past - missing), now + 2 * this.hop), 2 * missing);
    floats.fill(0, 2 * (past + this.hop), 2 * (past + padded));
    const turns = 4 * Math.ceil((past + padded) / 2);
    floats.set(this.turns, turns);
    const sumsAt = 4 * (turns + 2 * padded);
    const s = sumsAt >> 3;
    for (let l = 0; l < lags.length; l++) {
      const lag = lags[l]!;
      kernels.lagLines(8 * past, lag, 4 * turns, padded, sumsAt);
      // The table of turns starts at the hop; the lines are at the middle of the lag, on the absolute sample axis.
      const phase = (first - lag / 2) * this.cycles;
      const angle = -2 * Math.PI * (phase - Math.floor(phase));
      const c = Math.cos(angle);
      const d = Math.sin(angle);
      const upRe = doubles[s + 2]! - doubles[s + 5]!;
      const upIm = doubles[s + 3]! + doubles[s + 4]!;
      const downRe = doubles[s + 2]! + doubles[s + 5]!;
      const downIm = doubles[s + 3]! - doubles[s + 4]!;
      const at = row + l * cyclicTerms * 2;
      this.sums[at] = downRe * c + downIm * d;
      this.sums[at + 1] = downIm * c - downRe * d;
      this.sums[at + 2] = doubles[s]!;
      this.sums[at + 3] = doubles[s + 1]!;
      this.sums[at + 4] = upRe * c - upIm * d;
      this.sums[at + 5] = upRe * d + upIm * c;
    }
    this.filtered.discardBefore(2 * (first + this.hop - past));
    return true;
  }

  /** The weighted sums of hops around the boundary before hop `hop` → `out`, [lag][m + 1][re, im]. */
  gather(hop: number, weights: readonly number[], out: Float64Array): void {
    out.fill(0);
    const half = weights.length / 2;
    for (let i = 0; i < weights.length; i++) {
      const h = hop - half + i;
      if (h < 0 || h >= this.hops) continue;
      const row = (h % depth) * out.length;
      for (let k = 0; k < out.length; k++) out[k]! += weights[i]! * this.sums[row + k]!;
    }
  }

  reset(): void {
    for (const stage of this.stages) stage.reset();
    this.filtered.reset();
    this.sums.fill(0);
    this.hops = 0;
  }
}
