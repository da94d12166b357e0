import { isSilent } from '../core/silence.ts';
import { SlidingWindow } from '../core/sliding-window.ts';
import { type ClockAnchor, SymbolClock } from '../sync/symbol-clock.ts';

/** Symbols on each side of the mean that the timing signal is taken from. */
const meanSymbols = 64;

/** Correlator over one symbol, ends weighted so that its length is exact: the matched filter of a rectangular pulse. */
export function boxcar(samples: number): Float32Array {
  const half = Math.ceil(samples / 2 - 0.5);
  const taps = new Float32Array(2 * half + 1).fill(1 / samples);
  const edge = (samples - (2 * half - 1)) / 2 / samples;
  taps[0] = edge;
  taps[2 * half] = edge;
  return taps;
}

/** The pulse of a symbol, and what of the filtered signal tells its timing. */
export interface SymbolShape {
  /** Matched filter, an odd number of taps of unit sum. */
  readonly taps: Float32Array;
  /** 'square': it is furthest from its mean in the middle of symbols. 'slope': it is steepest between them, as narrow pulses of many levels are. */
  readonly timing: 'square' | 'slope';
}

/**
 * Instantaneous frequency, real samples → one value a symbol: matched filter, by default the mean over a symbol, and feed-forward
 * timing. Symbols are numbered on from 0.
 */
export class FskAudioSymbols {
  /** One value a symbol. The reader discards. */
  readonly values = new SlidingWindow(1 << 13);
  /** Samples pushed that no symbol needs any more lie before this latency. */
  readonly latency: number;
  private readonly taps: Float32Array;
  private readonly clock: SymbolClock;
  private readonly input = new SlidingWindow(1 << 14);
  private readonly filtered = new SlidingWindow(1 << 15);
  /** Ring over the symbols in flight; a piece of input brings at most 2048 more. */
  private readonly positions = new Float64Array(1 << 13);
  private readonly meanSamples: number;
  private readonly timing: SlidingWindow = new SlidingWindow(1 << 14);
  private readonly slope: boolean;
  private readonly onAnchor: (a: ClockAnchor, b: ClockAnchor) => void;
  private sum = 0;
  private summed = 0;

  /** @param maxRateError greatest relative error of the symbol rate */
  constructor(
    samplesPerSymbol: number,
    maxRateError: number,
    shape: SymbolShape = { taps: boxcar(samplesPerSymbol), timing: 'square' },
  ) {
    this.taps = shape.taps;
    this.slope = shape.timing === 'slope';
    this.clock = new SymbolClock(samplesPerSymbol, maxRateError);
    this.meanSamples = Math.round(meanSymbols * samplesPerSymbol);
    this.latency = this.clock.latency + this.meanSamples + 2 * this.taps.length;
    this.onAnchor = (a, b) => this.interpolate(a, b);
    this.prime();
  }

  /** Sample at the centre of one of the last symbols. */
  position(symbol: number): number {
    return this.positions[symbol & (this.positions.length - 1)]!;
  }

  /** Reads at most 4096 samples. */
  push(x: Float32Array, n: number): void {
    this.input.append(x, n);
    this.filter();
    this.square();
    this.filtered.discardBefore(
      Math.min(this.timing.end - this.clock.latency - 8, this.filtered.end - 2 * this.meanSamples - 2),
    );
  }

  /** The input is taken to be zero before its first sample. */
  private prime(): void {
    const half = (this.taps.length - 1) / 2;
    this.input.start = -half;
    this.input.end = -half;
    this.input.append(new Float32Array(half), half);
  }

  private filter(): void {
    const { taps, input, filtered } = this;
    const reach = taps.length - 1;
    const n = input.end - input.start - reach;
    if (n <= 0) return;
    const at = filtered.reserve(n);
    const x = input.data;
    const y = filtered.data;
    if (isSilent(x, 0, n + reach)) y.fill(0, at, at + n);
    else
      for (let i = 0; i < n; i++) {
        let acc = 0;
        for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
        y[at + i] = acc;
      }
    // Exactly 2·half samples of history stay, so that filtered sample m is centred on input sample m.
    x.copyWithin(0, n, n + reach);
    input.start += n;
  }

  /** The timing signal: the filtered signal less its mean over ±64 symbols, or its slope, squared. */
  private square(): void {
    const { timing, filtered, meanSamples } = this;
    const from = timing.end;
    const to = filtered.end - meanSamples;
    if (to <= from) return;
    const at = timing.reserve(to - from);
    const y = filtered.data;
    const base = filtered.start;
    let { sum, summed } = this;
    for (let i = from; i < to; i++) {
      while (summed < i + meanSamples) {
        sum += y[summed - base]!;
        summed++;
        if (summed > 2 * meanSamples) sum -= y[summed - 1 - 2 * meanSamples - base]!;
      }
      const mean = sum / Math.min(summed, 2 * meanSamples);
      const d = this.slope ? y[i + 1 - base]! - (i > base ? y[i - 1 - base]! : 0) : y[i - base]! - mean;
      timing.data[at + i - from] = d * d;
    }
    this.sum = sum;
    this.summed = summed;
    this.clock.push(timing.data, at, to - from, this.onAnchor);
    timing.discardBefore(timing.end);
  }

  private interpolate(a: ClockAnchor, b: ClockAnchor): void {
    const { filtered, values } = this;
    const slope = (b.sample - a.sample) / (b.phase - a.phase);
    const y = filtered.data;
    const base = filtered.start;
    // Where the slope tells, whole numbers lie between symbols.
    const between = this.slope ? 0.5 : 0;
    for (let k = Math.ceil(a.phase - between) + between; k < b.phase; k++) {
      const t = a.sample + (k - a.phase) * slope;
      const i = Math.floor(t);
      const u = t - i;
      const o = i - base;
      if (o < 1 || o + 2 >= filtered.end - base) continue;
      // Cubic Lagrange: at two or more samples a symbol of a filtered signal its error is far below the noise.
      const at = values.reserve(1);
      values.data[at] =
        (-u * (u - 1) * (u - 2) * y[o - 1]!) / 6 +
        ((u + 1) * (u - 1) * (u - 2) * y[o]!) / 2 -
        ((u + 1) * u * (u - 2) * y[o + 1]!) / 2 +
        ((u + 1) * u * (u - 1) * y[o + 2]!) / 6;
      this.positions[(values.end - 1) & (this.positions.length - 1)] = t;
    }
  }

  reset(): void {
    for (const window of [this.input, this.filtered, this.timing, this.values]) window.reset();
    this.clock.reset();
    this.prime();
    this.sum = 0;
    this.summed = 0;
  }
}
