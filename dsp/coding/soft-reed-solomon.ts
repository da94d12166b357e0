import type { ErrorEvent } from './error-events.ts';
import { type ReedSolomonParams, reedSolomon } from './reed-solomon.ts';

/**
 * Generalised minimum distance decoding by the number of parity bytes: how many of the least reliable bytes are erased, and how
 * many errors are believed beside them. Fewer than the code could bear where chance would pass too often: with 32 parity bytes
 * 14 erasures and 9 errors would accept 1 of 400,000 random blocks, with 8 one of 10^9.
 */
const TRIALS: Readonly<Record<number, readonly ErasureTrial[]>> = {
  64: [
    { erasures: 0, maxErrors: 32 },
    { erasures: 8, maxErrors: 28 },
    { erasures: 16, maxErrors: 24 },
    { erasures: 24, maxErrors: 18 },
    { erasures: 28, maxErrors: 16 },
  ],
  32: [
    { erasures: 0, maxErrors: 16 },
    { erasures: 4, maxErrors: 14 },
    { erasures: 8, maxErrors: 12 },
    { erasures: 12, maxErrors: 9 },
    { erasures: 14, maxErrors: 8 },
  ],
  // For blocks with a CRC-16 inside: of 255 random bytes one in 900 passes, of 64 one in 180,000.
  16: [
    { erasures: 0, maxErrors: 8 },
    { erasures: 4, maxErrors: 6 },
    { erasures: 8, maxErrors: 3 },
    { erasures: 12, maxErrors: 1 },
  ],
  // For blocks of 58 bytes without any other check: the last two add as much as the first has, 4 in a million.
  10: [
    { erasures: 0, maxErrors: 5 },
    { erasures: 4, maxErrors: 2 },
    { erasures: 6, maxErrors: 1 },
  ],
};

export interface ErasureTrial {
  readonly erasures: number;
  readonly maxErrors: number;
}

/** What is tried, the code's plain power first. */
export function erasureTrials(parity: number): readonly ErasureTrial[] {
  return TRIALS[parity] ?? [{ erasures: 0, maxErrors: parity >> 1 }];
}

/** Bits of one byte of a word that are wrong together. */
export interface Flip {
  readonly at: number;
  readonly mask: number;
}

/** Those of `events` that lie in the codeword `depth` of `interleaving`, as far as they do. */
export function flipsOf(events: readonly ErrorEvent[], interleaving = 1, depth = 0): Flip[][] {
  const flips = (byte: number, mask: number): Flip[] =>
    mask !== 0 && (byte - depth) % interleaving === 0 ? [{ at: (byte - depth) / interleaving, mask }] : [];
  return events
    .map(({ byte, mask, nextMask }) => [...flips(byte, mask), ...flips(byte + 1, nextMask)])
    .filter((error) => error.length > 0);
}

export interface SoftReedSolomon {
  readonly parity: number;
  /** Writes the parity of block[0 … n−parity) to its last bytes. */
  encode(block: Uint8Array, n: number): void;
  /**
   * Corrects word[0 … n) in place. With `reliability` (one value a byte, larger is surer) a failed word is tried again with its
   * least reliable bytes erased, and with `errors`, likely ones with the likeliest first, after every combination of them has been
   * undone. Returns the number of bytes changed, or -1 with the word as it was.
   */
  decode(word: Uint8Array, n: number, reliability?: Float32Array, errors?: readonly (readonly Flip[])[]): number;
}

/** A Reed-Solomon code with decisions about what is doubtful in the words received. */
export function softReedSolomon(params: ReedSolomonParams): SoftReedSolomon {
  const code = reedSolomon(params);
  const [, ...trials] = erasureTrials(params.parity);
  const received = new Uint8Array(255);
  const trial = new Uint8Array(255);
  const touched = new Uint8Array(255);
  const weakest = new Uint8Array(params.parity);

  const findWeakest = (reliability: Float32Array, n: number, count: number) => {
    let found = 0;
    for (let k = 0; k < n; k++) {
      const r = reliability[k]!;
      if (touched[k] === 1 || (found === count && !(r < reliability[weakest[count - 1]!]!))) continue;
      let place = found < count ? found++ : count - 1;
      for (; place > 0 && r < reliability[weakest[place - 1]!]!; place--) weakest[place] = weakest[place - 1]!;
      weakest[place] = k;
    }
    return found;
  };

  /** Corrects `word` or leaves it as it was. */
  const correct = (word: Uint8Array, n: number, reliability: Float32Array | undefined): boolean => {
    if (code.decode(word, n) >= 0) return true;
    if (!reliability) return false;
    for (const { erasures, maxErrors } of trials) {
      const found = findWeakest(reliability, n, Math.min(erasures, n));
      if (found < erasures) break;
      trial.set(word.subarray(0, n));
      if (code.decode(word, n, weakest, erasures, maxErrors) >= 0) return true;
      word.set(trial.subarray(0, n));
    }
    return false;
  };

  /** Undoes every combination of the likely errors until the rest can be corrected. */
  const correctAfterFlips = (
    word: Uint8Array,
    n: number,
    reliability: Float32Array | undefined,
    errors: readonly (readonly Flip[])[],
  ): boolean => {
    // What is flipped is no longer doubtful: erasures go elsewhere.
    for (const error of errors) for (const { at } of error) touched[at] = 1;
    for (let subset = 1; subset < 1 << errors.length; subset++) {
      word.set(received.subarray(0, n));
      errors.forEach((error, i) => {
        if (((subset >> i) & 1) === 0) return;
        for (const { at, mask } of error) word[at]! ^= mask;
      });
      if (correct(word, n, reliability)) return true;
    }
    word.set(received.subarray(0, n));
    return false;
  };

  return {
    parity: code.parity,
    encode: code.encode,
    decode(word, n, reliability, errors = []) {
      received.set(word.subarray(0, n));
      touched.fill(0);
      if (!correct(word, n, reliability) && !correctAfterFlips(word, n, reliability, errors)) return -1;
      let changed = 0;
      for (let k = 0; k < n; k++) if (word[k] !== received[k]) changed++;
      return changed;
    },
  };
}
