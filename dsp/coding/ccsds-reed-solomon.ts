import { toConventional, toDual } from './dual-basis.ts';
import { reedSolomon, reedSolomonCodes } from './reed-solomon.ts';

/** Parity bytes of one codeword. Source: CCSDS 131.0-B section 4. */
export const CCSDS_PARITY = 32;

// Generalised minimum distance decoding: how many of the least reliable bytes are erased, and how many errors are
// believed beside them. 14 erasures with 9 errors would accept 1 of 400,000 random blocks, with 8 one of 10^9.
const ERASURE_TRIALS = [
  { erasures: 0, maxErrors: 16 },
  { erasures: 8, maxErrors: 12 },
  { erasures: 14, maxErrors: 8 },
] as const;

export interface CcsdsReedSolomon {
  /** Data bytes → block with 32·interleaving parity bytes behind them. */
  encode(data: Uint8Array): Uint8Array;
  /**
   * Corrects block[0 … n) in place; the data are its first n − 32·interleaving bytes. With `reliability` (one value a
   * byte, larger is surer) a failed codeword is tried again with its least reliable bytes erased. Returns the
   * number of bytes corrected, or -1 when a codeword can't be (the block is then of no use).
   */
  decode(block: Uint8Array, n: number, reliability?: Float32Array): number;
  /** Whether a block of n bytes can be one of this code. */
  fits(n: number): boolean;
}

/** The CCSDS code, t = 16, shortened by virtual zeros. @throws RangeError on an interleaving depth outside 1 … 16. */
export function ccsdsReedSolomon(basis: 'dual' | 'conventional', interleaving = 1): CcsdsReedSolomon {
  if (!Number.isInteger(interleaving) || interleaving < 1 || interleaving > 16)
    throw new RangeError(`Reed-Solomon interleaving ${interleaving} is not within 1 … 16`);
  const code = reedSolomon(reedSolomonCodes.ccsds);
  const word = new Uint8Array(255);
  const trial = new Uint8Array(255);
  const weakest = new Uint8Array(16);
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
  const findWeakest = (reliability: Float32Array, depth: number, n: number, count: number) => {
    const at = (k: number) => reliability[k * interleaving + depth]!;
    for (let k = 0; k < n; k++) {
      if (k >= count && !(at(k) < at(weakest[count - 1]!))) continue;
      let place = Math.min(k, count - 1);
      for (; place > 0 && at(k) < at(weakest[place - 1]!); place--) weakest[place] = weakest[place - 1]!;
      weakest[place] = k;
    }
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
    decode(block, n, reliability) {
      if (!fits(n)) return -1;
      const length = n / interleaving;
      let corrected = 0;
      for (let depth = 0; depth < interleaving; depth++) {
        take(block, depth, length);
        let changed = code.decode(word, length);
        if (changed < 0 && reliability) {
          for (const { erasures, maxErrors } of ERASURE_TRIALS.slice(1)) {
            if (erasures > length) break;
            trial.set(word);
            findWeakest(reliability, depth, length, erasures);
            changed = code.decode(word, length, weakest, erasures, maxErrors);
            if (changed >= 0) break;
            word.set(trial);
          }
        }
        if (changed < 0) return -1;
        corrected += changed;
        put(block, depth, length);
      }
      return corrected;
    },
  };
}
