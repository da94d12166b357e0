import { byteReliability, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { g3ruhScramble, g3ruhSoftDescrambler } from '../coding/g3ruh.ts';
import type { Framing } from './framing.ts';
import { blockEnd } from './parts/block-end.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { precededBy } from './parts/preceded-by.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

const SYNC = '930b51de';
const SYNC_ERRORS = 4;
const MAX_BYTES = 255;
const MIN_LENGTH = CCSDS_PARITY + 2;
/** How many of the least sure bits of the unprotected length byte are doubted, one at a time. */
const DOUBTED_BITS = 2;

/** Zeros that a block may end in: more are too rare to wait for. */
const MOST_ZEROS = 4;

/**
 * GOMspace AX100, Reed-Solomon mode: the whole stream behind the G3RUH scrambler, sync word, length byte (counts itself),
 * shortened Reed-Solomon. The frame is what was encoded, usually a CSP packet.
 */
export const ax100ReedSolomon: Framing = {
  source: 'GOMspace NanoCom AX100 data sheet, Reed-Solomon mode; header by observation',
  protection: 'Reed-Solomon (t = 16) over the frame; the length is unprotected',
  makeDeframer(_params, { symbolRate }) {
    const code = ccsdsReedSolomon('conventional');
    const bytes = new Uint8Array(MAX_BYTES);
    const received = new Uint8Array(MAX_BYTES);
    const reliability = new Float32Array(MAX_BYTES);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(32, SYNC_ERRORS, 2),
      (1 + DOUBTED_BITS) * reedSolomonAcceptance(MAX_BYTES, true),
    );
    const deframer = syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: 8,
      maxSymbols: 8 * MAX_BYTES,
      maxAttempts: 64,
      confidentDoubt: 4,
      decode(frame, n) {
        const { lengths, announced } = candidateLengths(frame);
        if (lengths.length === 0) return { reject: 'header' };
        const shortest = Math.min(...lengths);
        // What the byte says comes first where it is not much longer: a block that ends in zeros is a code word without them too.
        const first = announced && lengths[0]! - shortest <= MOST_ZEROS ? lengths[0]! : shortest;
        if (n === 8) return { need: 8 * first };
        let size = 0;
        let changed = -1;
        for (const length of lengths) {
          if (8 * length > n || changed >= 0) continue;
          size = length - 1;
          sliceBytes(frame, 8, size, bytes);
          byteReliability(frame, 8, size, reliability);
          received.set(bytes);
          changed = code.decode(bytes, size, reliability);
        }
        if (changed < 0) {
          const longer = lengths.toSorted((a, b) => a - b).find((length) => 8 * length > n);
          return longer === undefined ? { reject: 'fec' } : { need: 8 * longer };
        }
        const { length, beyond } = blockEnd(received, bytes, size, 1);
        if (length === 0) return { reject: 'fec' };
        const corrected = changed - beyond;
        return {
          bytes: bytes.slice(0, length - CCSDS_PARITY),
          symbols: 8 * (1 + length),
          doubt: corrected,
          integrity: {
            crc: 'none',
            fec: `rs(${length},${length - CCSDS_PARITY})`,
            correctedSymbols: corrected,
            repairedBits: 0,
            falseAlarmsPerHour,
          },
        };
      },
    });

    return precededBy(g3ruhSoftDescrambler(), deframer);
  },
  encode(frames, _params, options) {
    const code = ccsdsReedSolomon('conventional');
    const bits = burst(
      frames.map((data) => {
        const block = code.encode(data);
        if (block.length > MAX_BYTES - 1)
          throw new RangeError(`${data.length} bytes are more than an AX100 frame holds`);
        return concatenate([syncBits(SYNC), unpackMsbFirst(Uint8Array.of(block.length + 1)), unpackMsbFirst(block)]);
      }),
      options,
    );
    return g3ruhScramble(bits);
  },
};

/**
 * Possible lengths: the byte as received, first where it is one (`announced`), and with one of its least sure bits flipped,
 * ascending.
 */
function candidateLengths(frame: Float32Array): { lengths: readonly number[]; announced: boolean } {
  let received = 0;
  for (let i = 0; i < 8; i++) received = (received << 1) | (frame[i]! > 0 ? 1 : 0);
  const doubted = [0, 1, 2, 3, 4, 5, 6, 7]
    .sort((a, b) => Math.abs(frame[a]!) - Math.abs(frame[b]!))
    .slice(0, DOUBTED_BITS)
    .map((bit) => received ^ (128 >> bit))
    .sort((a, b) => a - b);
  const possible = (length: number) => length >= MIN_LENGTH && length <= MAX_BYTES;
  return { lengths: [received, ...doubted].filter(possible), announced: possible(received) };
}
