import { SlidingWindow } from '../core/sliding-window.ts';
import { makeFft } from '../filter/fft.ts';
import type { CpmSync, CpmSyncSink } from './cpm-sync.ts';

export interface CpmSquaringOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** Symbols of one estimate: 512 for uncoded framings, 1024 where a strong code works at a lower Es/N0. */
  readonly windowSymbols?: number;
}

/** Symbols between estimates. */
const hopSymbols = 128;
/**
 * Carrier range in units of the symbol rate. The squared preamble 1010… has a line at twice the carrier too, which reads
 * as a carrier ±1/(4T) off: a range below 0.2/T hides it.
 */
const rangeSymbols = 0.13;
/** Estimates on each side that are summed before a decision. */
const side = 2;

/**
 * Carrier frequency and symbol timing of binary CPM with h near ½ (GMSK), both feed-forward and without data: squared,
 * it has lines at 2f ± 1/(2T). Their frequency gives f, their phase difference the symbol boundaries. Noise gives random
 * values for f and timing, so neighbours are combined as powers and phasors, never as values.
 *
 * Source: Vilmur and Barker, "Timing and carrier recovery for MSK and offset QPSK", 1989 (line spectrum of squared MSK).
 */
export class CpmSquaring implements CpmSync {
  readonly latency: number;
  private readonly symbolRate: number;
  /** Rate of the squared signal: every second sample, since the lines lie within ±0.76/T. */
  private readonly rate: number;
  private readonly step: number;
  private readonly hop: number;
  private readonly size: number;
  private readonly window: Float64Array;
  private readonly spectrum: Float64Array;
  private readonly fft;
  private readonly lineBin: number;
  private readonly reach: number;
  private readonly powers: readonly Float64Array[];
  private readonly sum: Float64Array;
  /** Phasors c₊·c₋* of the last estimates. */
  private readonly phasor = new Float64Array(16);
  private readonly hz = new Float64Array(8);
  private readonly blocks: readonly Float64Array[];
  private readonly input: SlidingWindow;
  private block = 0;
  private refined = 0;
  private lastPhase = 0;
  private emitted = 0;

  constructor(options: CpmSquaringOptions) {
    const { sampleRate, symbolRate } = options;
    this.symbolRate = symbolRate;
    this.step = sampleRate / symbolRate >= 4 ? 2 : 1;
    this.rate = sampleRate / this.step;
    const perSymbol = this.rate / symbolRate;
    const length = Math.round((options.windowSymbols ?? 512) * perSymbol);
    this.hop = Math.round(hopSymbols * perSymbol);
    this.size = 2 ** Math.ceil(Math.log2(2 * length));
    this.window = Float64Array.from({ length }, (_, n) => Math.sin((Math.PI * (n + 1)) / (length + 1)));
    this.spectrum = new Float64Array(2 * this.size);
    this.fft = makeFft(this.size);
    this.lineBin = Math.round(this.size / (2 * perSymbol));
    this.reach = Math.floor((2 * rangeSymbols * this.size) / perSymbol);
    this.powers = Array.from({ length: 8 }, () => new Float64Array(2 * this.reach + 1));
    this.sum = new Float64Array(2 * this.reach + 1);
    this.blocks = Array.from({ length: 8 }, () => new Float64Array(2 * length));
    this.input = new SlidingWindow(1 << 16);
    this.latency = this.step * (length + (2 * side + 2) * this.hop);
    this.prime();
  }

  private prime(): void {
    const half = this.step * (this.window.length >> 1);
    this.input.start = -2 * half;
    this.input.end = -2 * half;
    this.input.append(new Float32Array(2 * half), 2 * half);
  }

  push(iq: Float32Array, at: number, n: number, sink: CpmSyncSink): void {
    this.input.data.set(iq.subarray(at, at + 2 * n), this.input.reserve(2 * n));
    const length = this.window.length;
    for (;;) {
      const first = this.step * (this.block * this.hop - (length >> 1));
      if (2 * (first + this.step * length) > this.input.end) break;
      this.measure(first);
      this.block++;
      // The frequency of an estimate needs `side` later blocks, its smoothed timing as many refined ones again.
      const r = this.block - 1 - side;
      if (r >= 0) this.refine(r);
      const e = r - side;
      if (e >= 0) this.emit(e, sink);
      this.input.discardBefore(2 * (first + this.step * this.hop));
    }
  }

