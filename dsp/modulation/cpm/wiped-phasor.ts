import { type CpmReference, patterns } from './reference.ts';

/**
 * The carrier without its data: w[k] = z[k][p̂]·e^{−jΣψ_p̂(T)}, a phasor that would stand still on a perfect carrier.
 * Runs on from block to block.
 */
export class WipedPhasor {
  private turns = 0;

  /** Writes w of `n` symbols, interleaved, to `w` from float `at` on. */
  process(reference: CpmReference, z: Float64Array, pattern: Uint8Array, n: number, w: Float64Array, at: number): void {
    let turns = this.turns;
    for (let k = 0; k < n; k++) {
      const p = pattern[k]!;
      const c = Math.cos(turns);
      const s = Math.sin(turns);
      const re = z[2 * (k * patterns + p)]!;
      const im = z[2 * (k * patterns + p) + 1]!;
      w[at + 2 * k] = re * c + im * s;
      w[at + 2 * k + 1] = im * c - re * s;
      turns += reference.advance[p]!;
      turns -= 2 * Math.PI * Math.floor(turns / (2 * Math.PI));
    }
    this.turns = turns;
  }

  reset(): void {
    this.turns = 0;
  }
}
