import { pn9Scrambler } from '../coding/additive-scrambler.ts';
import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { cc11xxBlockSymbols, cc11xxCode, cc11xxInterleave } from '../coding/cc11xx-fec.ts';
import { convolutionalEncode } from '../coding/convolutional.ts';
import { crc } from '../coding/crc.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

const SYNC = 'd391d391';
/** Coded symbols are noisy: at 8 % wrong ones, which the code just bears, one sync word in 300 has more errors. */
const SYNC_ERRORS = 7;
/**
 * The decoder's metric: at 3 dB Eb/N0, where one frame of 25 bytes in seven fails, one decoded frame in 100 has less than 0.89 if it
 * is short, and hardly any if it is longer. Noise has more than 0.88 once in 70 blocks of 6 bytes, and was never seen to from 25
 * bytes on; of 16,700 chance sync words 8 got to the CRC.
 */
const LEAST_METRIC = 0.88;
const METRIC_ACCEPTANCE = 0.001;

const CRC_BYTES = 2;
const MAX_LENGTH = 255;
const TERMINATOR = 0x0b;
/** Two blocks: the length, and the decoder's memory behind it. */
const HEADER_SYMBOLS = 2 * cc11xxBlockSymbols;
const MAX_SYMBOLS = codedSymbols(MAX_LENGTH);

/**
 * OpenLST: length byte, data, CRC, PN9 over all of them, then the code and interleaver of the CC11xx. The length counts the CRC,
 * too. The frame is the data.
 */
export const openlst: Framing = {
  source: 'Texas Instruments CC1110 packet engine and Design Note DN504; OpenLST radio of Planet Labs',
  protection: 'CRC-16 over length and data, behind a K = 4 convolutional code',
  makeDeframer(_params, { symbolRate }) {
    const decodeInner = viterbi(cc11xxCode);
    const check = crc('cc11xx');
    const soft = new Float32Array(MAX_SYMBOLS);
    const bits = new Uint8Array(MAX_SYMBOLS / 2);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(32, SYNC_ERRORS, 2),
      METRIC_ACCEPTANCE,
      CRC16_ACCEPTANCE,
    );
    return syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: HEADER_SYMBOLS,
      maxSymbols: MAX_SYMBOLS,
      maxAttempts: 64,
      decode(frame, n, { symbol, inverted, note }) {
        cc11xxInterleave(frame, 0, n, soft);
        const request = { code: cc11xxCode, symbol, soft, bits: n / 2, inverted, startState: 0, endState: null };
        const metric = decodeInner({ ...request, out: bits });
        const bytes = packMsbFirst(bits.subarray(0, n / 2));
        pn9Scrambler(bytes);
        const length = bytes[0]!;
        if (length <= CRC_BYTES) return { reject: 'length' };
        const symbols = codedSymbols(length);
        if (note === undefined && symbols > n) return { need: symbols, note: length };
        // The length was read with less of what follows it.
        if (note !== undefined && note !== length) return { reject: 'header' };
        if (metric < LEAST_METRIC) return { reject: 'fec' };
        const end = 1 + length - CRC_BYTES;
        if (check(bytes, 0, end) !== (bytes[end]! | (bytes[end + 1]! << 8))) return { reject: 'crc' };
        return {
          bytes: bytes.slice(1, end),
          symbols,
          doubt: 1 - metric,
          integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
        };
      },
    });
  },
  encode(frames, _params, options) {
    const check = crc('cc11xx');
    return burst(
      frames.map((data) => {
        const length = data.length + CRC_BYTES;
        if (data.length < 1 || length > MAX_LENGTH)
          throw new RangeError(`an OpenLST frame has 1 to ${MAX_LENGTH - CRC_BYTES} bytes, not ${data.length}`);
        const packet = concatenate([Uint8Array.of(length), data]);
        const value = check(packet);
        const bytes = new Uint8Array(codedSymbols(length) / 16).fill(TERMINATOR);
        bytes.set(packet);
        bytes.set([value & 255, value >> 8], packet.length);
        pn9Scrambler(bytes, 0, 1 + length);
        const coded = convolutionalEncode(cc11xxCode, unpackMsbFirst(bytes));
        const onAir = new Uint8Array(coded.length);
        cc11xxInterleave(coded, 0, coded.length, onAir);
        return concatenate([syncBits(SYNC), onAir]);
      }),
      options,
    );
  },
};

/** Symbols of a packet whose length byte is `length`: with one or two bytes that end the trellis, whole blocks. */
function codedSymbols(length: number): number {
  return cc11xxBlockSymbols * (((1 + length) >> 1) + 1);
}
