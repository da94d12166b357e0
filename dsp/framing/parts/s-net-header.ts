import { bch15, bchWordBits } from '../../coding/bch.ts';
import { packMsbFirst } from '../../coding/bits.ts';
import { crc } from '../../coding/crc.ts';
import { hardWord } from '../../coding/likeliest-word.ts';
import type { Soft } from '../../core/types.ts';
import { bitCount } from './sync-search.ts';

const WORDS = 14;
export const headerSymbols: number = WORDS * bchWordBits;
const code = bch15(5);
const BITS = WORDS * code.k;

/** First bit and bits of the fields that matter; before and between them are addresses, counters and flags. */
const CODING = [26, 4] as const;
const LENGTH = [42, 10] as const;
const DATA_CHECK = [52, 13] as const;
const HEADER_CHECK = [65, 5] as const;
/** These bits follow the header, without being sent, where its CRC is computed. */
const CHECKED_SUFFIX = [1, 0, 1, 1, 0, 1, 1] as const;

/** CRCs as the first satellites compute them, or as they were meant. */
export type SnetChecks = 'first' | 'mended';

export interface SnetHeader {
  /** How the data are coded: 0 not, 1 … 3 by BCH (15,11), (15,7), (15,5). */
  readonly coding: number;
  readonly length: number;
  /** CRC-13 of the data. */
  readonly dataCheck: number;
  /** Symbols that were wrong. */
  readonly errors: number;
}

/** The header in the first symbols behind the sync word, null where its CRC does not hold. */
export function readHeader(frame: Soft, checks: SnetChecks): SnetHeader | null {
  const bits = new Uint8Array(BITS);
  let errors = 0;
  for (let word = 0; word < WORDS; word++) {
    const data = code.decode(frame, word, WORDS);
    errors += bitCount(hardWord(frame, word, WORDS, bchWordBits) ^ code.encode(data));
    // The data bits of a word come last bit first.
    for (let i = 0; i < code.k; i++) bits[code.k * word + i] = (data >> i) & 1;
  }
  if (field(bits, HEADER_CHECK) !== headerCheck(bits, checks)) return null;
  return { coding: field(bits, CODING), length: field(bits, LENGTH), dataCheck: field(bits, DATA_CHECK), errors };
}

/** The header's bits on the air, all fields that are not given 0. */
export function encodeHeader(header: Omit<SnetHeader, 'errors'>, checks: SnetChecks): Uint8Array {
  const bits = new Uint8Array(BITS);
  setField(bits, CODING, header.coding);
  setField(bits, LENGTH, header.length);
  setField(bits, DATA_CHECK, header.dataCheck);
  setField(bits, HEADER_CHECK, headerCheck(bits, checks));
  const out = new Uint8Array(headerSymbols);
  for (let word = 0; word < WORDS; word++) {
    let data = 0;
    for (let i = 0; i < code.k; i++) data |= bits[code.k * word + i]! << i;
    const sent = code.encode(data);
    for (let i = 0; i < bchWordBits; i++) out[WORDS * i + word] = (sent >> (bchWordBits - 1 - i)) & 1;
  }
  return out;
}

/** CRC-13 of the data. */
export function dataCheck(data: Uint8Array, checks: SnetChecks): number {
  if (checks === 'mended') return crc('crc13')(data);
  // Last byte first, and the feedback is the OR of register and data.
  const { polynomial, top, all } = { polynomial: 0x1cf5, top: 12, all: 0x1fff };
  let register = all;
  for (let i = data.length - 1; i >= 0; i--)
    for (let bit = 7; bit >= 0; bit--) {
      const feedback = (register >> top) | ((data[i]! >> bit) & 1);
      register = (register << 1) & all;
      if (feedback) register ^= polynomial;
    }
  return register;
}

function headerCheck(bits: Uint8Array, checks: SnetChecks): number {
  const bytes = packMsbFirst([...bits.subarray(0, HEADER_CHECK[0]), ...CHECKED_SUFFIX]);
  if (checks === 'first') {
    // Last byte first, and then one of them twice.
    bytes.reverse();
    bytes[4] = bytes[3]!;
  }
  return crc('crc5')(bytes);
}

function field(bits: Uint8Array, [from, length]: readonly [number, number]): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = (value << 1) | bits[from + i]!;
  return value;
}

function setField(bits: Uint8Array, [from, length]: readonly [number, number], value: number): void {
  for (let i = 0; i < length; i++) bits[from + i] = (value >> (length - 1 - i)) & 1;
}
