import type { WordCoherence } from '../framing.ts';
import { type SyncSearch, signs, softSync } from './sync-search.ts';

/** Correlation of soft symbols from which on a word is compared as a waveform, 0.25 of 16: half of all places. */
const leastDeviations = 1;

/** Finds a sync word as a waveform, of which soft symbols keep too little for a code that bears every fifth symbol wrong. */
export interface WordWaves {
  readonly search: SyncSearch;
  /**
   * Whether the word whose last symbol is before `symbol` is one of the `most` best ones within `reach` symbols on either side, which
   * the search must have passed: frames don't overlap, so that the others need not be looked at.
   */
  isAmongBest(symbol: number, reach: number, most: number): boolean;
}

/**
 * @param bits 0/1 of the word
 * @param threshold normalised soft correlation from which on a word is reported as by softSync
 * @param leastCoherence and coherence from which on it is reported whatever its correlation
 * @param most symbols of the longest frame
 */
export function wordWaves(
  bits: Uint8Array,
  threshold: number,
  coherence: WordCoherence,
  leastCoherence: number,
  most: number,
): WordWaves {
  const n = bits.length;
  const complement = bits.map((bit) => 1 - bit);
  const word = softSync(signs(bits), leastDeviations / Math.sqrt(n));
  /** Coherence of the word that ends at each symbol, ring. */
  const found = new Float32Array(2 ** Math.ceil(Math.log2(2 * most)));
  const last = found.length - 1;
  return {
    search: {
      ...word,
      reset() {
        word.reset();
        found.fill(0);
      },
      next(ring, mask, time) {
        const correlation = word.next(ring, mask, time);
        const share = correlation === 0 ? 0 : coherence(time - n + 1, correlation < 0 ? complement : bits);
        found[time & last] = share;
        return share >= leastCoherence || Math.abs(correlation) >= threshold ? correlation : 0;
      },
    },
    isAmongBest(symbol, reach, count) {
      const own = found[(symbol - 1) & last]!;
      if (own < leastCoherence) return false;
      let better = 0;
      for (let i = 1; i <= reach; i++) {
        if (found[(symbol - 1 + i) & last]! > own) better++;
        if (i < symbol && found[(symbol - 1 - i) & last]! > own) better++;
      }
      return better < count;
    },
  };
}
