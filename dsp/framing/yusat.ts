import { sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

const FLAG = 0x7e;
const HEADER_BYTES = 16;
const FCS_BYTES = 2;
const FIRST_BYTES = HEADER_BYTES + FCS_BYTES + 1;
const MAX_BYTES = 256;
/**
 * How much further each look goes: so little that no later frame is over before it, and at most a third, so that a frame cut off by
 * the end of the input has the three quarters of it that are asked for.
 */
const FURTHER_BYTES = 16;

/** Random bytes that pass `isAx25`. */
const HEADER_ACCEPTANCE = 2 ** -14 + 2 ** -16;

/**
 * YUSAT-1: AX.25 UI frames without bit stuffing and NRZI, bytes most significant bit first. A flag may be data, so that every one
 * on a byte boundary is tried as the end. The opening flag is short: the header must look like AX.25, too.
 */
export const yusat: Framing = {
  source: 'YUSAT-1, by observation; AX.25 v2.2 for header and FCS',
  protection: 'CRC-16, and the form of the AX.25 header',
  makeDeframer(_params, { symbolRate }) {
    const fcs = crc('x25');
    const bytes = new Uint8Array(MAX_BYTES);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(8, 0, 2),
      HEADER_ACCEPTANCE,
      ((MAX_BYTES - FIRST_BYTES) / 256) * CRC16_ACCEPTANCE,
    );
    return syncDeframer({
      search: hardSync('7e', 0),
      firstSymbols: 8 * FIRST_BYTES,
      maxSymbols: 8 * MAX_BYTES,
      maxAttempts: 64,
      decode(frame, n, { note = FIRST_BYTES - 1 }) {
        const there = n / 8;
        sliceBytes(frame, 0, there, bytes);
        if (!isAx25(bytes)) return { reject: 'header' };
        for (let end = note; end < there; end++) {
          const data = end - FCS_BYTES;
          if (bytes[end] !== FLAG || fcs(bytes, 0, data) !== (bytes[data]! | (bytes[data + 1]! << 8))) continue;
          return {
            bytes: bytes.slice(0, data),
            symbols: 8 * (end + 1),
            doubt: 0,
            integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
          };
        }
        if (there === MAX_BYTES) return { reject: 'crc' };
        const further = Math.min(FURTHER_BYTES, Math.floor(there / 3), MAX_BYTES - there);
        return { need: 8 * (there + further), note: there };
      },
    });
  },
  encode(frames, _params, options) {
    const fcs = crc('x25');
    return burst(
      frames.map((data) => {
        if (data.length < HEADER_BYTES || data.length > MAX_BYTES - FCS_BYTES - 1)
          throw new RangeError(`a YUSAT frame has 16 to 253 bytes, not ${data.length}`);
        if (!isAx25(data)) throw new RangeError('a YUSAT frame begins with the header of an AX.25 UI frame');
        const value = fcs(data);
        return unpackMsbFirst(concatenate([Uint8Array.of(FLAG), data, Uint8Array.of(value & 255, value >> 8, FLAG)]));
      }),
      options,
    );
  },
};

/** Two addresses by their extension bits, or an unnumbered frame without a third layer. */
function isAx25(bytes: Uint8Array): boolean {
  let extension = 0;
  for (let i = 0; i < 14; i++) extension = (extension << 1) | (bytes[i]! & 1);
  return extension === 1 || (bytes[14] === 0x03 && bytes[15] === 0xf0);
}
