import { SlidingWindow } from '../core/sliding-window.ts';
import { channelFilter, type Pushing } from '../modulation/channel-filter.ts';
import { iqMixer } from '../modulation/front.ts';

const depth = 16;
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
  private readonly cycles: number;
  private readonly filtered: SlidingWindow;
  private readonly stages: readonly Pushing[];
  /** Sums of the last hops: [hop modulo 16][lag][m + 1][re, im]. */
  private readonly sums: Float64Array;
  private hops = 0;

  constructor(options: CyclicLaneOptions) {
    const { sampleRate, symbolRate } = options;
    this.centreHz = options.centreHz;
    this.lags = options.lags;
    this.hop = options.hop;
    this.cycles = symbolRate / sampleRate;
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
    const y = this.filtered.data;
    const base = 2 * first - this.filtered.start;
    const row = (hop % depth) * this.lags.length * cyclicTerms * 2;
    for (let l = 0; l < this.lags.length; l++) {
      const lag = this.lags[l]!;
      const turns = (first - lag / 2) * this.cycles;
      const angle = -2 * Math.PI * (turns - Math.floor(turns));
      let pr = Math.cos(angle);
      let pi = Math.sin(angle);
      const c = Math.cos(-2 * Math.PI * this.cycles);
      const s = Math.sin(-2 * Math.PI * this.cycles);
      let zr = 0;
      let zi = 0;
      let ur = 0;
      let ui = 0;
      let dr = 0;
      let di = 0;
      const from = first - lag < 0 ? lag - first : 0;
      for (let n = 0; n < this.hop; n++) {
        if (n >= from) {
          const a = y[base + 2 * n]!;
          const b = y[base + 2 * n + 1]!;
          const e = y[base + 2 * (n - lag)]!;
          const f = y[base + 2 * (n - lag) + 1]!;
          const vr = a * e + b * f;
          const vi = b * e - a * f;
          zr += vr;
          zi += vi;
          ur += vr * pr - vi * pi;
          ui += vr * pi + vi * pr;
          dr += vr * pr + vi * pi;
          di += vi * pr - vr * pi;
        }
        const t = pr * c - pi * s;
        pi = pr * s + pi * c;
        pr = t;
      }
      const at = row + l * cyclicTerms * 2;
      this.sums[at] = dr;
      this.sums[at + 1] = di;
      this.sums[at + 2] = zr;
      this.sums[at + 3] = zi;
      this.sums[at + 4] = ur;
      this.sums[at + 5] = ui;
    }
    this.hops = hop + 1;
    this.filtered.discardBefore(2 * (first + this.hop - Math.max(...this.lags)));
    return true;
  }

  /** Adds the weighted sums of hops around the boundary before hop `hop` to `out`, [lag][m + 1][re, im]. */
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
