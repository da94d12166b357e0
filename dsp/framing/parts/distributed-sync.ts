import { attemptBudget } from './attempt-budget.ts';
import { type SyncSearch, signs } from './sync-search.ts';

/** Each block found is decoded, which costs as much as this many symbols of a continuous stream may at most. */
const SYMBOLS_PER_ATTEMPT = 16;
const SAVED_ATTEMPTS = 64;

/**
 * A sync word whose bit j is symbol j·spacing of a block of `length` symbols, by normalised soft correlation. The block
 * is reported when it is complete. No more than one attempt in 16 symbols is allowed on average: periodic
 * input can't make it a decoding a symbol.
 */
export function distributedSync(bits: Uint8Array, spacing: number, length: number, threshold: number): SyncSearch {
  const word = signs(bits);
  const budget = attemptBudget(SYMBOLS_PER_ATTEMPT, SAVED_ATTEMPTS);
  return {
    lag: length,
    span: length,
    reset: () => budget.reset(),
    next(ring, mask, time) {
      const first = time + 1 - length;
      if (first < 0) return 0;
      let dot = 0;
      let energy = 0;
      for (let j = 0; j < word.length; j++) {
        const s = ring[(first + j * spacing) & mask]!;
        dot += s * word[j]!;
        energy += s * s;
      }
      if (!(dot * dot >= threshold * threshold * word.length * energy) || energy === 0) return 0;
      if (!budget.spend(time)) return 0;
      return dot / Math.sqrt(word.length * energy);
    },
  };
}
