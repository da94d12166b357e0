import { SlidingWindow } from '../core/sliding-window.ts';

/** Symbols whose squares are summed at a time, and sums on each side under a Hann window: the carrier phase. */
const boxSymbols = 8;
const side = 4;

/**
 * The timing signal of BPSK, largest at symbol centres: the squared part of the matched-filter output that is in phase
 * with the carrier. Half of the noise lies in the other part, which |y|² would count. The phase comes from the
 * squared signal at any time, so that it needs no timing first.
 */
export class PskEnvelope {
  /** Samples from the newest sample read back to the newest one given out, at most. */
  readonly latency: number;
  private readonly box: number;
  private readonly hann: Float64Array;
  private readonly input = new SlidingWindow(1 << 14);
  /** Ring of the boxes' sums of y²/|y|, re and im; and of the smoothed unit phasors at box centres. */
  private readonly sums = new Float64Array(2 * 16);
  private readonly phasors = new Float64Array(2 * 16);
  private readonly out: Float32Array;
  private boxes = 0;

  constructor(samplesPerSymbol: number) {
    this.box = 2 * Math.max(1, Math.round((boxSymbols * samplesPerSymbol) / 2));
    this.hann = Float64Array.from(
      { length: 2 * side + 1 },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (2 * side + 2)),
    );
    this.out = new Float32Array(this.box);
    this.latency = (side + 3) * this.box;
  }

  /** Reads `n` IQ pairs from the float offset `from` on; calls `next` with consecutive timing samples. */
  push(iq: Float32Array, from: number, n: number, next: (z: Float32Array, n: number) => void): void {
    const at = this.input.reserve(2 * n);
    const y = this.input.data;
    for (let i = 0; i < 2 * n; i++) y[at + i] = iq[from + i]!;
    while (2 * (this.boxes + 1) * this.box <= this.input.end) {
      this.sum();
      this.boxes++;
      const smoothed = this.boxes - 1 - side;
      if (smoothed < 0) continue;
      this.smooth(smoothed);
      if (smoothed === 0) this.emit(0, this.box / 2, next);
      else this.emit((smoothed - 1) * this.box + this.box / 2, this.box, next);
      this.input.discardBefore(2 * smoothed * this.box);
    }
  }

  private sum(): void {
    const y = this.input.data;
    const first = 2 * this.boxes * this.box - this.input.start;
    let sumRe = 0;
    let sumIm = 0;
    for (let i = first; i < first + 2 * this.box; i += 2) {
      const re = y[i]!;
      const im = y[i + 1]!;
      const w = 1 / (Math.sqrt(re * re + im * im) + 1e-20);
      sumRe += w * (re * re - im * im);
      sumIm += w * 2 * re * im;
    }
    const slot = 2 * (this.boxes & 15);
    this.sums[slot] = sumRe;
    this.sums[slot + 1] = sumIm;
  }

  private smooth(box: number): void {
    let re = 0;
    let im = 0;
    for (let d = -side; d <= side; d++) {
      if (box + d < 0) continue;
      const w = this.hann[d + side]!;
      const slot = 2 * ((box + d) & 15);
      re += w * this.sums[slot]!;
      im += w * this.sums[slot + 1]!;
    }
    const scale = 1 / (Math.sqrt(re * re + im * im) + 1e-20);
    const slot = 2 * (box & 15);
    this.phasors[slot] = re * scale;
    this.phasors[slot + 1] = im * scale;
  }

  /** `n` samples from `start` on, which lie between the centres of the two newest smoothed boxes (or before the first). */
  private emit(start: number, n: number, next: (z: Float32Array, n: number) => void): void {
    const newest = this.boxes - 1 - side;
    const a = 2 * (Math.max(0, newest - 1) & 15);
    const b = 2 * (newest & 15);
    const aRe = this.phasors[a]!;
    const aIm = this.phasors[a + 1]!;
    const stepRe = (this.phasors[b]! - aRe) / n;
    const stepIm = (this.phasors[b + 1]! - aIm) / n;
    const y = this.input.data;
    const z = this.out;
    const base = 2 * start - this.input.start;
    for (let i = 0; i < n; i++) {
      const re = y[base + 2 * i]!;
      const im = y[base + 2 * i + 1]!;
      const c = aRe + stepRe * i;
      const s = aIm + stepIm * i;
      z[i] = re * re + im * im + c * (re * re - im * im) + 2 * s * re * im;
    }
    next(z, n);
  }

  reset(): void {
    this.input.reset();
    this.boxes = 0;
  }
}
