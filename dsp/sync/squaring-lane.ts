import { SlidingWindow } from '../core/sliding-window.ts';
import { makeFft } from '../filter/fft.ts';
import { channelFilter, type Pushing } from '../modulation/channel-filter.ts';
import { iqMixer } from '../modulation/front.ts';

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
  readonly upper: readonly Float32Array[];
  readonly lower: readonly Float32Array[];
  /** The last block whose lines were looked for. */
  lastMeasured = -1;
  private readonly rate: number;
  private readonly symbolRate: number;
  private readonly hop: number;
  private readonly size: number;
  private readonly window: Float64Array;
  private readonly spectrum: Float64Array;
  private readonly fft;
  private readonly lineBin: number;
  /** e^(−j2πrt²) of each rate but 0, t from the middle of the block: straightens the squared carrier. */
  private readonly chirps: readonly (Float64Array | undefined)[];
  private readonly blocks: readonly Float64Array[];
  private readonly filtered: SlidingWindow;
  private readonly stages: readonly Pushing[];

  constructor(options: SquaringLaneOptions) {
    const { sampleRate, symbolRate, length } = options;
    this.centreHz = options.centreHz;
    this.symbolRate = symbolRate;
    this.rate = sampleRate / options.factor;
    this.hop = options.hop;
    // Many spectra a block are taken with bins as wide as a line at most, a single one with finer ones.
    this.size = 2 ** Math.ceil(Math.log2((options.rates.length > 1 ? 1.5 : 2) * length));
    this.window = Float64Array.from({ length }, (_, n) => Math.sin((Math.PI * (n + 1)) / (length + 1)));
    this.spectrum = new Float64Array(2 * this.size);
    this.fft = makeFft(this.size);
    this.binHz = this.rate / this.size / 2;
    this.lineBin = Math.round((symbolRate / 2 / this.rate) * this.size);
    this.reach = Math.floor(options.reachHz / this.binHz);
    this.bins = 2 * this.reach + 1;
    this.upper = Array.from({ length: depth }, () => new Float32Array(options.rates.length * this.bins));
    this.lower = Array.from({ length: depth }, () => new Float32Array(options.rates.length * this.bins));
    this.chirps = options.rates.map((rate) => (rate === 0 ? undefined : chirp(rate, length, this.rate)));
    this.blocks = Array.from({ length: depth }, () => new Float64Array(2 * length));
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
    const half = this.window.length >> 1;
    this.filtered.start = -2 * half;
    this.filtered.end = -2 * half;
    this.filtered.append(new Float32Array(2 * half), 2 * half);
  }

  push(iq: Float32Array, n: number): void {
    this.stages[0]!.push(iq, n);
  }

  /** Power of a block, or −1 while its samples are not there yet. */
  power(block: number): number {
    const n = this.window.length;
    const first = block * this.hop - (n >> 1);
    if (2 * (first + n) > this.filtered.end) return -1;
    const x = this.filtered.data;
    const base = 2 * first - this.filtered.start;
    let sum = 0;
    for (let i = base; i < base + 2 * n; i++) sum += x[i]! * x[i]!;
    return sum;
  }

  /** Leaves a block out: no line was looked for. */
  skip(block: number): void {
    this.upper[block % depth]!.fill(0);
    this.lower[block % depth]!.fill(0);
    this.filtered.discardBefore(2 * ((block + 1) * this.hop - (this.window.length >> 1)));
  }

  /** Measures a block whose samples are there. */
  measure(block: number): void {
    const { window, spectrum, bins } = this;
    this.lastMeasured = block;
    const first = block * this.hop - (window.length >> 1);
    const kept = this.blocks[block % depth]!;
    const x = this.filtered.data;
    const base = 2 * first - this.filtered.start;
    for (let n = 0; n < window.length; n++) {
      const re = x[base + 2 * n]!;
      const im = x[base + 2 * n + 1]!;
      const w = window[n]!;
      const a = w * (re * re - im * im);
      const b = w * 2 * re * im;
      kept[2 * n] = a;
      kept[2 * n + 1] = b;
    }
    const upper = this.upper[block % depth]!;
    const lower = this.lower[block % depth]!;
    const mask = this.size - 1;
    for (let r = 0; r < this.chirps.length; r++) {
      spectrum.fill(0, 2 * window.length);
      straighten(kept, this.chirps[r], window.length, spectrum);
      this.fft.forward(spectrum);
      for (let k = -this.reach; k <= this.reach; k++) {
        const u = 2 * ((k + this.lineBin) & mask);
        const l = 2 * ((k - this.lineBin) & mask);
        const at = r * bins + k + this.reach;
        upper[at] = spectrum[u]! ** 2 + spectrum[u + 1]! ** 2;
        lower[at] = spectrum[l]! ** 2 + spectrum[l + 1]! ** 2;
      }
    }
    this.filtered.discardBefore(2 * (first + this.hop));
  }

  /**
   * c₊·c₋* of a remembered block for a carrier `hz` from the centre and the Doppler rate of index `rate`: its phase is −2π times the symbol boundary, on the
   * absolute sample axis. Writes re, im to `out[at]`, `out[at + 1]`.
   */
  phasor(block: number, hz: number, rate: number, out: Float64Array, at: number): void {
    const n = this.window.length;
    const x = this.spectrum;
    straighten(this.blocks[block % depth]!, this.chirps[rate], n, x);
    const up = tone(x, n, (2 * hz + this.symbolRate / 2) / this.rate);
    const down = tone(x, n, (2 * hz - this.symbolRate / 2) / this.rate);
    const first = block * this.hop - (n >> 1);
    const turns = first * (this.symbolRate / this.rate);
    const angle = -2 * Math.PI * (turns - Math.floor(turns));
    const re = up.re * down.re + up.im * down.im;
    const im = up.im * down.re - up.re * down.im;
    out[at] = re * Math.cos(angle) - im * Math.sin(angle);
    out[at + 1] = re * Math.sin(angle) + im * Math.cos(angle);
  }

  reset(): void {
    this.lastMeasured = -1;
    for (const stage of this.stages) stage.reset();
    for (const p of [...this.upper, ...this.lower]) p.fill(0);
    this.prime();
  }
}

