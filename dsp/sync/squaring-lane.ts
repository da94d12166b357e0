import { SlidingWindow } from '../core/sliding-window.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';
import { fftTwiddles } from '../kernels/twiddles.ts';
import { channelFilter, type Pushing } from '../modulation/channel-filter.ts';
import { iqMixer } from '../modulation/front.ts';
import { LinePowers } from './line-rows.ts';
import { toneBlock, toneSum } from './tone-sum.ts';

/** Blocks that are remembered. */
const depth = 8;

export interface SquaringLaneOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** The lane looks for carriers around this. */
  readonly centreHz: number;
  readonly reachHz: number;
  /** Input samples a squared sample. */
  readonly factor: number;
  /** Squared samples of a block, and between blocks. */
  readonly length: number;
  readonly hop: number;
  /** Doppler rates that are tried, Hz/s. */
  readonly rates: readonly number[];
  /** Bins of at most half a line's width; else of a line's. */
  readonly fineBins: boolean;
}

/** One frequency hypothesis of the squaring synchroniser: narrow filter, square, line spectrum, block by block. */
export class SquaringLane {
  readonly centreHz: number;
  /** Carrier frequencies of the bins, relative to the centre: bin i is (i − reach)·binHz. */
  readonly reach: number;
  readonly binHz: number;
  /** Bins of a Doppler rate. */
  readonly bins: number;
  /** Powers at 2f + 1/2T and at 2f − 1/2T, [rate][bin]: ring of blocks. */
  readonly powers: readonly LinePowers[];
  /** The last block whose lines were looked for. */
  lastMeasured = -1;
  private readonly kernels: Kernels;
  private readonly rate: number;
  private readonly symbolRate: number;
  private readonly hop: number;
  private readonly size: number;
  /** Samples of a block, and of one with zeros behind it that the kernels take. */
  private readonly length: number;
  private readonly padded: number;
  private readonly window: Float32Array;
  private readonly twiddles: number;
  /** Scratch memory, in bytes: spectrum, working space, squared block, Doppler rate. */
  private readonly workAt: number;
  private readonly squaredAt: number;
  private readonly chirpAt: number;
  private readonly lineBin: number;
  /** e^(−j2πrt²) of each rate but 0, t from the middle of the block: straightens the squared carrier. */
  private readonly chirps: readonly (Float32Array | undefined)[];
  /** Windowed squares of the last blocks. */
  private readonly blocks: readonly Float32Array[];
  /** Energies of the last hops, ring; and the next hop. */
  private readonly energies = new Float64Array(16);
  private nextHop = 0;
  private readonly filtered: SlidingWindow;
  private readonly stages: readonly Pushing[];
  private readonly up = new Float64Array(2);
  private readonly down = new Float64Array(2);

  constructor(options: SquaringLaneOptions, kernels: Kernels = wasmKernels()) {
    const { sampleRate, symbolRate, length } = options;
    this.kernels = kernels;
    this.centreHz = options.centreHz;
    this.symbolRate = symbolRate;
    this.rate = sampleRate / options.factor;
    this.hop = options.hop;
    this.size = 2 ** Math.ceil(Math.log2((options.fineBins ? 2 : 1.5) * length));
    this.length = length;
    this.padded = Math.ceil(length / toneBlock) * toneBlock;
    this.window = new Float32Array(this.padded);
    for (let n = 0; n < length; n++) this.window[n] = Math.sin((Math.PI * (n + 1)) / (length + 1));
    this.twiddles = fftTwiddles(kernels, this.size);
    this.workAt = 8 * this.size;
    this.squaredAt = 2 * this.workAt;
    this.chirpAt = this.squaredAt + 8 * this.padded;
    this.binHz = this.rate / this.size / 2;
    this.lineBin = Math.round((symbolRate / 2 / this.rate) * this.size);
    this.reach = Math.floor(options.reachHz / this.binHz);
    this.bins = 2 * this.reach + 1;
    this.powers = Array.from({ length: depth }, () => new LinePowers(options.rates.length * this.bins));
    this.chirps = options.rates.map((rate) => (rate === 0 ? undefined : chirp(rate, length, this.rate, this.padded)));
    this.blocks = Array.from({ length: depth }, () => new Float32Array(2 * this.padded));
    this.filtered = new SlidingWindow(1 << 15);
    const filter = channelFilter(sampleRate, 0.45 * symbolRate, 0.85 * symbolRate, options.factor, (iq, n) =>
      this.filtered.append(iq, 2 * n),
    );
    const mix = this.centreHz === 0 ? undefined : iqMixer(sampleRate, this.centreHz, filter.push);
    this.stages = mix ? [mix, filter] : [filter];
    this.prime();
  }

  /** Half a block of zeros before the first sample: block 0 is centred on sample 0. */
  private prime(): void {
    const half = this.length >> 1;
    this.filtered.start = -2 * half;
    this.filtered.end = -2 * half;
    this.filtered.append(new Float32Array(2 * half), 2 * half);
    this.energies.fill(0);
    this.nextHop = 0;
  }

  push(iq: Float32Array, n: number): void {
    this.stages[0]!.push(iq, n);
  }

