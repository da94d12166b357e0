import { packMsbFirst } from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import { UART_CHARACTER_BITS, uartData, uartEncode } from '../coding/uart.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { precededBy, softNrzMarkDecoder } from './parts/preceded-by.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

const SYNC = '20c6178401';
const SYNC_BITS = 40;
const SYNC_ERRORS = 6;
/** The characters are the end of nine rows, of which the first lacks its header. */
const ROW_BYTES = 40;
const ROWS = 9;
const MISSING_BYTES = 17;
const CHARACTERS = ROWS * ROW_BYTES - MISSING_BYTES;
const HEADER = { from: 1, bytes: 15 } as const;
const BODY = { from: 17, bytes: 22 } as const;
/** The last row's body ends early, with the CRC; the CRC leaves out the first four bytes. */
const BODY_BYTES = ROWS * BODY.bytes - 11;
const CRC_BYTES = 2;
const CRC_FROM = 4;
const FRAME_BYTES = HEADER.bytes + BODY_BYTES - CRC_BYTES;
const UNCHECKED_DOUBT = 1;

/**
 * IDEASSat: NRZI, sync word, UART characters in nine rows with a header each. The frame is a row's header, and the bodies
 * without their CRC. The header is under no check. A frame with a wrong CRC comes out as such behind a perfect sync word.
 */
export const ideassat: Framing = {
  source: 'IDEASSat: on-air format by observation',
  protection: 'CRC-16 over most of the body; the 40-bit sync word alone where it does not hold',
  makeDeframer(_params, { symbolRate }) {
    const check = crc('ccitt-false');
    const data = new Float32Array(8 * CHARACTERS);
    const bits = new Uint8Array(8 * CHARACTERS);
    const checkedAlarms = perHour(symbolRate, hardSyncProbability(SYNC_BITS, SYNC_ERRORS, 1), CRC16_ACCEPTANCE);
    const uncheckedAlarms = perHour(symbolRate, hardSyncProbability(SYNC_BITS, 0, 1));
    const deframer = syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: UART_CHARACTER_BITS * CHARACTERS,
      maxSymbols: UART_CHARACTER_BITS * CHARACTERS,
      maxAttempts: 64,
      decode(frame, n, { inverted, quality }) {
        // The decoder before gives NRZ-M, and NRZI is its inverse; the other polarity does not exist.
        if (!inverted) return { reject: null };
        uartData(frame, 0, CHARACTERS, 'msb-first', data);
        for (let i = 0; i < bits.length; i++) bits[i] = data[i]! > 0 ? 1 : 0;
        const rows = concatenate([new Uint8Array(MISSING_BYTES), packMsbFirst(bits)]);
        const body = new Uint8Array(ROWS * BODY.bytes);
        for (let row = 0; row < ROWS; row++) {
          const from = ROW_BYTES * row + BODY.from;
          body.set(rows.subarray(from, from + BODY.bytes), BODY.bytes * row);
        }
        const end = BODY_BYTES - CRC_BYTES;
        const holds = check(body, CRC_FROM, end) === (body[end]! | (body[end + 1]! << 8));
        if (!holds && quality < 1) return { reject: 'crc' };
        const header = rows.subarray(ROW_BYTES + HEADER.from, ROW_BYTES + HEADER.from + HEADER.bytes);
        return {
          bytes: concatenate([header, body.subarray(0, end)]),
          symbols: n,
          doubt: holds ? 0 : UNCHECKED_DOUBT,
          integrity: {
            crc: holds ? 'ok' : 'bad',
            fec: 'none',
            correctedSymbols: 0,
            repairedBits: 0,
            falseAlarmsPerHour: holds ? checkedAlarms : uncheckedAlarms,
          },
        };
      },
    });
    return precededBy(softNrzMarkDecoder(), deframer);
  },
  /** The header stands in every row but the first. */
  encode(frames, _params, options) {
    const check = crc('ccitt-false');
    return nrziEncode(
      burst(
        frames.map((frame) => {
          if (frame.length !== FRAME_BYTES)
            throw new RangeError(`a frame has ${FRAME_BYTES} bytes, not ${frame.length}`);
          const end = BODY_BYTES - CRC_BYTES;
          const body = new Uint8Array(ROWS * BODY.bytes);
          body.set(frame.subarray(HEADER.bytes));
          const value = check(body, CRC_FROM, end);
          body[end] = value & 255;
          body[end + 1] = value >> 8;
          const rows = new Uint8Array(ROWS * ROW_BYTES);
          for (let row = 0; row < ROWS; row++) {
            rows.set(frame.subarray(0, HEADER.bytes), ROW_BYTES * row + HEADER.from);
            rows.set(body.subarray(BODY.bytes * row, BODY.bytes * (row + 1)), ROW_BYTES * row + BODY.from);
          }
          return concatenate([syncBits(SYNC), uartEncode(rows.subarray(MISSING_BYTES), 'msb-first')]);
        }),
        options,
      ),
    );
  },
};
