import { isSilent } from '../core/silence.ts';
import { SlidingWindow } from '../core/sliding-window.ts';
import { makeFft } from '../filter/fft.ts';
import { type Kernels, tapBlock } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';

export interface CoarseCarrierOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** Width of the signal's main lobe, or of each of two, Hz. */
  readonly widthHz: number;
  /** The signal has two lobes, this far from its carrier on either side, Hz; default: one, at the carrier. */
  readonly tonesHz?: number;
  /** The carrier is searched within ± this, Hz. */
  readonly searchHz: number;
}

/** Transform of about so many symbols: resolves the main lobe, and many of them average the noise. */
const transformSymbols = 32;
/** Transforms (half overlapping) between estimates, and summed for one: ±2 hops. */
const transformsPerHop = 4;
const sideHops = 2;

/**
 * Feed-forward coarse carrier frequency of a signal without a line (FSK): where a window of the shape of its main lobe
 * holds the most power. Good to a few per cent of the width; what remains is the demodulator's part.
 */
export class CoarseCarrier {
  readonly latency: number;
  private readonly sampleRate: number;
  private readonly size: number;
  private readonly step: number;
  private readonly window: Float64Array;
  private readonly spectrum: Float32Array;
  private readonly fft;
  /** Padded with zeros to whole blocks of taps. */
  private readonly template: Float32Array;
  private readonly kernels: Kernels;
  private readonly side: number;
  private readonly reach: number;
  /** Power of the last hops, ring of 8. */
  private readonly hops: readonly Float64Array[];
  /** Summed powers of the bins from −reach − side on, where `side` bins of the template are beside its middle. */
  private readonly sum: Float32Array;
  private readonly score: Float32Array;
  private readonly input: SlidingWindow;
  private transform = 0;
  private lastHz = 0;

  constructor(options: CoarseCarrierOptions, kernels: Kernels = wasmKernels()) {
    const { sampleRate, symbolRate, widthHz, searchHz } = options;
    this.sampleRate = sampleRate;
    this.size = Math.max(64, 2 ** Math.round(Math.log2((transformSymbols * sampleRate) / symbolRate)));
    this.step = this.size / 2;
    this.window = Float64Array.from({ length: this.size }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / this.size));
    this.spectrum = new Float32Array(2 * this.size);
    this.fft = makeFft(this.size);
    const lobe = Math.max(1, Math.round((widthHz / 2 / sampleRate) * this.size));
    const apart = Math.round(((options.tonesHz ?? 0) / sampleRate) * this.size);
    const side = apart + lobe;
    this.kernels = kernels;
    this.template = new Float32Array(Math.ceil((2 * side + 1) / tapBlock) * tapBlock);
    for (const middle of new Set([side - apart, side + apart]))
      for (let i = -lobe; i <= lobe; i++) this.template[middle + i]! += Math.cos((Math.PI * i) / (2 * lobe + 2)) ** 2;
    this.reach = Math.min(this.size / 2 - 1, Math.max(1, Math.round((searchHz / sampleRate) * this.size)));
    this.hops = Array.from({ length: 8 }, () => new Float64Array(this.size));
    // As long as the padded template reaches from the last score on.
    this.sum = new Float32Array(2 * this.reach + this.template.length);
    this.side = side;
    this.score = new Float32Array(2 * this.reach + 1);
    this.input = new SlidingWindow(1 << 15);
    this.latency = (sideHops + 2) * transformsPerHop * this.step + this.size;
  }

  /** Reads `n` IQ pairs; calls `estimate(centreSample, hz)` for each new one, in order, the first for sample 0. */
  push(iq: Float32Array, n: number, estimate: (sample: number, hz: number) => void): void {
    this.input.append(iq, 2 * n);
    for (;;) {
      const first = this.transform * this.step;
      if (2 * (first + this.size) > this.input.end) break;
      this.measure(first);
      this.transform++;
      this.input.discardBefore(2 * (first + this.step));
      if (this.transform % transformsPerHop === 0) this.finishHop(this.transform / transformsPerHop - 1, estimate);
    }
  }

  private measure(first: number): void {
    const { window, spectrum } = this;
    const x = this.input.data;
    const base = 2 * first - this.input.start;
    const hop = Math.floor(this.transform / transformsPerHop);
    const power = this.hops[hop & 7]!;
    if (this.transform % transformsPerHop === 0) power.fill(0);
    if (isSilent(x, base, base + 2 * this.size)) return;
    for (let n = 0; n < this.size; n++) {
      const w = window[n]!;
      spectrum[2 * n] = w * x[base + 2 * n]!;
      spectrum[2 * n + 1] = w * x[base + 2 * n + 1]!;
    }
    this.fft.forward(spectrum);
    for (let k = 0; k < this.size; k++) {
      const re = spectrum[2 * k]!;
      const im = spectrum[2 * k + 1]!;
      power[k]! += re * re + im * im;
    }
  }

  private finishHop(newest: number, estimate: (sample: number, hz: number) => void): void {
    const centre = newest - sideHops;
    if (centre < 0) return;
    const { sum } = this;
    const mask = this.size - 1;
    const lowest = -this.reach - this.side;
    sum.fill(0);
    for (let hop = Math.max(0, centre - sideHops); hop <= newest; hop++) {
      const power = this.hops[hop & 7]!;
      for (let k = 0; k < sum.length; k++) sum[k]! += power[(k + lowest) & mask]!;
    }
    // In silence there is nothing to follow: the carrier stays where it was.
    const hz = isSilent(sum, 0, sum.length) ? this.lastHz : this.peak();
    this.lastHz = hz;
    const sample = Math.round((centre + 0.5) * transformsPerHop * this.step);
    if (centre === 0) estimate(0, hz);
    estimate(sample, hz);
  }

  private peak(): number {
    const { template, sum, score, kernels } = this;
    // Scratch layout, in floats: template, sums, scores.
    const scores = 4 * Math.ceil((template.length + sum.length) / 4);
    kernels.floats.set(template, 0);
    kernels.floats.set(sum, template.length);
    kernels.firReal(4 * template.length, 0, template.length, 1, score.length, 4 * scores);
    score.set(kernels.floats.subarray(scores, scores + score.length));
    let best = 0;
    for (let k = 0; k < score.length; k++) if (score[k]! > score[best]!) best = k;
    let delta = 0;
    if (best > 0 && best < score.length - 1) {
      const a = score[best - 1]!;
      const c = score[best + 1]!;
      const curve = a - 2 * score[best]! + c;
      if (curve < 0) delta = (0.5 * (a - c)) / curve;
    }
    return ((best + delta - this.reach) * this.sampleRate) / this.size;
  }

  reset(): void {
    this.input.reset();
    this.transform = 0;
    this.lastHz = 0;
  }
}