  /** Power of a block, or −1 while its samples are not there yet. Of whole hops, so that each sample counts once. */
  power(block: number): number {
    const { hop, length, energies } = this;
    const side = Math.round(length / hop / 2);
    const last = Math.max((block + side) * hop, block * hop - (length >> 1) + length);
    if (2 * last > this.filtered.end) return -1;
    for (; this.nextHop < block + side; this.nextHop++) energies[this.nextHop & 15] = this.energy(this.nextHop);
    let sum = 0;
    for (let h = Math.max(0, block - side); h < block + side; h++) sum += energies[h & 15]!;
    return sum;
  }

  private energy(hop: number): number {
    const x = this.filtered.data;
    const from = 2 * hop * this.hop - this.filtered.start;
    const to = from + 2 * this.hop;
    // Two sums: one alone waits for each addition.
    let re = 0;
    let im = 0;
    for (let i = from; i < to; i += 2) {
      re += x[i]! * x[i]!;
      im += x[i + 1]! * x[i + 1]!;
    }
    return re + im;
  }

  /** Leaves a block out: no line was looked for. */
  skip(block: number): void {
    this.powers[block % depth]!.clear();
    this.blocks[block % depth]!.fill(0);
    this.filtered.discardBefore(2 * ((block + 1) * this.hop - (this.length >> 1)));
  }

  /** Measures a block whose samples are there. */
  measure(block: number): void {
    const { kernels, length, padded, bins, size, workAt, squaredAt } = this;
    const { floats } = kernels;
    this.lastMeasured = block;
    const first = block * this.hop - (length >> 1);
    const base = 2 * first - this.filtered.start;
    const squared = squaredAt >> 2;
    floats.set(this.filtered.data.subarray(base, base + 2 * length), squared);
    floats.fill(0, squared + 2 * length, squared + 2 * padded);
    floats.set(this.window, workAt >> 2);
    kernels.squareWindowed(squaredAt, workAt, padded, squaredAt);
    this.blocks[block % depth]!.set(floats.subarray(squared, squared + 2 * padded));
    const lines = this.powers[block % depth]!;
    const powersAt = workAt >> 2;
    const powers = floats.subarray(powersAt, powersAt + bins);
    for (let r = 0; r < this.chirps.length; r++) {
      this.straighten(this.chirps[r]);
      floats.fill(0, 2 * padded, 2 * size);
      kernels.fft(0, size, this.twiddles, workAt);
      // The lines and their surroundings are within the halves of the spectrum: reach < lineBin < size/2 − reach.
      const whole = 4 * Math.ceil(bins / 4);
      kernels.powers(8 * (this.lineBin - this.reach), whole, workAt);
      lines.upper.set(powers, r * bins);
      kernels.powers(8 * (size - this.lineBin - this.reach), whole, workAt);
      lines.lower.set(powers, r * bins);
    }
    lines.complete();
    this.filtered.discardBefore(2 * (first + this.hop));
  }

  /** Writes the squared block in the scratch memory, times a chirp, to its start. */
  private straighten(chirp: Float32Array | undefined): void {
    const { kernels, squaredAt, chirpAt, padded } = this;
    if (!chirp) {
      kernels.floats.copyWithin(0, squaredAt >> 2, (squaredAt >> 2) + 2 * padded);
      return;
    }
    kernels.floats.set(chirp, chirpAt >> 2);
    kernels.turn(squaredAt, chirpAt, padded, 0);
  }

  /**
   * c₊·c₋* of a remembered block for a carrier `hz` from the centre and the Doppler rate of index `rate`: its phase is −2π times the symbol boundary, on the
   * absolute sample axis. Writes re, im to `out[at]`, `out[at + 1]`.
   */
  phasor(block: number, hz: number, rate: number, out: Float64Array, at: number): void {
    const { kernels, padded, workAt, up, down } = this;
    kernels.floats.set(this.blocks[block % depth]!, this.squaredAt >> 2);
    this.straighten(this.chirps[rate]);
    toneSum(kernels, 0, padded, (2 * hz + this.symbolRate / 2) / this.rate, workAt, up);
    toneSum(kernels, 0, padded, (2 * hz - this.symbolRate / 2) / this.rate, workAt, down);
    const first = block * this.hop - (this.length >> 1);
    const turns = first * (this.symbolRate / this.rate);
    const angle = -2 * Math.PI * (turns - Math.floor(turns));
    const re = up[0]! * down[0]! + up[1]! * down[1]!;
    const im = up[1]! * down[0]! - up[0]! * down[1]!;
    out[at] = re * Math.cos(angle) - im * Math.sin(angle);
    out[at + 1] = re * Math.sin(angle) + im * Math.cos(angle);
  }

  reset(): void {
    this.lastMeasured = -1;
    for (const stage of this.stages) stage.reset();
    for (const p of this.powers) p.clear();
    this.prime();
  }
}

/** Zeros behind `length` values up to `padded`. */
function chirp(hzPerSecond: number, length: number, sampleRate: number, padded: number): Float32Array {
  const out = new Float32Array(2 * padded);
  for (let n = 0; n < length; n++) {
    const t = (n - (length >> 1)) / sampleRate;
    out[2 * n] = Math.cos(2 * Math.PI * hzPerSecond * t * t);
    out[2 * n + 1] = -Math.sin(2 * Math.PI * hzPerSecond * t * t);
  }
  return out;
}
