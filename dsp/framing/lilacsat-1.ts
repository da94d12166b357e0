import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { channelErrors, convolutionalCodes, convolutionalEncode } from '../coding/convolutional.ts';
import { nrzMarkDecode, nrzMarkEncode } from '../coding/line-codes.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { ASM } from './parts/ccsds-frame.ts';
import { codedMarker } from './parts/coded-marker.ts';
import { perHour, softSyncProbability } from './parts/false-alarms.ts';
import { ofSize } from './parts/reed-solomon-block.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { softSync } from './parts/sync-search.ts';

const CODE = convolutionalCodes.ccsds;
const MARKER = syncBits(ASM);
const BLOCK_BYTES = 116;
/** Chunks of 24 bytes, the marker the first's first 4: 17 bytes of data, then 7 of voice. */
const CHUNK_BYTES = 24;
const CHUNK_DATA_BYTES = 17;
const isData = (_: unknown, i: number) => (i + MARKER.length / 8) % CHUNK_BYTES < CHUNK_DATA_BYTES;
const FRAME_BYTES = new Uint8Array(BLOCK_BYTES).filter(isData).length;
const BITS = 8 * BLOCK_BYTES;
/** Bits decoded beyond the next marker, so that its last ones are as sure as the others. */
const BEYOND_BITS = 24;
const DECODED_BITS = BITS + MARKER.length + BEYOND_BITS;
const PERIOD_SYMBOLS = 2 * (BITS + MARKER.length);

/** Correlation of the encoded marker; noise has a deviation of 0.139, a signal at 2 dB Eb/N0 gives 0.75. */
const THRESHOLD = 0.45;
/**
 * Correlation and share of wrong channel symbols where there is no other marker a period before or behind. Within coded data one
 * bit in 10⁶ looks like that marker. Idle data at the wrong pairing of symbols, which is what follows a marker when the
 * demodulator slips by a symbol, have 0.13.
 */
const ALONE = 0.65;
const ALONE_CHANNEL_ERRORS = 0.11;
/** Errors allowed in the next marker. */
const MARKER_ERRORS = 4;
/**
 * Share of wrong channel symbols. At 2 dB, where half of the frames have a wrong bit, a signal has 0.104 ± 0.007, noise makes
 * 0.171 ± 0.005 and comes below this once in 10⁸ blocks.
 */
const CHANNEL_ERRORS = 0.14;
const NOISE_ACCEPTANCE = 1e-8;

/**
 * LilacSat-1, BY02 and Taurus-1: CCSDS sync marker, scrambler, NRZ-M and K = 7 code around data and Codec2 voice, blocks without a
 * break between them. The frame is the data of a block, a slice of a KISS stream. It has no check: the code shows that there is a
 * signal, the markers before and behind where the block lies.
 */
export const lilacsat1: Framing = {
  source: 'CCSDS 131.0-B sections 3, 9 and 10; chunks by observation',
  protection: 'none but the sync markers and the K = 7 code',
  codedSymbols: () => 2 * DECODED_BITS,
  makeDeframer(_params, { symbolRate, innerDecoder }) {
    const decodeInner = innerDecoder ?? viterbi(CODE);
    const { word, startState, lastLevel } = codedMarker(ASM, CODE, true);
    const decoded = new Uint8Array(DECODED_BITS);
    const falseAlarmsPerHour = perHour(symbolRate, softSyncProbability(word.length, THRESHOLD), NOISE_ACCEPTANCE);
    /** Where the block behind the last one would begin. */
    let following = -1;
    const deframer = syncDeframer({
      search: softSync(word, THRESHOLD),
      firstSymbols: 2 * DECODED_BITS,
      maxSymbols: 2 * DECODED_BITS,
      maxAttempts: 32,
      confidentDoubt: 1 - ALONE,
      decode(frame, n, { symbol, inverted, quality }) {
        const soft = frame.subarray(0, n);
        const request = { code: CODE, symbol, soft, bits: DECODED_BITS, inverted };
        decodeInner({ ...request, startState, endState: null, out: decoded });
        const errors = channelErrors(CODE, decoded, soft, startState);
        // Where a block told of this one, its marker is no chance: what is behind it may fade, and is for the reader to judge.
        const told = symbol === following;
        if (errors > CHANNEL_ERRORS && !told) return { reject: 'fec' };
        nrzMarkDecode(decoded, DECODED_BITS, lastLevel);
        const wrong = MARKER.reduce((sum, bit, i) => sum + (bit ^ decoded[BITS + i]!), 0);
        const alone = wrong > MARKER_ERRORS && !told;
        if (alone && (quality < ALONE || errors > ALONE_CHANNEL_ERRORS)) return { reject: 'header' };
        if (errors <= CHANNEL_ERRORS) following = symbol + PERIOD_SYMBOLS;
        const block = packMsbFirst(decoded.subarray(0, BITS));
        ccsdsScrambler(block);
        return {
          bytes: block.filter(isData),
          symbols: 2 * BITS,
          doubt: 1 - quality,
          integrity: { crc: 'none', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
        };
      },
    });
    return {
      ...deframer,
      reset() {
        following = -1;
        deframer.reset();
      },
    };
  },
  /** The voice is zeros. */
  encode(frames, _params, options) {
    const bits = burst(
      frames.map((data) => {
        let taken = 0;
        ofSize(data, FRAME_BYTES);
        const block = new Uint8Array(BLOCK_BYTES).map((_, i) => (isData(_, i) ? data[taken++]! : 0));
        ccsdsScrambler(block);
        return concatenate([MARKER, unpackMsbFirst(block)]);
      }),
      options,
    );
    return convolutionalEncode(CODE, nrzMarkEncode(bits));
  },
};
