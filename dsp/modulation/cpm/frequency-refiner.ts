import { SlidingWindow } from '../../core/sliding-window.ts';
import { CpmDetector, correlate, detectorLookAhead } from './detector.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';
import { WipedPhasor } from './wiped-phasor.ts';

const blockSymbols = 256;
const floats = 2 * samplesPerSymbol;
/** The frequency is computed at every so many symbols and held in between: far below what the Hann window passes. */
const grain = 4;

export interface RefinerOptions {
  /** Memory of the detector that wipes the data: short in a first pass, since the frequency is still off. */
  readonly alpha: number;
  /** Symbols between the two phasors whose angle is the frequency. */
  readonly lag: number;
  /** Length of the Hann window over these products, symbols, odd. */
  readonly window: number;
}

/**
 * Decision-directed frequency refinement of symbols at 4 samples each: the data are wiped off, the products of phasors
 * `lag` symbols apart are smoothed, their angle is taken out. Streaming; symbols keep their numbers.
 */
export class FrequencyRefiner {
  readonly output: SlidingWindow;
  private readonly options: RefinerOptions;
  private reference: CpmReference;
  private readonly detector: CpmDetector;
  private readonly wiped = new WipedPhasor();
  private readonly z = new Float32Array(2 * patterns * (blockSymbols + detectorLookAhead));
  private readonly llr = new Float32Array(blockSymbols);
  private readonly pattern = new Uint8Array(blockSymbols);
  private readonly hann: Float64Array;
  /** Phasors and frequencies (rad a symbol), rings by symbol. */
  private readonly w = new Float64Array(2 * 4096);
  private readonly frequency = new Float64Array(4096);
  private decided = 0;
  private derotated = 0;
  private angle = 0;

  constructor(reference: CpmReference, options: RefinerOptions) {
    this.reference = reference;
    this.options = options;
    this.detector = new CpmDetector(reference, options.alpha, blockSymbols + detectorLookAhead, 2);
    this.output = new SlidingWindow(1 << 14);
    const n = options.window;
    this.hann = Float64Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (n + 1)));
  }

  setReference(reference: CpmReference): void {
    this.reference = reference;
    this.detector.setReference(reference);
  }

  /** Symbols held back at most. */
  get latency(): number {
    return blockSymbols + detectorLookAhead + this.options.window + this.options.lag;
  }

  /**
   * Reads what has come to `input` (floats, 8 a symbol) and discards what is done; with `last`, to its end.
   * @returns nothing; refined symbols are appended to `output`
   */
  advance(input: SlidingWindow, last: boolean): void {
    for (;;) {
      const available = input.end / floats - this.decided;
      if (available <= 0 || (!last && available < blockSymbols + detectorLookAhead)) break;
      const total = Math.min(available, blockSymbols + detectorLookAhead);
      const n = Math.min(total, blockSymbols);
      correlate(this.reference, input.data, this.decided * floats - input.start, total, this.z);
      this.detector.detect(this.z, n, total - n, this.llr, this.pattern);
      this.wiped.process(this.reference, this.z, this.pattern, n, block, 0);
      for (let k = 0; k < n; k++) {
        const slot = 2 * ((this.decided + k) & 4095);
        this.w[slot] = block[2 * k]!;
        this.w[slot + 1] = block[2 * k + 1]!;
      }
      this.decided += n;
      const half = (this.options.window - 1) / 2;
      this.derotate(input, this.decided - half - this.options.lag - grain);
    }
    if (last) this.derotate(input, this.decided);
  }

  private derotate(input: SlidingWindow, limit: number): void {
    const until = Math.max(this.derotated, limit);
    const count = until - this.derotated;
    if (count <= 0) return;
    for (let k = this.derotated; k < until; k++)
      this.frequency[k & 4095] = k % grain === 0 || k === 0 ? this.frequencyAt(k) : this.frequency[(k - 1) & 4095]!;
    const at = this.output.reserve(count * floats);
    const y = this.output.data;
    const x = input.data;
    let { angle } = this;
    for (let k = 0; k < count; k++) {
      const step = this.frequency[(this.derotated + k) & 4095]!;
      const from = (this.derotated + k) * floats - input.start;
      for (let i = 0; i < samplesPerSymbol; i++) {
        const a = angle + (step * (i + 0.5)) / samplesPerSymbol;
        const c = Math.cos(a);
        const s = Math.sin(a);
        const re = x[from + 2 * i]!;
        const im = x[from + 2 * i + 1]!;
        y[at + k * floats + 2 * i] = re * c + im * s;
        y[at + k * floats + 2 * i + 1] = im * c - re * s;
      }
      angle += step;
      angle -= 2 * Math.PI * Math.round(angle / (2 * Math.PI));
    }
    this.angle = angle;
    this.derotated = until;
    input.discardBefore(Math.min(this.decided, this.derotated) * floats);
  }

  /** Angle of the smoothed lag products around symbol `k`, per symbol. */
  private frequencyAt(k: number): number {
    const { lag, window } = this.options;
    const half = (window - 1) / 2;
    const shift = lag >> 1;
    let re = 0;
    let im = 0;
    const from = Math.max(lag, k - half + shift, this.decided - 4000);
    const to = Math.min(this.decided - 1, k + half + shift);
    for (let j = from; j <= to; j++) {
      const a = 2 * (j & 4095);
      const b = 2 * ((j - lag) & 4095);
      const h = this.hann[j - shift - k + half]!;
      re += h * (this.w[a]! * this.w[b]! + this.w[a + 1]! * this.w[b + 1]!);
      im += h * (this.w[a + 1]! * this.w[b]! - this.w[a]! * this.w[b + 1]!);
    }
    return re === 0 && im === 0 ? 0 : Math.atan2(im, re) / lag;
  }

  /** Frequency taken out at a symbol of the recent past, rad a symbol. */
  frequencyOf(symbol: number): number {
    return this.frequency[symbol & 4095]!;
  }

  reset(): void {
    this.detector.reset();
    this.wiped.reset();
    this.output.reset();
    this.decided = 0;
    this.derotated = 0;
    this.angle = 0;
  }
}

/** Scratch of one block, shared: detection is synchronous. */
const block = new Float64Array(2 * blockSymbols);
