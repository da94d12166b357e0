import { bch15, bchWordBits } from '../coding/bch.ts';
import { unpackLsbFirst } from '../coding/bits.ts';
import { hardWord } from '../coding/likeliest-word.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { perHour, softSyncProbability } from './parts/false-alarms.ts';
import { dataCheck, encodeHeader, headerSymbols, readHeader, type SnetChecks } from './parts/s-net-header.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { bitCount, softSyncCountingErrors } from './parts/sync-search.ts';

const SYNC = '04cf5fc8';
/** Correlation of the sync word: noise has a deviation of 0.177, a signal with 15 % of its symbols wrong gives 0.72 on the average. */
const THRESHOLD = 0.5;
/**
 * Symbols of a header that may be wrong: the code turns noise into words 48 ± 3 symbols away, and not more than 38 once in 300
 * times; a signal with 13 % of its symbols wrong has 27 ± 5.
 */
const HEADER_ERRORS = 38;
const HEADER_BY_NOISE = 3.4e-3;
const HEADER_CHECK_ACCEPTANCE = 2 ** -5;
const DATA_CHECK_ACCEPTANCE = 2 ** -13;
/** How data can be coded, of the 16 values that a header can say. */
const codes = [null, bch15(11), bch15(7), bch15(5)] as const;
const CODING_ACCEPTANCE = codes.length / 16;
/**
 * Share of the data's symbols that may be wrong where the CRC-13 tells nothing: with as many, one word in 200 comes out wrong
 * (simulated in white noise), and so half of the frames of 144 words that the satellites send.
 */
const MOST_ERRORS = [0, 0.017, 0.06, 0.1] as const;
/** What the satellites mostly send. */
const USUAL_CODING = 2;

/** Words of a block, interleaved bit by bit. */
const WORDS = 16;
const BLOCK_SYMBOLS = WORDS * bchWordBits;
const MAX_BYTES = 1023;
/** Fills the last block. */
const PADDING = 0xdb;

/**
 * S-NET: sync word, header in BCH (15,5) with the length and the CRC-13 of the data, then data in blocks of the BCH code that the header
 * says. The frame is the data. The first satellites compute both CRCs wrongly, so that 97 % of random data have the CRC-13 0x1453: it
 * is required, but is no evidence of right data. SALSAT computes them as they were meant.
 */
export function snet({ checks }: { readonly checks: SnetChecks }): Framing {
  return {
    source: 'S-NET and SALSAT of TU Berlin; header fields and CRCs by observation',
    protection:
      checks === 'first'
        ? 'mostly BCH over the data (their CRC-13 hardly checks anything), CRC-5 and BCH over the header'
        : 'CRC-13 and mostly BCH over the data, CRC-5 and BCH over the header',
    makeDeframer(_params, { symbolRate }) {
      const falseAlarmsPerHour = perHour(
        symbolRate,
        softSyncProbability(4 * SYNC.length, THRESHOLD),
        HEADER_BY_NOISE * HEADER_CHECK_ACCEPTANCE * CODING_ACCEPTANCE,
        DATA_CHECK_ACCEPTANCE,
      );
      return syncDeframer({
        search: softSyncCountingErrors(SYNC, THRESHOLD),
        firstSymbols: headerSymbols,
        maxSymbols: headerSymbols + Math.max(...codes.map((_, coding) => dataSymbols(coding, MAX_BYTES))),
        maxAttempts: 16,
        decode(frame, n) {
          const header = readHeader(frame, checks);
          if (!header || header.errors > HEADER_ERRORS || header.coding >= codes.length) return { reject: 'header' };
          const { coding, length } = header;
          // Nothing but a header: the satellites send it between frames.
          if (length === 0) return { reject: 'length' };
          const need = headerSymbols + dataSymbols(coding, length);
          if (n < need) return { need };
          const { data, errors } = decodeData(frame, coding, length);
          if (dataCheck(data, checks) !== header.dataCheck) return { reject: 'crc' };
          const code = codes[coding];
          if (code && checks === 'first' && errors > MOST_ERRORS[coding]! * (need - headerSymbols))
            return { reject: 'fec' };
          return {
            bytes: data,
            symbols: need,
            doubt: header.errors + errors,
            integrity: {
              crc: checks === 'first' ? 'none' : 'ok',
              fec: code ? `bch(${bchWordBits},${code.k})` : 'none',
              correctedSymbols: header.errors + errors,
              repairedBits: 0,
              falseAlarmsPerHour,
            },
          };
        },
      });
    },
    encode(frames, _params, options) {
      return burst(
        frames.map((data) => {
          if (data.length === 0 || data.length > MAX_BYTES)
            throw new RangeError(`${data.length} bytes are not within 1 … ${MAX_BYTES} of an S-NET frame`);
          const header = { coding: USUAL_CODING, length: data.length, dataCheck: dataCheck(data, checks) };
          return concatenate([syncBits(SYNC), encodeHeader(header, checks), encodeData(data)]);
        }),
        options,
      );
    },
  };
}

function dataSymbols(coding: number, length: number): number {
  const code = codes[coding];
  return code ? Math.ceil((8 * length) / (WORDS * code.k)) * BLOCK_SYMBOLS : 8 * length;
}

function decodeData(
  frame: Soft,
  coding: number,
  length: number,
): { readonly data: Uint8Array; readonly errors: number } {
  const data = new Uint8Array(length);
  const code = codes[coding];
  let errors = 0;
  let at = 0;
  const put = (bit: number) => {
    if (at < 8 * length) data[at >> 3]! |= bit << (at & 7);
    at++;
  };
  if (!code) {
    for (let i = 0; i < 8 * length; i++) put(frame[headerSymbols + i]! > 0 ? 1 : 0);
    return { data, errors };
  }
  for (let block = headerSymbols; at < 8 * length; block += BLOCK_SYMBOLS) {
    for (let word = 0; word < WORDS; word++) {
      const value = code.decode(frame, block + word, WORDS);
      errors += bitCount(hardWord(frame, block + word, WORDS, bchWordBits) ^ code.encode(value));
      for (let i = code.k - 1; i >= 0; i--) put((value >> i) & 1);
    }
  }
  return { data, errors };
}

function encodeData(data: Uint8Array): Uint8Array {
  const code = codes[USUAL_CODING];
  const out = new Uint8Array(dataSymbols(USUAL_CODING, data.length));
  const padded = new Uint8Array((out.length / bchWordBits / 8) * code.k).fill(PADDING);
  padded.set(data);
  const bits = unpackLsbFirst(padded);
  for (let word = 0; word < out.length / bchWordBits; word++) {
    let value = 0;
    for (let i = 0; i < code.k; i++) value = (value << 1) | bits[word * code.k + i]!;
    const sent = code.encode(value);
    const at = Math.floor(word / WORDS) * BLOCK_SYMBOLS + (word % WORDS);
    for (let i = 0; i < bchWordBits; i++) out[at + WORDS * i] = (sent >> (bchWordBits - 1 - i)) & 1;
  }
  return out;
}
