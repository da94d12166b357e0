import type { Soft } from '../core/types.ts';
import type { ConvolutionalCode } from './convolutional.ts';

/** The code of the CC11xx packet engine, K = 4, starting in state 0. Source: Texas Instruments, Design Note DN504. */
export const cc11xxCode: ConvolutionalCode = {
  constraintLength: 4,
  generators: [0o13, 0o17],
  inverted: [false, false],
};

/** Coded symbols that are interleaved together: 16 pairs, four bytes. */
export const cc11xxBlockSymbols = 32;

/**
 * The interleaver of the CC11xx over whole blocks: `n` coded symbols from `from` on, out of the order on the air or into it, for
 * it is its own inverse. A block is a matrix of 4 × 4 pairs, sent transposed and backwards.
 */
export function cc11xxInterleave<T extends Soft | Uint8Array>(x: T, from: number, n: number, out: T): void {
  for (let i = 0; i < n; i++) {
    const pair = (i >> 1) & 15;
    const other = 4 * (3 - (pair & 3)) + 3 - (pair >> 2);
    out[i] = x[from + i - (i % cc11xxBlockSymbols) + 2 * other + (i & 1)]!;
  }
}
