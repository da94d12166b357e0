import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { type ConvolutionalCode, convolutionalEncode } from '../coding/convolutional.ts';
import { crc } from '../coding/crc.ts';
import { UART_CHARACTER_BITS, uartAgreement, uartData, uartEncode } from '../coding/uart.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, perHour, softSyncProbability } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { signs, softSync } from './parts/sync-search.ts';

const SYNC = concatenate([syncBits('e37b167e'), Uint8Array.of(1)]);
/** Correlation of the sync word where the characters' start and stop bits are there as well; noise has a deviation of 0.17. */
const THRESHOLD = 0.45;
/** And where they are not: 4 errors of 33. */
const SURE_SYNC = 0.7;
/** Share of right start and stop bits: noise, with a deviation of 0.033, reaches it once in 900 blocks. */
const LEAST_AGREEMENT = 0.6;
const AGREEMENT_PROBABILITY = 1 / 900;
const CODE: ConvolutionalCode = { constraintLength: 3, generators: [0o7, 0o5], inverted: [false, false] };
const DATA_BYTES = 48;
const CRC_BYTES = 2;
const TAIL_BITS = 2;
const INNER_BITS = 8 * (DATA_BYTES + CRC_BYTES) + TAIL_BITS;
/** Characters before the coded ones, of which nothing is known. */
const LEADING = 16;
const CODED_BYTES = 102;
const CHARACTERS = LEADING + CODED_BYTES;
const SYMBOLS = UART_CHARACTER_BITS * CHARACTERS;
/** Bytes whose bits are transposed in squares of eight. */
const TRANSPOSED_BYTES = 96;
/** Where coded bit i lies among the data bits of the characters. */
const POSITIONS = Int32Array.from({ length: 8 * CODED_BYTES }, (_, i) => {
  const byte = i >> 3;
  if (byte >= TRANSPOSED_BYTES) return i;
  return 8 * ((byte & ~7) + 7 - (i & 7)) + 7 - (byte & 7);
});
const SCRAMBLER = scrambler(8 * CODED_BYTES);

/** HSU-SAT1: sync word, UART characters, a transposition, a scrambler, the K = 3 code, CRC-16. The frame comes without its CRC. */
export const hsuSat1: Framing = {
  source: 'HSU-SAT1: on-air format by observation',
  protection: 'CRC-16 behind the K = 3 code',
  makeDeframer(_params, { symbolRate }) {
    const check = crc('x25');
    const decodeInner = viterbi(CODE);
    const data = new Float32Array(8 * CHARACTERS);
    const soft = new Float32Array(2 * INNER_BITS);
    const bits = new Uint8Array(INNER_BITS);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      softSyncProbability(SYNC.length, THRESHOLD) * AGREEMENT_PROBABILITY + softSyncProbability(SYNC.length, SURE_SYNC),
      CRC16_ACCEPTANCE,
    );
    return syncDeframer({
      search: softSync(signs(SYNC), THRESHOLD),
      firstSymbols: SYMBOLS,
      maxSymbols: SYMBOLS,
      maxAttempts: 64,
      decode(frame, n, { symbol, inverted, quality }) {
        if (quality < SURE_SYNC && uartAgreement(frame, 0, CHARACTERS) < LEAST_AGREEMENT) return { reject: null };
        uartData(frame, 0, CHARACTERS, 'lsb-first', data);
        for (let i = 0; i < soft.length; i++) {
          const value = data[8 * LEADING + POSITIONS[i]!]!;
          soft[i] = SCRAMBLER[i] ? -value : value;
        }
        decodeInner({ code: CODE, symbol, soft, bits: INNER_BITS, inverted, startState: 0, endState: 0, out: bits });
        const bytes = packMsbFirst(bits.subarray(0, INNER_BITS - TAIL_BITS));
        if (check(bytes, 0, DATA_BYTES) !== ((bytes[DATA_BYTES]! << 8) | bytes[DATA_BYTES + 1]!))
          return { reject: 'crc' };
        return {
          bytes: bytes.slice(0, DATA_BYTES),
          symbols: n,
          doubt: 0,
          integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
        };
      },
    });
  },
  encode(frames, _params, options) {
    return burst(
      frames.map((frame) => {
        if (frame.length !== DATA_BYTES) throw new RangeError(`a frame has ${DATA_BYTES} bytes, not ${frame.length}`);
        const value = crc('x25')(frame);
        const bits = new Uint8Array(INNER_BITS);
        bits.set(unpackMsbFirst(concatenate([frame, Uint8Array.of(value >> 8, value & 255)])));
        const coded = new Uint8Array(8 * CODED_BYTES);
        coded.set(convolutionalEncode(CODE, bits));
        const placed = new Uint8Array(8 * CODED_BYTES);
        for (let i = 0; i < coded.length; i++) placed[POSITIONS[i]!] = coded[i]! ^ SCRAMBLER[i]!;
        const characters = concatenate([new Uint8Array(LEADING), packMsbFirst(placed)]);
        return concatenate([SYNC, uartEncode(characters, 'lsb-first')]);
      }),
      options,
    );
  },
};

/** x^7 + x^3 + 1, begun with 0000111. */
function scrambler(length: number): Uint8Array {
  const s = new Uint8Array(length);
  s.set([0, 0, 0, 0, 1, 1, 1]);
  for (let n = 0; n + 7 < length; n++) s[n + 7] = s[n]! ^ s[n + 3]!;
  return s;
}