function chirp(hzPerSecond: number, length: number, sampleRate: number): Float64Array {
  const out = new Float64Array(2 * length);
  for (let n = 0; n < length; n++) {
    const t = (n - (length >> 1)) / sampleRate;
    out[2 * n] = Math.cos(2 * Math.PI * hzPerSecond * t * t);
    out[2 * n + 1] = -Math.sin(2 * Math.PI * hzPerSecond * t * t);
  }
  return out;
}

/** Writes n values of x·chirp to `out`. */
function straighten(x: Float64Array, by: Float64Array | undefined, n: number, out: Float64Array): void {
  if (!by) {
    for (let i = 0; i < 2 * n; i++) out[i] = x[i]!;
    return;
  }
  for (let i = 0; i < 2 * n; i += 2) {
    const a = x[i]!;
    const b = x[i + 1]!;
    out[i] = a * by[i]! - b * by[i + 1]!;
    out[i + 1] = a * by[i + 1]! + b * by[i]!;
  }
}

/** Σ x[n]·e^(−j2πfn) over `n` interleaved values, `f` in cycles per sample. */
function tone(x: Float64Array, n: number, f: number): { re: number; im: number } {
  const c = Math.cos(-2 * Math.PI * f);
  const s = Math.sin(-2 * Math.PI * f);
  let pr = 1;
  let pi = 0;
  let re = 0;
  let im = 0;
  for (let i = 0; i < n; i++) {
    const a = x[2 * i]!;
    const b = x[2 * i + 1]!;
    re += a * pr - b * pi;
    im += a * pi + b * pr;
    const t = pr * c - pi * s;
    pi = pr * s + pi * c;
    pr = t;
  }
  return { re, im };
}
