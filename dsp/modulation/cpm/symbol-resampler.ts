import { isSilent } from '../../core/silence.ts';
import { SlidingWindow } from '../../core/sliding-window.ts';
import { samplesPerSymbol } from './reference.ts';

/**
 * Iq at any rate → 4 samples a symbol at (k + (i + ½)/4) symbol periods, by cubic interpolation between points of the
 * symbol clock. Symbols are numbered on; a clock that jumps in noise may repeat or drop one, never restart.
 */
export class SymbolResampler {
  /** Floats: 8 a symbol. The reader discards. */
  readonly symbols: SlidingWindow;
  /** Input sample of the middle of symbol k, at k modulo the size. */
  readonly position = new Float64Array(1 << 15);
  private readonly sampleRateInSymbols: number;
  private readonly input: SlidingWindow;
  private lastSample = 0;
  private lastPhase = 0;
  private anchors = 0;
  private nextPhase = 0;

  /** @param samplesPerPeriod input samples a symbol */
  constructor(samplesPerPeriod: number) {
    this.sampleRateInSymbols = 1 / samplesPerPeriod;
    this.symbols = new SlidingWindow(1 << 15);
    this.input = new SlidingWindow(1 << 15);
  }

  append(iq: Float32Array, at: number, n: number): void {
    // Room first: the window may get a new array for it.
    const to = this.input.reserve(2 * n);
    this.input.data.set(iq.subarray(at, at + 2 * n), to);
  }

  /** Symbol boundaries lie at (k + boundary) periods at `sample`; everything before is resampled. */
  anchor(sample: number, boundary: number): void {
    const phase = sample * this.sampleRateInSymbols - boundary;
    if (this.anchors++ === 0) this.nextPhase = Math.ceil(phase);
    else if (phase > this.lastPhase) this.resample(sample, phase);
    this.lastSample = sample;
    this.lastPhase = phase;
    this.input.discardBefore(2 * (sample - 8 - Math.ceil(4 / this.sampleRateInSymbols)));
  }

  private resample(sample: number, phase: number): void {
    const slope = (sample - this.lastSample) / (phase - this.lastPhase);
    const x = this.input.data;
    const base = this.input.start;
    const end = this.input.end;
    // Between two anchors the input is mostly silent as a whole, or not at all.
    const reaches = 2 * Math.floor(this.lastSample + (this.nextPhase - this.lastPhase) * slope) - base - 2;
    const heard = !isSilent(x, Math.max(0, reaches), Math.min(end, 2 * Math.ceil(sample) + 8) - base);
    // A symbol is done when its last sample lies before the anchor.
    for (; this.nextPhase + 1 <= phase; this.nextPhase++) {
      const start = this.lastSample + (this.nextPhase - this.lastPhase) * slope;
      const at = this.symbols.reserve(2 * samplesPerSymbol);
      const y = this.symbols.data;
      if (!heard) {
        y.fill(0, at, at + 2 * samplesPerSymbol);
      } else
        for (let i = 0; i < samplesPerSymbol; i++) {
          const t = start + ((i + 0.5) / samplesPerSymbol) * slope;
          const whole = Math.floor(t);
          const u = t - whole;
          const o = 2 * whole - base;
          if (o < 2 || 2 * whole + 6 > end) {
            y[at + 2 * i] = 0;
            y[at + 2 * i + 1] = 0;
            continue;
          }
          const c0 = (-u * (u - 1) * (u - 2)) / 6;
          const c1 = ((u + 1) * (u - 1) * (u - 2)) / 2;
          const c2 = (-(u + 1) * u * (u - 2)) / 2;
          const c3 = ((u + 1) * u * (u - 1)) / 6;
          y[at + 2 * i] = c0 * x[o - 2]! + c1 * x[o]! + c2 * x[o + 2]! + c3 * x[o + 4]!;
          y[at + 2 * i + 1] = c0 * x[o - 1]! + c1 * x[o + 1]! + c2 * x[o + 3]! + c3 * x[o + 5]!;
        }
      const index = this.symbols.end / (2 * samplesPerSymbol) - 1;
      this.position[index & (this.position.length - 1)] = start + 0.5 * slope;
    }
  }

  reset(): void {
    this.symbols.reset();
    this.input.reset();
    this.lastSample = 0;
    this.lastPhase = 0;
    this.anchors = 0;
    this.nextPhase = 0;
  }
}
