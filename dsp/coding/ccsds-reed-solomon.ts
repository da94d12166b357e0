import { toConventional, toDual } from './dual-basis.ts';
import type { ErrorEvent } from './error-events.ts';
import { reedSolomonCodes } from './reed-solomon.ts';
import { type Flip, flipsOf, softReedSolomon } from './soft-reed-solomon.ts';

/** Parity bytes of one codeword. Source: CCSDS 131.0-B section 4. */
export const CCSDS_PARITY = 32;

/**
 * Likely errors that are undone in all combinations: 5 take frame errors of AX100 at Eb/N0 5 dB from 0.55 to 0.36, 7 to 0.30
 * with four times the trials.
 */
export const FLIPPED_EVENTS = 5;

export interface CcsdsReedSolomon {
  /** Data bytes → block with 32·interleaving parity bytes behind them. */
  encode(data: Uint8Array): Uint8Array;
  /**
   * Corrects block[0 … n) in place; the data are its first n − 32·interleaving bytes. With `reliability` (one value a
   * byte, larger is surer) a failed codeword is tried again with its least reliable bytes erased, and with `events`,
   * likely errors with the likeliest first, after every combination of them has been undone. Returns the number of bytes corrected, or -1 when
   * a codeword can't be (the block is then of no use).
   */
  decode(block: Uint8Array, n: number, reliability?: Float32Array, events?: readonly ErrorEvent[]): number;
  /** Whether a block of n bytes can be one of this code. */
  fits(n: number): boolean;
}

/** The CCSDS code, t = 16, shortened by virtual zeros. @throws RangeError on an interleaving depth outside 1 … 16. */
export function ccsdsReedSolomon(basis: 'dual' | 'conventional', interleaving = 1): CcsdsReedSolomon {
  if (!Number.isInteger(interleaving) || interleaving < 1 || interleaving > 16)
    throw new RangeError(`Reed-Solomon interleaving ${interleaving} is not within 1 … 16`);
  const code = softReedSolomon(reedSolomonCodes.ccsds);
  const word = new Uint8Array(255);
  const sureness = new Float32Array(255);
  const dual = basis === 'dual';

  const fits = (n: number) => n % interleaving === 0 && n / interleaving > CCSDS_PARITY && n / interleaving <= 255;
  const take = (block: Uint8Array, depth: number, n: number) => {
    for (let k = 0; k < n; k++) {
      const byte = block[k * interleaving + depth]!;
      word[k] = dual ? toConventional[byte]! : byte;
    }
  };
  const put = (block: Uint8Array, depth: number, n: number) => {
    for (let k = 0; k < n; k++) block[k * interleaving + depth] = dual ? toDual[word[k]!]! : word[k]!;
  };
  const errorsOf = (events: readonly ErrorEvent[], depth: number): Flip[][] => {
    const errors = flipsOf(events, interleaving, depth).slice(0, FLIPPED_EVENTS);
    return dual ? errors.map((error) => error.map(({ at, mask }) => ({ at, mask: toConventional[mask]! }))) : errors;
  };

  return {
    fits,
    encode(data) {
      const n = data.length + CCSDS_PARITY * interleaving;
      if (!fits(n)) throw new RangeError(`${data.length} bytes do not fit ${interleaving} Reed-Solomon codewords`);
      const block = new Uint8Array(n);
      block.set(data);
      for (let depth = 0; depth < interleaving; depth++) {
        take(block, depth, n / interleaving);
        code.encode(word, n / interleaving);
        put(block, depth, n / interleaving);
      }
      return block;
    },
    decode(block, n, reliability, events = []) {
      if (!fits(n)) return -1;
      const length = n / interleaving;
      let corrected = 0;
      for (let depth = 0; depth < interleaving; depth++) {
        take(block, depth, length);
        if (reliability) for (let k = 0; k < length; k++) sureness[k] = reliability[k * interleaving + depth]!;
        const changed = code.decode(word, length, reliability && sureness, errorsOf(events, depth));
        if (changed < 0) return -1;
        corrected += changed;
        put(block, depth, length);
      }
      return corrected;
    },
  };
}
