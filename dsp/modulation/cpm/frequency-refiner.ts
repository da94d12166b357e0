import { isSilent } from '../../core/silence.ts';
import { SlidingWindow } from '../../core/sliding-window.ts';
import { CpmDetector, correlate, detectorLookAhead } from './detector.ts';
import { type CpmReference, patterns, samplesPerSymbol } from './reference.ts';
import { SymbolRotation } from './symbol-rotation.ts';
import { WipedPhasor } from './wiped-phasor.ts';

const blockSymbols = 256;
const floats = 2 * samplesPerSymbol;
/** The frequency is computed at every so many symbols and held in between: far below what the Hann window passes. */
const grain = 4;
/** Sums over so many neighbouring products are what the window is applied to: 4096 symbols of them. */
const groupRing = 4096 / grain;

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
  /** The window over groups of products. */
  private readonly hann: Float64Array;
  /** Sums of `grain` lag products (re, im), ring: those of group g belong to the symbols from grain·g on. */
  private readonly sums = new Float64Array(2 * groupRing);
  /** Phasors and frequencies (rad a symbol), rings by symbol. */
  private readonly w = new Float64Array(2 * 4096);
  private readonly frequency = new Float64Array(4096);
  private decided = 0;
  private summed = 0;
  private derotated = 0;
  private readonly rotation = new SymbolRotation();

  constructor(reference: CpmReference, options: RefinerOptions) {
    this.reference = reference;
    this.options = options;
    this.detector = new CpmDetector(reference, options.alpha, blockSymbols + detectorLookAhead, 2);
    this.output = new SlidingWindow(1 << 14);
    const n = (options.window + 1) / grain;
    const half = Math.floor(n / 2);
    this.hann = Float64Array.from(
      { length: 2 * half + 1 },
      (_, i) => 0.5 + 0.5 * Math.cos((2 * Math.PI * (i - half)) / n),
    );
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
      const from = this.decided * floats - input.start;
      if (isSilent(input.data, from, from + total * floats)) {
        this.detector.reset();
        block.fill(0, 0, 2 * n);
      } else {
        correlate(this.reference, input.data, from, total, this.z);
        this.detector.detect(this.z, n, total - n, this.llr, this.pattern);
        this.wiped.process(this.reference, this.z, this.pattern, n, block, 0);
      }
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
    this.sumProducts();
    for (let k = this.derotated; k < until; k++)
      this.frequency[k & 4095] = k % grain === 0 ? this.frequencyAt(k) : this.frequency[(k - 1) & 4095]!;
    const at = this.output.reserve(count * floats);
    const y = this.output.data;
    const x = input.data;
    for (let k = 0; k < count; k++) {
      const symbol = this.derotated + k;
      this.rotation.next(x, symbol * floats - input.start, y, at + k * floats, this.frequency[symbol & 4095]!);
    }
    this.derotated = until;
    input.discardBefore(Math.min(this.decided, this.derotated) * floats);
  }

  /** Adds the lag products of what has been decided to the sums of their groups. */
  private sumProducts(): void {
    const { w, sums } = this;
    const { lag } = this.options;
    const shift = lag >> 1;
    for (let j = Math.max(lag, this.summed); j < this.decided; j++) {
      const a = 2 * (j & 4095);
      const b = 2 * ((j - lag) & 4095);
      const group = 2 * (((j - shift) / grain) & (groupRing - 1));
      if ((j - shift) % grain === 0) {
        sums[group] = 0;
        sums[group + 1] = 0;
      }
      sums[group]! += w[a]! * w[b]! + w[a + 1]! * w[b + 1]!;
      sums[group + 1]! += w[a + 1]! * w[b]! - w[a]! * w[b + 1]!;
    }
    this.summed = this.decided;
  }

  /** Angle of the smoothed lag products around the symbols from `k` on that it is held for, per symbol. */
  private frequencyAt(k: number): number {
    const { hann, sums } = this;
    const { lag } = this.options;
    const half = (hann.length - 1) / 2;
    const centre = k / grain;
    let re = 0;
    let im = 0;
    const from = Math.max(0, centre - half);
    const to = Math.min(Math.floor((this.decided - 1 - (lag >> 1)) / grain), centre + half);
    for (let g = from; g <= to; g++) {
      const at = 2 * (g & (groupRing - 1));
      const h = hann[g - centre + half]!;
      re += h * sums[at]!;
      im += h * sums[at + 1]!;
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
    this.summed = 0;
    this.sums.fill(0);
    this.derotated = 0;
    this.rotation.reset();
  }
}

/** Scratch of one block, shared: detection is synchronous. */
const block = new Float64Array(2 * blockSymbols);
