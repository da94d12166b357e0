import { samplesPerSymbol } from './reference.ts';

const turn = 2 * Math.PI;
/** Symbols that the phasor is carried on by multiplications before it is made anew from the angle. */
const reseedEvery = 64;

/** Takes a frequency that changes from symbol to symbol out of symbols of four IQ pairs. Runs on from symbol to symbol. */
export class SymbolRotation {
  /** Phase at the start of the next symbol, rad. */
  private angle = 0;
  private step = 0;
  private since = reseedEvery;
  /** e^{j·phase} of the next sample, and what it turns by from one to the next. */
  private re = 1;
  private im = 0;
  private stepRe = 1;
  private stepIm = 0;

  /** The next symbol, `x` from float `from` on → `y` from float `to` on, `step` rad a symbol taken out. */
  next(x: Float32Array, from: number, y: Float32Array, to: number, step: number): void {
    if (step !== this.step || this.since === reseedEvery) this.reseed(step);
    const { stepRe, stepIm } = this;
    let { re, im } = this;
    for (let i = 0; i < 2 * samplesPerSymbol; i += 2) {
      const a = x[from + i]!;
      const b = x[from + i + 1]!;
      y[to + i] = a * re + b * im;
      y[to + i + 1] = b * re - a * im;
      const next = re * stepRe - im * stepIm;
      im = re * stepIm + im * stepRe;
      re = next;
    }
    this.re = re;
    this.im = im;
    this.since++;
    const angle = this.angle + step;
    this.angle = angle - turn * Math.round(angle / turn);
  }

  private reseed(step: number): void {
    if (step !== this.step) {
      this.step = step;
      this.stepRe = Math.cos(step / samplesPerSymbol);
      this.stepIm = Math.sin(step / samplesPerSymbol);
    }
    // Samples lie in the middle of their quarters.
    const first = this.angle + (0.5 * step) / samplesPerSymbol;
    this.re = Math.cos(first);
    this.im = Math.sin(first);
    this.since = 0;
  }

  reset(): void {
    this.angle = 0;
    this.step = 0;
    this.stepRe = 1;
    this.stepIm = 0;
    this.since = reseedEvery;
  }
}
