import { SlidingWindow } from '../core/sliding-window.ts';
import type { Iq } from '../core/types.ts';
import { makeFft } from '../filter/fft.ts';
import { type AlignedBlock, firIq } from '../filter/fir-decimator.ts';
import { lowPass } from '../filter/fir-design.ts';

export interface PskCarrierOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** The carrier is searched within ± this, Hz. */
  readonly searchHz: number;
}

/** Symbols between estimates. */
const hopSymbols = 64;
/** A window is as long as a carrier of `driftHzPerS` stays in one bin, within these many symbols. */
const windowSeconds = 0.2;
const windowSymbols = { least: 256, most: 512 } as const;
/** Fastest drift followed: Doppler at closest approach, 70 cm band. */
const driftHzPerS = 100;
/** Hops ahead that decide where the carrier was: a coded frame at its threshold shows its line only over many blocks. */
const lookAhead = 24;
/** Hops on each side whose powers, aligned along the track, give the fraction of a bin. */
const alignSide = 2;
/** What a jump to any other frequency costs the path, in mean noise powers; a step of one bin costs `stepCost`. */
const jumpCost = 12;
const stepCost = 0.15;
/** Windows overlap: a hop's power counts by this. A single bin counts no more than `powerLimit`. */
const hopWeight = 0.4;
const powerLimit = 30;

/**
 * Feed-forward carrier frequency of BPSK down to Es/N0 −2 dB: the squared signal has a line at twice the carrier, and
 * the best path through the powers of successive blocks (Viterbi, `lookAhead` hops late) follows it. A step of that path
 * is a drift, a jump is another burst.
 */
export class PskCarrier {
  /** Samples from the newest sample read back to the newest estimate's centre, at most. */
  readonly latency: number;
  private readonly binHz: number;
  private readonly factor: number;
  private readonly hop: number;
  private readonly window: Float64Array;
  private readonly spectrum: Float64Array;
  private readonly fft;
  private readonly reach: number;
  private readonly bins: number;
  private readonly maxStep: number;
  /** Rings over the hops. */
  private readonly powers: readonly Float32Array[];
  private readonly from: readonly Int32Array[];
  private metric: Float32Array;
  private nextMetric: Float32Array;
  private readonly decisions: Int32Array;
  private readonly track = new Int32Array(lookAhead + 1);
  private readonly decimator: AlignedBlock<Iq, Iq> | null = null;
  private readonly squares = new Float32Array(2 * 4096);
  private readonly input = new SlidingWindow(1 << 14);
  private block = 0;

  /** @throws RangeError when twice the search range does not fit the sample rate */
  constructor(options: PskCarrierOptions) {
    const { sampleRate, symbolRate, searchHz } = options;
    if (!(searchHz > 0 && 4 * searchHz < sampleRate))
      throw new RangeError(`a carrier search of ±${searchHz} Hz does not fit ${sampleRate} samples/s`);
    // Only the lines' surroundings are kept of the squared signal.
    this.factor = Math.max(1, Math.floor(sampleRate / Math.max(4.8 * searchHz, symbolRate / 2)));
    const rate = sampleRate / this.factor;
    const passHz = Math.min(2 * searchHz, 0.45 * rate);
    const stopHz = Math.max(rate - passHz, 1.1 * passHz);
    if (this.factor > 1)
      this.decimator = firIq(lowPass({ sampleRate, passHz, stopHz, stopDb: 50 }), { decimation: this.factor });
    const symbols = Math.min(windowSymbols.most, Math.max(windowSymbols.least, windowSeconds * symbolRate));
    const length = 2 * Math.round((symbols * rate) / symbolRate / 2);
    this.hop = Math.round((hopSymbols * rate) / symbolRate);
    const size = 2 ** Math.ceil(Math.log2(2 * length));
    this.window = Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
    this.spectrum = new Float64Array(2 * size);
    this.fft = makeFft(size);
    this.binHz = rate / size / 2;
    this.reach = Math.min(size / 2 - 1, Math.max(4, Math.floor(searchHz / this.binHz)));
    this.bins = 2 * this.reach + 1;
    this.maxStep = Math.max(1, Math.ceil(((driftHzPerS * hopSymbols) / symbolRate / this.binHz) * 1.2));
    const ring = lookAhead + alignSide + 2;
    this.powers = Array.from({ length: ring }, () => new Float32Array(this.bins));
    this.from = Array.from({ length: ring }, () => new Int32Array(this.bins));
    this.decisions = new Int32Array(ring);
    this.metric = new Float32Array(this.bins);
    this.nextMetric = new Float32Array(this.bins);
    this.latency = (length + (lookAhead + 2) * this.hop) * this.factor + (this.decimator?.latency ?? 0);
    this.prime();
  }

  /** Half a window of zeros before the first sample: the first estimate is centred on sample 0. */
  private prime(): void {
    const half = this.window.length >> 1;
    this.input.start = -2 * half;
    this.input.end = -2 * half;
    this.input.append(new Float32Array(2 * half), 2 * half);
  }

