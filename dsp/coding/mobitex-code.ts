import { likeliestWord } from './likeliest-word.ts';

/** Bits of a word. */
export const mobitexWordBits = 12;

/** The data bits that each check bit sums, most significant check bit first. Source: Mobitex, shortened Hamming code. */
const CHECKS = [0xec, 0xd3, 0xba, 0x75] as const;

const words = Int32Array.from({ length: 256 }, (_, data) => {
  let word = data;
  for (const mask of CHECKS) word = (word << 1) | parity(data & mask);
  return word;
});

/** A byte in the (12,8) code of Mobitex: 8 data bits, then 4 check bits. */
export function mobitexEncode(data: number): number {
  return words[data & 255]!;
}

/** The byte most likely sent in the 12 soft symbols `from`, `from + stride`, …. */
export const mobitexDecode: (soft: Float32Array, from: number, stride: number) => number = likeliestWord(
  words,
  mobitexWordBits,
);

function parity(x: number): number {
  let v = x ^ (x >> 4);
  v ^= v >> 2;
  return (v ^ (v >> 1)) & 1;
}
