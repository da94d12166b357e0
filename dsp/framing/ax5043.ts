import { type ConvolutionalCode, convolutionalEncode } from '../coding/convolutional.ts';
import { hdlcEncode, hdlcFrames } from '../coding/hdlc.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { concatenate } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

/** Two coded and interleaved flags, which begin at the second bit of a block. */
const SYNC = '8ae68ae6';
const SYNC_ERRORS = 4;
const CODE: ConvolutionalCode = { constraintLength: 5, generators: [0o23, 0o35], inverted: [true, false] };
/** The encoder behind the first seven bits of a flag. */
const STATE_AFTER_SYNC = 0b1111;
/** The interleaver: a square of 4 × 4 symbols, written by rows, read by columns. */
const BLOCK_SYMBOLS = 16;
const BLOCK_BITS = BLOCK_SYMBOLS / 2;
const MAX_SYMBOLS = 4000;
/** A frame's end is looked for here first, and then in a quarter more, again and again. */
const FIRST_SYMBOLS = 128;
const GROWTH = 1.25;
const MIN_BYTES = 4;
/** Flags of the preamble: the encoder's beginning takes one, the sync word two. */
const LEAST_FLAGS = 4;

/**
 * ON Semiconductor AX5043 with its convolutional code: HDLC with a CRC-16 of another polynomial than usual, K = 5 code,
 * interleaver. The flags of the preamble are the sync word, so that a frame is found once a flag; the arbiter keeps one.
 */
export const ax5043: Framing = {
  source: 'ON Semiconductor AND9347, AX5043 programming manual; interleaver and flag phase by observation of CAPE-3',
  protection: 'CRC-16 behind the K = 5 code',
  makeDeframer(_params, { symbolRate }) {
    const decodeInner = viterbi(CODE);
    const soft = new Float32Array(MAX_SYMBOLS);
    const bits = new Uint8Array(MAX_SYMBOLS / 2);
    // Of the flags that noise holds every 256 bits, half close a stretch of data, and one in eight a whole number of bytes.
    const windows = MAX_SYMBOLS / 2 / 256 / 2 / 8;
    const falseAlarmsPerHour = perHour(symbolRate, hardSyncProbability(32, SYNC_ERRORS, 2), windows * CRC16_ACCEPTANCE);
    return syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: FIRST_SYMBOLS,
      maxSymbols: MAX_SYMBOLS,
      maxAttempts: 64,
      decode(frame, n, { symbol, inverted }) {
        for (let i = 0; i < n; i++) soft[i] = frame[interleaved(i)]!;
        const request = { code: CODE, symbol, soft, bits: n / 2, inverted };
        decodeInner({ ...request, startState: STATE_AFTER_SYNC, endState: null, out: bits });
        const [found] = hdlcFrames(bits.subarray(0, n / 2), MIN_BYTES, 'usb');
        if (!found) {
          if (n === MAX_SYMBOLS) return { reject: 'crc' };
          return { need: Math.min(MAX_SYMBOLS, BLOCK_SYMBOLS * Math.ceil((GROWTH * n) / BLOCK_SYMBOLS)) };
        }
        return {
          bytes: found.bytes,
          symbols: Math.min(n, BLOCK_SYMBOLS * Math.ceil(found.end / BLOCK_BITS)),
          doubt: 0,
          integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
        };
      },
    });
  },
  /** The filler before, between and behind frames is flags; the encoder starts afresh with each frame. */
  encode(frames, _params, { preambleBytes = 16, gapBytes = 4, tailBytes = 2 } = {}) {
    return concatenate(
      frames.map((frame, i) => {
        if (frame.length < MIN_BYTES)
          throw new RangeError(`a frame has at least ${MIN_BYTES} bytes, not ${frame.length}`);
        const flags = Math.max(LEAST_FLAGS, i === 0 ? preambleBytes : gapBytes);
        const hdlc = hdlcEncode([frame], flags, 1, 1 + (i + 1 < frames.length ? 0 : tailBytes), 'usb');
        if (2 * (hdlc.length - 8 * flags) > MAX_SYMBOLS)
          throw new RangeError(`a frame of ${frame.length} bytes is longer than ${MAX_SYMBOLS} symbols`);
        // One bit before the first flag, zeros to the end of the last block.
        const bits = new Uint8Array(BLOCK_BITS * Math.ceil((1 + hdlc.length) / BLOCK_BITS));
        bits.set(hdlc, 1);
        const coded = convolutionalEncode(CODE, bits);
        return coded.map((_, k) => coded[interleaved(k)]!);
      }),
    );
  },
};

/** Where symbol `i` is after the interleaver, which is its own inverse. */
function interleaved(i: number): number {
  return (i & ~15) | ((i & 3) << 2) | ((i >> 2) & 3);
}
