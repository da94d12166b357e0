import type { CpmReference } from './reference.ts';
import { WipedPhasor } from './wiped-phasor.ts';

/** Memory of the estimate, symbols. */
const memory = 64;
/** The filter before the detector takes away part of the noise of a symbol, and of all patterns the best is looked at. */
const noiseLeft = 0.83;

/**
 * Signal power is what two neighbouring phasors without data share, noise power the rest: their ratio is Es/N0, since
 * a pattern's correlator is the matched filter of one symbol. Smoothed over some 64 symbols, from block to block.
 */
export class SignalPowers {
  private readonly wiped = new WipedPhasor();
  private readonly phasors: Float64Array;
  private common = 0;
  private total = 0;
  private lastRe = 0;
  private lastIm = 0;

  /** @param block most symbols of a call */
  constructor(block: number) {
    this.phasors = new Float64Array(2 * block);
  }

  /** Of `n` decided symbols with the correlations `z`. Writes both powers of each. */
  measure(
    reference: CpmReference,
    z: Float32Array,
    pattern: Uint8Array,
    n: number,
    signal: Float32Array,
    noise: Float32Array,
  ): void {
    const { phasors } = this;
    this.wiped.process(reference, z, pattern, n, phasors, 0);
    let { common, total, lastRe, lastIm } = this;
    for (let k = 0; k < n; k++) {
      const re = phasors[2 * k]!;
      const im = phasors[2 * k + 1]!;
      common += (re * lastRe + im * lastIm - common) / memory;
      total += (re * re + im * im - total) / memory;
      signal[k] = Math.max(0, common);
      noise[k] = Math.max(1e-4 * total, total - Math.max(0, common)) / noiseLeft;
      lastRe = re;
      lastIm = im;
    }
    this.common = common;
    this.total = total;
    this.lastRe = lastRe;
    this.lastIm = lastIm;
  }

  /** Share of their amplitude that the last symbols add up to. */
  get coherence(): number {
    return Math.sqrt(Math.max(0, this.common) / (this.total + 1e-30));
  }

  /** Nothing is left of what was: there is silence in between. */
  forget(): void {
    this.common = 0;
    this.total = 0;
    this.lastRe = 0;
    this.lastIm = 0;
  }

  reset(): void {
    this.wiped.reset();
    this.forget();
  }
}