  private measure(first: number): void {
    const { window, spectrum } = this;
    const block = this.blocks[this.block & 7]!;
    const x = this.input.data;
    const base = 2 * first - this.input.start;
    const stride = 2 * this.step;
    spectrum.fill(0, 2 * window.length);
    for (let n = 0; n < window.length; n++) {
      const re = x[base + stride * n]!;
      const im = x[base + stride * n + 1]!;
      const w = window[n]!;
      const a = w * (re * re - im * im);
      const b = w * 2 * re * im;
      block[2 * n] = a;
      block[2 * n + 1] = b;
      spectrum[2 * n] = a;
      spectrum[2 * n + 1] = b;
    }
    this.fft.forward(spectrum);
    const power = this.powers[this.block & 7]!;
    const mask = this.size - 1;
    for (let k = -this.reach; k <= this.reach; k++) {
      const u = 2 * ((k + this.lineBin) & mask);
      const l = 2 * ((k - this.lineBin) & mask);
      power[k + this.reach] = spectrum[u]! ** 2 + spectrum[u + 1]! ** 2 + spectrum[l]! ** 2 + spectrum[l + 1]! ** 2;
    }
  }

  private refine(block: number): void {
    const { sum, reach } = this;
    sum.fill(0);
    for (let b = Math.max(0, block - side); b <= block + side; b++) {
      const power = this.powers[b & 7]!;
      for (let k = 0; k < sum.length; k++) sum[k]! += power[k]!;
    }
    let best = 1;
    for (let k = 2; k < sum.length - 1; k++) if (sum[k]! > sum[best]!) best = k;
    const a = sum[best - 1]!;
    const c = sum[best + 1]!;
    const curve = a - 2 * sum[best]! + c;
    const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
    const line = ((best + delta - reach) * this.rate) / this.size;
    this.hz[block & 7] = line / 2;
    this.linePhasor(block, line);
  }

  /** c₊·c₋* of a block: its phase is −2π times the symbol boundary, on the absolute sample axis. */
  private linePhasor(block: number, line: number): void {
    const x = this.blocks[block & 7]!;
    const n = this.window.length;
    const half = this.symbolRate / 2;
    const up = tone(x, n, (line + half) / this.rate);
    const down = tone(x, n, (line - half) / this.rate);
    const first = block * this.hop - (n >> 1);
    const turns = first * (this.symbolRate / this.rate);
    const angle = -2 * Math.PI * (turns - Math.floor(turns));
    const re = up.re * down.re + up.im * down.im;
    const im = up.im * down.re - up.re * down.im;
    this.phasor[2 * (block & 7)] = re * Math.cos(angle) - im * Math.sin(angle);
    this.phasor[2 * (block & 7) + 1] = re * Math.sin(angle) + im * Math.cos(angle);
    this.refined = block + 1;
  }

  private emit(block: number, sink: CpmSyncSink): void {
    let re = 0;
    let im = 0;
    for (let b = Math.max(0, block - side); b <= Math.min(block + side, this.refined - 1); b++) {
      re += this.phasor[2 * (b & 7)]!;
      im += this.phasor[2 * (b & 7) + 1]!;
    }
    // Boundary t₀ in symbols, unwrapped from block to block.
    const t0 = -Math.atan2(im, re) / (2 * Math.PI);
    const boundary =
      this.emitted++ === 0 ? t0 : this.lastPhase + (t0 - this.lastPhase - Math.round(t0 - this.lastPhase));
    this.lastPhase = boundary;
    sink.sync(block * this.hop * this.step, this.hz[block & 7]!, boundary);
  }

  reset(): void {
    this.block = 0;
    this.refined = 0;
    this.lastPhase = 0;
    this.emitted = 0;
    for (const p of this.powers) p.fill(0);
    this.prime();
  }
}

/** Σ x[n]·e^{−j2πfn} over `n` interleaved values, `f` in cycles per sample. */
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
