import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { convolutionalCodes, convolutionalEncode } from '../coding/convolutional.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { perHour, reedSolomonAcceptance, softSyncProbability } from './parts/false-alarms.ts';
import { isShifted } from './parts/shifted-block.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { signs, softSync } from './parts/sync-search.ts';

const SYNC = syncBits('4f5a34435542');
/**
 * Correlation of the sync word; noise has a deviation of 0.144. At the limit of the short block, Es/N0 −3.7 dB, a signal gives 0.68
 * with a deviation of 0.1.
 */
const THRESHOLD = 0.45;
const MARKER_SYMBOLS = 8;
/** Says how long the block is. It is not needed: both are tried. */
const MARKER = 0x59;
const CODE = convolutionalCodes.ccsds;
const TAIL_BITS = 6;
/** Information bytes of the short and the long block. */
const FRAME_BYTES = [31, 92] as const;
const LONG = FRAME_BYTES[1] + CCSDS_PARITY;

/** Symbols of a block of `size` bytes, marker included. */
const symbolsOf = (size: number) => MARKER_SYMBOLS + 2 * (8 * size + TAIL_BITS);

/** AAUSAT-4: sync word, marker, K = 7 code with tail around the CCSDS scrambler and shortened Reed-Solomon. */
export const aausat4: Framing = {
  source: 'CCSDS 131.0-B codes; sync word and sizes by observation',
  protection: 'Reed-Solomon (t = 16) behind the K = 7 code',
  codedSymbols: () => symbolsOf(LONG),
  makeDeframer(_params, { symbolRate, innerDecoder }) {
    const code = ccsdsReedSolomon('conventional');
    const decodeInner = innerDecoder ?? viterbi(CODE);
    const bits = new Uint8Array(8 * LONG + TAIL_BITS);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      softSyncProbability(SYNC.length, THRESHOLD),
      FRAME_BYTES.reduce((sum, data) => sum + reedSolomonAcceptance(data + CCSDS_PARITY, false), 0),
    );
    return syncDeframer({
      search: softSync(signs(SYNC), THRESHOLD),
      firstSymbols: symbolsOf(FRAME_BYTES[0] + CCSDS_PARITY),
      maxSymbols: symbolsOf(LONG),
      maxAttempts: 16,
      confidentDoubt: 4,
      decode(frame, n, { symbol, inverted }) {
        const data = FRAME_BYTES[n === symbolsOf(LONG) ? 1 : 0];
        const size = data + CCSDS_PARITY;
        decodeInner({
          code: CODE,
          symbol: symbol + MARKER_SYMBOLS,
          soft: frame.subarray(MARKER_SYMBOLS, n),
          bits: 8 * size + TAIL_BITS,
          inverted,
          startState: 0,
          endState: 0,
          out: bits,
        });
        const block = packMsbFirst(bits.subarray(0, 8 * size));
        ccsdsScrambler(block);
        const received = block.slice();
        const corrected = code.decode(block, size);
        if (corrected < 0 || isShifted(received, block, size))
          return n < symbolsOf(LONG) ? { need: symbolsOf(LONG) } : { reject: 'fec' };
        return {
          bytes: block.slice(0, data),
          symbols: n,
          doubt: corrected,
          integrity: {
            crc: 'none',
            fec: `rs(${size},${data})`,
            correctedSymbols: corrected,
            repairedBits: 0,
            falseAlarmsPerHour,
          },
        };
      },
    });
  },
  encode(frames, _params, options) {
    const code = ccsdsReedSolomon('conventional');
    return burst(
      frames.map((data) => {
        if (!FRAME_BYTES.some((size) => size === data.length))
          throw new RangeError(`a frame has ${FRAME_BYTES.join(' or ')} bytes, not ${data.length}`);
        const block = code.encode(data);
        ccsdsScrambler(block);
        const bits = concatenate([unpackMsbFirst(block), new Uint8Array(TAIL_BITS)]);
        return concatenate([SYNC, unpackMsbFirst(Uint8Array.of(MARKER)), convolutionalEncode(CODE, bits)]);
      }),
      options,
    );
  },
};
