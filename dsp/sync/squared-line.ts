import { SlidingWindow } from '../core/sliding-window.ts';
import { makeFft } from '../filter/fft.ts';

export interface SquaredLineOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** The carrier is searched within ± this, Hz. */
  readonly searchHz: number;
  /** Symbols of one estimate, and between estimates. */
  readonly windowSymbols?: number;
  readonly hopSymbols?: number;
}

/**
 * Feed-forward carrier frequency of BPSK: the squared signal has a line at twice the carrier. An estimate each hop from
 * a Hann window, powers summed with both neighbours, peak interpolated by a parabola.
 */
export class SquaredLine {
  /** Samples from the newest sample read back to the newest estimate's centre, at most. */
  readonly latency: number;
  private readonly sampleRate: number;
  private readonly hop: number;
  private readonly size: number;
  private readonly window: Float64Array;
  private readonly spectrum: Float64Array;
  private readonly fft;
  private readonly reach: number;
  private readonly powers: readonly Float64Array[];
  private readonly input: SlidingWindow;
  private block = 0;

  /** @throws RangeError when twice the search range does not fit the sample rate */
  constructor(options: SquaredLineOptions) {
    const { sampleRate, symbolRate, searchHz } = options;
    if (!(searchHz > 0 && 4 * searchHz < sampleRate))
      throw new RangeError(`a carrier search of ±${searchHz} Hz does not fit ${sampleRate} samples/s`);
    const length = Math.round(((options.windowSymbols ?? 256) * sampleRate) / symbolRate);
    this.sampleRate = sampleRate;
    this.hop = Math.round(((options.hopSymbols ?? 64) * sampleRate) / symbolRate);
    this.size = 2 ** Math.ceil(Math.log2(2 * length));
    this.window = Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
    this.spectrum = new Float64Array(2 * this.size);
    this.fft = makeFft(this.size);
    this.reach = Math.floor((2 * searchHz * this.size) / sampleRate);
    this.powers = Array.from({ length: 4 }, () => new Float64Array(2 * this.reach + 1));
    this.input = new SlidingWindow(1 << 15);
    this.latency = length + 2 * this.hop;
    this.prime();
  }

  /** Half a window of zeros before the first sample: the first estimate is centred on sample 0. */
  private prime(): void {
    const half = this.window.length >> 1;
    this.input.start = -2 * half;
    this.input.end = -2 * half;
    this.input.append(new Float32Array(2 * half), 2 * half);
  }

  /** Reads `n` IQ pairs; calls `estimate(centreSample, hz)` for each new one, in order. */
  push(iq: Float32Array, n: number, estimate: (sample: number, hz: number) => void): void {
    this.input.append(iq, 2 * n);
    const half = this.window.length >> 1;
    for (;;) {
      const first = this.block * this.hop - half;
      if (2 * (first + this.window.length) > this.input.end) break;
      this.measure(first);
      this.block++;
      // One block late, so that both neighbours count.
      if (this.block >= 2) estimate((this.block - 2) * this.hop, this.peak(this.block - 2));
      this.input.discardBefore(2 * (first + this.hop));
    }
  }

  private measure(first: number): void {
    const { window, spectrum } = this;
    const x = this.input.data;
    const base = 2 * first - this.input.start;
    spectrum.fill(0);
    for (let n = 0; n < window.length; n++) {
      const re = x[base + 2 * n]!;
      const im = x[base + 2 * n + 1]!;
      const w = window[n]!;
      spectrum[2 * n] = w * (re * re - im * im);
      spectrum[2 * n + 1] = w * 2 * re * im;
    }
    this.fft.forward(spectrum);
    const power = this.powers[this.block & 3]!;
    const mask = this.size - 1;
    for (let k = -this.reach; k <= this.reach; k++) {
      const re = spectrum[2 * (k & mask)]!;
      const im = spectrum[2 * (k & mask) + 1]!;
      power[k + this.reach] = re * re + im * im;
    }
  }

  private peak(block: number): number {
    const before = this.powers[(block + 3) & 3]!;
    const here = this.powers[block & 3]!;
    const after = this.powers[(block + 1) & 3]!;
    const at = (k: number): number => (block > 0 ? before[k]! : 0) + here[k]! + after[k]!;
    let best = 1;
    for (let k = 1; k < here.length - 1; k++) if (at(k) > at(best)) best = k;
    const a = at(best - 1);
    const b = at(best);
    const c = at(best + 1);
    const curve = a - 2 * b + c;
    const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
    return ((best + delta - this.reach) * this.sampleRate) / this.size / 2;
  }

  reset(): void {
    this.block = 0;
    for (const p of this.powers) p.fill(0);
    this.prime();
  }
}
