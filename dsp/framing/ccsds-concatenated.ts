import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { type ConvolutionalCode, convolutionalCodes, convolutionalEncode } from '../coding/convolutional.ts';
import { nrzMarkDecode, nrzMarkEncode } from '../coding/line-codes.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { ASM, ccsdsFrame } from './parts/ccsds-frame.ts';
import { codedMarker } from './parts/coded-marker.ts';
import { perHour, softSyncProbability } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { softSync } from './parts/sync-search.ts';

/** Correlation of the encoded sync marker; noise has a deviation of 0.139, a signal at 2 dB Eb/N0 gives 0.75. */
const THRESHOLD = 0.45;
/** Correlation that noise reaches once in 10⁵ symbols: a block with a wrong byte at its edge needs it. */
const SURE = 0.6;
/** Bits decoded beyond the frame, so that its last ones are as sure as the others: what follows is coded as well. */
const BEYOND_BITS = 24;

/**
 * CCSDS telemetry with the K = 7 code around Reed-Solomon, the sync marker inside the code; optionally NRZ-M before the code.
 */
export const ccsdsConcatenated: Framing = {
  source: 'CCSDS 131.0-B sections 3, 4, 9 and 10',
  protection: 'Reed-Solomon (t = 16 for each interleaved codeword) behind the K = 7 code',
  keys: ['frameSize', 'rsBasis', 'rsInterleaving', 'precoding', 'scrambler', 'convolutional'],
  codedSymbols: (params) => 2 * (8 * ccsdsFrame(params, false).size + BEYOND_BITS),
  makeDeframer(params, { symbolRate, innerDecoder }) {
    const coding = ccsdsFrame(params, false);
    const code = codeOf(params.convolutional);
    const decodeInner = innerDecoder ?? viterbi(code);
    const differential = params.precoding === 'differential';
    const { word, startState, lastLevel } = codedMarker(ASM, code, differential);
    const bits = 8 * coding.size;
    const decoded = new Uint8Array(bits + BEYOND_BITS);
    const falseAlarmsPerHour = perHour(symbolRate, softSyncProbability(word.length, THRESHOLD), coding.acceptance);
    return syncDeframer({
      search: softSync(word, THRESHOLD),
      firstSymbols: 2 * (bits + BEYOND_BITS),
      maxSymbols: 2 * (bits + BEYOND_BITS),
      maxAttempts: 32,
      confidentDoubt: 4 * (params.rsInterleaving ?? 1),
      decode(frame, n, { symbol, inverted, quality }) {
        const request = { code, symbol, soft: frame.subarray(0, n), bits: bits + BEYOND_BITS, inverted };
        decodeInner({ ...request, startState, endState: null, out: decoded });
        if (differential) nrzMarkDecode(decoded, bits, lastLevel);
        const result = coding.decode(packMsbFirst(decoded.subarray(0, bits)), falseAlarmsPerHour);
        // A chance marker a few bytes beside a missed one gives a code word too, but for the bytes at its end (shifted-block.ts).
        if (!result || (result.edgeCorrected && quality < SURE)) return { reject: 'fec' };
        return { ...result, symbols: 2 * bits };
      },
    });
  },
  encode(frames, params, options) {
    const coding = ccsdsFrame(params, false);
    const bits = burst(
      frames.map((data) => concatenate([syncBits(ASM), unpackMsbFirst(coding.encode(data))])),
      options,
    );
    return convolutionalEncode(
      codeOf(params.convolutional),
      params.precoding === 'differential' ? nrzMarkEncode(bits) : bits,
    );
  },
};

function codeOf(name: keyof typeof convolutionalCodes = 'ccsds'): ConvolutionalCode {
  return convolutionalCodes[name];
}