  /** Reads `n` ≤ 4096 IQ pairs; calls `estimate(centreSample, hz)` for each new one, in order. */
  push(iq: Float32Array, n: number, estimate: (sample: number, hz: number) => void): void {
    const s = this.squares;
    for (let i = 0; i < n; i++) {
      const re = iq[2 * i]!;
      const im = iq[2 * i + 1]!;
      s[2 * i] = re * re - im * im;
      s[2 * i + 1] = 2 * re * im;
    }
    this.input.append(s, 2 * (this.decimator ? this.decimator.process(s, n, s) : n));
    const half = this.window.length >> 1;
    for (;;) {
      const first = this.block * this.hop - half;
      if (2 * (first + this.window.length) > this.input.end) break;
      this.measure(first);
      this.advance();
      const decided = this.block - lookAhead;
      this.block++;
      if (decided >= 0) {
        this.traceBack();
        estimate(decided * this.hop * this.factor, this.frequency(decided));
      }
      this.input.discardBefore(2 * (first + this.hop));
    }
  }

  /** Powers of the block's bins relative to their mean. */
  private measure(first: number): void {
    const { window, spectrum, reach } = this;
    const x = this.input.data;
    const base = 2 * first - this.input.start;
    spectrum.fill(0);
    for (let n = 0; n < window.length; n++) {
      const w = window[n]!;
      spectrum[2 * n] = w * x[base + 2 * n]!;
      spectrum[2 * n + 1] = w * x[base + 2 * n + 1]!;
    }
    this.fft.forward(spectrum);
    const power = this.powers[this.block % this.powers.length]!;
    const mask = this.fft.size - 1;
    let sum = 0;
    for (let k = -reach; k <= reach; k++) {
      const re = spectrum[2 * (k & mask)]!;
      const im = spectrum[2 * (k & mask) + 1]!;
      const p = re * re + im * im;
      power[k + reach] = p;
      sum += p;
    }
    const scale = sum > 0 ? this.bins / sum : 0;
    for (let k = 0; k < power.length; k++) power[k]! *= scale;
  }

  /** One step of the path search. */
  private advance(): void {
    const { bins, maxStep } = this;
    const slot = this.block % this.powers.length;
    const power = this.powers[slot]!;
    const from = this.from[slot]!;
    const old = this.metric;
    const now = this.nextMetric;
    let top = 0;
    for (let k = 1; k < bins; k++) if (old[k]! > old[top]!) top = k;
    const jump = old[top]! - jumpCost;
    for (let k = 0; k < bins; k++) {
      let best = jump;
      let source = top;
      const last = Math.min(bins - 1, k + maxStep);
      for (let j = Math.max(0, k - maxStep); j <= last; j++) {
        const m = old[j]! - stepCost * (j > k ? j - k : k - j);
        if (m > best) {
          best = m;
          source = j;
        }
      }
      from[k] = source;
      now[k] = best - old[top]! + hopWeight * Math.min(powerLimit, power[k]!);
    }
    this.metric = now;
    this.nextMetric = old;
  }

  /** `track[i]`: the bin `i` hops ago, on the path that is best now. */
  private traceBack(): void {
    let k = 0;
    for (let j = 1; j < this.bins; j++) if (this.metric[j]! > this.metric[k]!) k = j;
    for (let i = 0; i <= lookAhead; i++) {
      this.track[i] = k;
      k = this.from[(this.block - 1 - i) % this.from.length]![k]!;
    }
  }

  /** Carrier at hop `decided`: mean of the track around it, and the parabola's peak of the powers aligned along it. */
  private frequency(decided: number): number {
    const { decisions, powers, bins, maxStep } = this;
    const here = this.track[lookAhead]!;
    decisions[decided % powers.length] = here;
    let a = 0;
    let b = 0;
    let c = 0;
    let sum = 0;
    let count = 0;
    const add = (hop: number, k: number): void => {
      const p = powers[hop % powers.length]!;
      a += k > 0 ? p[k - 1]! : 0;
      b += p[k]!;
      c += k + 1 < bins ? p[k + 1]! : 0;
      sum += k;
      count++;
    };
    add(decided, here);
    // Both sides or none, so that a drift does not bias the mean.
    for (let d = 1, before = here, after = here; d <= alignSide && d <= decided; d++) {
      const earlier = decisions[(decided - d) % powers.length]!;
      const later = this.track[lookAhead - d]!;
      if (Math.abs(earlier - before) > maxStep || Math.abs(later - after) > maxStep) break;
      add(decided - d, earlier);
      add(decided + d, later);
      before = earlier;
      after = later;
    }
    const curve = a - 2 * b + c;
    const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
    return (sum / count + delta - this.reach) * this.binHz;
  }

  reset(): void {
    this.block = 0;
    for (const p of this.powers) p.fill(0);
    this.metric.fill(0);
    this.decimator?.reset();
    this.input.reset();
    this.prime();
  }
}
