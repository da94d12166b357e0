import type { Soft } from '../core/types.ts';
import { likeliestWord } from './likeliest-word.ts';

/** Bits of a word. */
export const bchWordBits = 15;

/** Generator polynomials over x^4 + x + 1, bit i the coefficient of x^i; roots α … α^2t with t = 1, 2, 3. */
const GENERATORS = { 11: 0x13, 7: 0x1d1, 5: 0x537 } as const;

/** A systematic code of length 15: the parity first on the air, then the data. */
export interface Bch {
  /** Data bits of a word. */
  readonly k: number;
  /** `k` bits, the first on the air as the most significant → a word, likewise. */
  encode(data: number): number;
  /** The data most likely sent in the 15 soft symbols `from`, `from + stride`, …. */
  decode(soft: Soft, from: number, stride: number): number;
}

/** Binary BCH code (15, k); the first bit on the air is the coefficient of x^0. */
export function bch15(k: keyof typeof GENERATORS): Bch {
  const generator = GENERATORS[k];
  const parityBits = bchWordBits - k;
  const words = Int32Array.from({ length: 1 << k }, (_, data) => {
    const shifted = reversed(data, k) << parityBits;
    let remainder = shifted;
    for (let i = bchWordBits - 1; i >= parityBits; i--)
      if ((remainder >> i) & 1) remainder ^= generator << (i - parityBits);
    return reversed(shifted | remainder, bchWordBits);
  });
  return { k, encode: (data) => words[data]!, decode: likeliestWord(words, bchWordBits) };
}

function reversed(value: number, bits: number): number {
  let out = 0;
  for (let i = 0; i < bits; i++) out = (out << 1) | ((value >> i) & 1);
  return out;
}
