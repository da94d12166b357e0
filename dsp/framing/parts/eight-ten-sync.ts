import { COMMA, isDataWord } from '../../coding/eight-ten.ts';
import { bitCount, type SyncSearch } from './sync-search.ts';

/** A sync word of up to 32 bits before words of 8b/10b. */
export interface EightTenSync {
  readonly length: number;
  readonly word: number;
  readonly maxErrors: number;
  /** The word, one bit an element, in the order on the air. */
  readonly bits: Uint8Array;
}

/** @param word its last bit as the least significant one */
export function eightTenSyncWord(word: number, length: number, maxErrors: number): EightTenSync {
  const bits = Uint8Array.from({ length }, (_, k) => (word >>> (length - 1 - k)) & 1);
  return { length, word, maxErrors, bits };
}

/** The comma, which comes in either sign. */
export const commaSync = (maxErrors: number): EightTenSync => eightTenSyncWord(COMMA, 10, maxErrors);

/** Words behind the sync word that are looked at, and how many of them may be none of the line code's. */
const LOOK_WORDS = 48;
const MAX_INVALID = 16;
/**
 * Half of all ten bits are a word: of noise 1.5 % passes. Where 4 % of the symbols are wrong, a sixth of the words is none, and
 * 1 in 1,000 is refused; Reed-Solomon corrects a sixth of wrong ones.
 */
export const LINE_CODE_ACCEPTANCE = 0.015;

/**
 * A sync word so short that noise is full of it, before words of a line code: the words that follow decide. Reported when
 * they have come. The quality's sign is that of the sync word.
 */
export function eightTenSync({ length, word, maxErrors }: EightTenSync): SyncSearch {
  const lag = 10 * LOOK_WORDS;
  const mask32 = length === 32 ? -1 : (1 << length) - 1;
  let bits = 0;
  return {
    lag,
    span: length + lag,
    reset() {
      bits = 0;
    },
    next(ring, mask, time) {
      const end = time - lag; // the last symbol of what may be the sync word
      if (end < 0) return 0;
      bits = (bits << 1) | (ring[end & mask]! > 0 ? 1 : 0);
      if (end + 1 < length) return 0;
      const errors = bitCount((bits ^ word) & mask32);
      if (errors > maxErrors && errors < length - maxErrors) return 0;
      let invalid = 0;
      for (let w = 0, at = end + 1; w < LOOK_WORDS; w++) {
        let ten = 0;
        for (let k = 0; k < 10; k++, at++) ten = (ten << 1) | (ring[at & mask]! > 0 ? 1 : 0);
        if (!isDataWord(ten) && ++invalid > MAX_INVALID) return 0;
      }
      return errors <= maxErrors ? 1 - errors / length : -(errors / length);
    },
  };
}
