import {
  byteReliability,
  packMsbFirst,
  reverseBits,
  sliceBytes,
  unpackLsbFirst,
  unpackMsbFirst,
} from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import { g3ruhDescramble, g3ruhScramble } from '../coding/g3ruh.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import { softReedSolomon } from '../coding/soft-reed-solomon.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { syncDeframer, type Verdict } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

/** Before and behind a block. */
const FLAGS = '7e7e';
const FLAG_BITS = syncBits(FLAGS);
const FLAG_BYTES = 2;
/** Of 16 bits. The code and the CRC bear more before a block, too, but each place costs a search for the end. */
const SYNC_ERRORS = 1;
const END_ERRORS = 2;
const CODE = reedSolomonCodes['dvb-16'];
const CRC_BYTES = 2;
const LEAST_BYTES = CODE.parity + CRC_BYTES + 1;
const MOST_BYTES = 255;
/** How much further is looked each time: so little that a block comes before the next one, and at the input's end. */
const STEP_BYTES = 6;
/** Ends tried: among 236 places of chance bits half a one looks like flags. */
const MOST_ENDS = 4;
const check = crc('xmodem');

/**
 * ESEO: HDLC turned inside out. Frame and CRC-16 are NRZI coded, scrambled (G3RUH) and stuffed, this is the information of a
 * shortened Reed-Solomon codeword, bits of bytes least significant first, between two pairs of flags. The frame comes without its CRC.
 */
export const eseo: Framing = {
  source: 'by observation',
  protection: 'Reed-Solomon (t = 8) and CRC-16 over the frame',
  makeDeframer(_params, { symbolRate }) {
    const code = softReedSolomon(CODE);
    const bytes = new Uint8Array(MOST_BYTES);
    const reliability = new Float32Array(MOST_BYTES);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(8 * FLAG_BYTES, SYNC_ERRORS, 2),
      MOST_ENDS * reedSolomonAcceptance(MOST_BYTES, true, 0, CODE.parity),
      CRC16_ACCEPTANCE,
    );

    /** The frame in a block of `n` bytes. */
    const decode = (frame: Soft, n: number): Verdict => {
      sliceBytes(frame, 0, n, bytes);
      reverseBits(bytes, n);
      byteReliability(frame, 0, n, reliability);
      const corrected = code.decode(bytes, n, reliability);
      if (corrected < 0) return { reject: 'fec' };
      const content = lineDecode(bytes.subarray(0, n - CODE.parity));
      const end = content.length - CRC_BYTES;
      if (end < 1) return { reject: 'length' };
      if (check(content, 0, end) !== ((content[end]! << 8) | content[end + 1]!)) return { reject: 'crc' };
      return {
        bytes: content.slice(0, end),
        symbols: 8 * n,
        doubt: corrected,
        integrity: {
          crc: 'ok',
          fec: `rs(${n},${n - CODE.parity})`,
          correctedSymbols: corrected,
          repairedBits: 0,
          falseAlarmsPerHour,
        },
      };
    };

    return syncDeframer({
      search: hardSync(FLAGS, SYNC_ERRORS),
      firstSymbols: 8 * (LEAST_BYTES + FLAG_BYTES),
      maxSymbols: 8 * (MOST_BYTES + FLAG_BYTES),
      maxAttempts: 64,
      /** `note`: the next place to look at, times MOST_ENDS, plus the ends tried. */
      decode(frame, n, { note = LEAST_BYTES * MOST_ENDS }) {
        let end = Math.floor(note / MOST_ENDS);
        let tried = note % MOST_ENDS;
        // More flags follow: the block begins behind the last ones.
        if (end === LEAST_BYTES && flagErrors(frame, 0) === 0) return { reject: 'length' };
        let verdict: Verdict = { reject: 'length' };
        for (; end <= n / 8 - FLAG_BYTES; end++) {
          if (flagErrors(frame, 8 * end) > END_ERRORS) continue;
          verdict = decode(frame, end);
          if (!('reject' in verdict) || ++tried === MOST_ENDS) return verdict;
        }
        if (end > MOST_BYTES) return verdict;
        return {
          need: Math.min(n + 8 * STEP_BYTES, 8 * (MOST_BYTES + FLAG_BYTES)),
          note: end * MOST_ENDS + tried,
        };
      },
    });
  },
  encode(frames, _params, options) {
    const code = softReedSolomon(CODE);
    return burst(
      frames.map((data) => {
        const information = lineEncode(data);
        const n = information.length + CODE.parity;
        if (data.length === 0 || n > MOST_BYTES)
          throw new RangeError(`${data.length} bytes make no block of ${LEAST_BYTES} … ${MOST_BYTES} bytes`);
        const block = new Uint8Array(n);
        block.set(information);
        code.encode(block, n);
        return concatenate([FLAG_BITS, unpackLsbFirst(block), FLAG_BITS]);
      }),
      options,
    );
  },
};

/** Wrong bits among 16 that should be flags, those not counted that are not there. */
function flagErrors(frame: Soft, from: number): number {
  let errors = 0;
  for (let i = 0; i < FLAG_BITS.length; i++) {
    const s = frame[from + i]!;
    if (s !== 0 && s > 0 !== (FLAG_BITS[i] === 1)) errors++;
  }
  return errors;
}

/** Frame and CRC → NRZI → scrambler → a 0 after five ones, filled up with zeros. */
function lineEncode(data: Uint8Array): Uint8Array {
  const content = new Uint8Array(data.length + CRC_BYTES);
  content.set(data);
  new DataView(content.buffer).setUint16(data.length, check(data));
  const out: number[] = [];
  let ones = 0;
  for (const bit of g3ruhScramble(nrziEncode(unpackLsbFirst(content)))) {
    out.push(bit);
    ones = bit === 1 ? ones + 1 : 0;
    if (ones < 5) continue;
    out.push(0);
    ones = 0;
  }
  return packMsbFirst(out);
}

/** The inverse; empty where six ones follow each other. */
function lineDecode(information: Uint8Array): Uint8Array {
  const levels: number[] = [];
  let ones = 0;
  for (const bit of unpackMsbFirst(information)) {
    if (ones === 5) {
      if (bit === 1) return new Uint8Array();
      ones = 0;
      continue;
    }
    levels.push(bit);
    ones = bit === 1 ? ones + 1 : 0;
  }
  const bits = g3ruhDescramble(Uint8Array.from(levels));
  let before = 0;
  for (let i = 0; i < bits.length; i++) {
    const level = bits[i]!;
    bits[i] = level === before ? 1 : 0;
    before = level;
  }
  const content = packMsbFirst(bits.subarray(0, bits.length - (bits.length % 8)));
  reverseBits(content);
  return content;
}
