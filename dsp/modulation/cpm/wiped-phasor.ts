import { type CpmReference, patterns } from './reference.ts';

/**
 * The carrier without its data: w[k] = z[k][p̂]·e^{−jΣψ_p̂(T)}, a phasor that would stand still on a perfect carrier.
 * Runs on from block to block.
 */
export class WipedPhasor {
  /** e^{jΣψ} so far. */
  private re = 1;
  private im = 0;

  /** Writes w of `n` symbols of correlations `z`, interleaved, to `w` from float `at` on. */
  process(reference: CpmReference, z: Float32Array, pattern: Uint8Array, n: number, w: Float64Array, at: number): void {
    const { turn } = reference;
    let { re, im } = this;
    for (let k = 0; k < n; k++) {
      const p = pattern[k]!;
      const a = z[2 * patterns * k + p]!;
      const b = z[2 * patterns * k + patterns + p]!;
      w[at + 2 * k] = a * re + b * im;
      w[at + 2 * k + 1] = b * re - a * im;
      // One step of Newton's method keeps the length at 1.
      const unit = 1.5 - 0.5 * (re * re + im * im);
      const c = unit * turn[2 * p]!;
      const s = unit * turn[2 * p + 1]!;
      const next = re * c - im * s;
      im = re * s + im * c;
      re = next;
    }
    this.re = re;
    this.im = im;
  }

  reset(): void {
    this.re = 1;
    this.im = 0;
  }
}
