import { mobitexScrambler } from '../../coding/additive-scrambler.ts';
import { unpackMsbFirst } from '../../coding/bits.ts';
import { crc } from '../../coding/crc.ts';
import { hardWord } from '../../coding/likeliest-word.ts';
import { mobitexDecode, mobitexEncode, mobitexWordBits } from '../../coding/mobitex-code.ts';
import type { Soft } from '../../core/types.ts';
import { CRC16_ACCEPTANCE } from './false-alarms.ts';
import { bitCount, signs } from './sync-search.ts';

/** Data bytes of a block; their CRC makes two more words. */
export const blockBytes = 18;
const WORDS = blockBytes + 2;
export const blockSymbols: number = WORDS * mobitexWordBits;
export const mostBlocks = 32;

/**
 * Of a block's 20 words, those that must have come without an error before its CRC is believed although no other block's holds. Noise
 * has one in 16 (7 of 20 once in 7000 blocks); of blocks that the code bears, 3 % of their symbols wrong, one in 500 has fewer.
 */
const CLEAN_WORDS = 7;
/** And before decoding is worth while, in one of the first two blocks: noise has them once in 15 times. */
const PROMISING_WORDS = 4;
const LOOK_BLOCKS = 2;
/** Symbols that `promising` looks at. */
export const lookSymbols: number = LOOK_BLOCKS * blockSymbols;

/** The sequence runs on over all blocks of a frame. */
const sequence = signs(scrambled(new Uint8Array((mostBlocks * blockSymbols) / 8))).map((sign) => -sign);

/** Blocks decoded, with what tells them from noise. */
export interface MobitexBlocks {
  readonly data: Uint8Array;
  /** Bit b: the CRC of block b did not hold. */
  readonly errorMap: number;
  readonly good: number;
  /** Blocks behind the last good one are not part of the frame. */
  readonly lastGood: number;
  /** Whether a good block had few errors. */
  readonly sure: boolean;
  /** Symbols corrected. A bad block counts as wrong altogether: of two receptions, that with more good blocks is the better one. */
  readonly corrected: number;
}

/** A descrambled block of `frame`, the `index`-th. */
function descramble(frame: Soft, from: number, index: number, out: Soft): void {
  const at = from + index * blockSymbols;
  for (let i = 0; i < blockSymbols; i++) out[i] = frame[at + i]! * sequence[index * blockSymbols + i]!;
}

/** Decoder of the blocks of frames; the words of a block are interleaved bit by bit. */
export function mobitexBlocks(): {
  /** Decodes `count` blocks from symbol `from` on. */
  decode(frame: Soft, from: number, count: number): MobitexBlocks;
  /** Whether what lies there can be the first two blocks of a frame. */
  promising(frame: Soft, from: number): boolean;
} {
  const check = crc('x25');
  const block = new Float32Array(blockSymbols);
  const bytes = new Uint8Array(WORDS);
  let errors = 0;
  let clean = 0;
  /** Whether the block's CRC holds, with its bytes, errors and words without an error. */
  const decodeBlock = (): boolean => {
    errors = clean = 0;
    for (let word = 0; word < WORDS; word++) {
      bytes[word] = mobitexDecode(block, word, WORDS);
      const wrong = bitCount(hardWord(block, word, WORDS, mobitexWordBits) ^ mobitexEncode(bytes[word]!));
      errors += wrong;
      if (wrong === 0) clean++;
    }
    return check(bytes, 0, blockBytes) === ((bytes[blockBytes]! << 8) | bytes[blockBytes + 1]!);
  };
  return {
    decode(frame, from, count) {
      const data = new Uint8Array(count * blockBytes);
      let errorMap = 0;
      let good = 0;
      let lastGood = -1;
      let sure = false;
      let corrected = 0;
      for (let index = 0; index < count; index++) {
        descramble(frame, from, index, block);
        let holds = decodeBlock();
        if (!holds && clean >= PROMISING_WORDS) {
          // Strong symbols are wrong where a transmitter switches off before its last bit, and outweigh two right ones.
          for (let i = 0; i < blockSymbols; i++) block[i] = Math.sign(block[i]!);
          holds = decodeBlock();
        }
        data.set(bytes.subarray(0, blockBytes), index * blockBytes);
        if (!holds) {
          errorMap |= 1 << index;
          corrected += blockSymbols;
          continue;
        }
        good++;
        lastGood = index;
        corrected += errors;
        if (clean >= CLEAN_WORDS) sure = true;
      }
      return { data, errorMap: errorMap >>> 0, good, lastGood, sure, corrected };
    },
    promising(frame, from) {
      for (let index = 0; index < LOOK_BLOCKS; index++) {
        descramble(frame, from, index, block);
        let clean = 0;
        for (let word = 0; word < WORDS; word++) {
          const received = hardWord(block, word, WORDS, mobitexWordBits);
          if (mobitexEncode(received >> (mobitexWordBits - 8)) === received) clean++;
        }
        if (clean >= PROMISING_WORDS) return true;
      }
      return false;
    },
  };
}

/** Probability that a block of noise is good: by soft decisions, or, when it is promising, by hard ones. */
export const blockAcceptance: number = (1 + cleanProbability(PROMISING_WORDS)) * CRC16_ACCEPTANCE;

/**
 * Probability that as many blocks of noise are promising, and that there is a good one among them that is sure, or two good ones. What
 * errors a block has tells nothing of its data.
 */
export function sureBlocksProbability(blocks: number): number {
  const promising = 1 - (1 - cleanProbability(PROMISING_WORDS)) ** LOOK_BLOCKS;
  const looked = Math.min(blocks, LOOK_BLOCKS);
  // One that is sure is promising too, and so was tried twice.
  const sure = (looked + (blocks - looked) * promising) * 2 * CRC16_ACCEPTANCE * cleanProbability(CLEAN_WORDS);
  return sure + promising * combinations(blocks, 2) * blockAcceptance ** 2;
}

/** Probability that as many words of a block of noise, or more, are without an error. */
function cleanProbability(words: number): number {
  let sum = 0;
  for (let k = words; k <= WORDS; k++) sum += combinations(WORDS, k) * 15 ** (WORDS - k) * 16 ** -WORDS;
  return sum;
}

/** The bits of blocks on the air; `data` has 18 bytes a block. */
export function encodeBlocks(data: Uint8Array): Uint8Array {
  const count = data.length / blockBytes;
  const bits = new Uint8Array(count * blockSymbols);
  for (let index = 0; index < count; index++) {
    const bytes = data.slice(index * blockBytes, (index + 1) * blockBytes);
    const value = crc('x25')(bytes);
    [...bytes, value >> 8, value & 255].forEach((byte, word) => {
      const code = mobitexEncode(byte);
      for (let i = 0; i < mobitexWordBits; i++)
        bits[index * blockSymbols + i * WORDS + word] = (code >> (mobitexWordBits - 1 - i)) & 1;
    });
  }
  const random = scrambled(new Uint8Array(bits.length / 8));
  return bits.map((bit, i) => bit ^ random[i]!);
}

function scrambled(bytes: Uint8Array): Uint8Array {
  mobitexScrambler(bytes);
  return unpackMsbFirst(bytes);
}

function combinations(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result = (result * (n - i)) / (i + 1);
  return result;
}
