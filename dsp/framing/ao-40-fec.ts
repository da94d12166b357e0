import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { ao40Geometries, ao40Position } from '../coding/ao40-interleaver.ts';
import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { convolutionalCodes, convolutionalEncode } from '../coding/convolutional.ts';
import { crc } from '../coding/crc.ts';
import { softConvolutional } from '../coding/turbo-convolutional.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Deframer, Integrity } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst } from './parts/burst.ts';
import { distributedSync } from './parts/distributed-sync.ts';
import { CRC16_ACCEPTANCE, perHour, reedSolomonAcceptance, softSyncProbability } from './parts/false-alarms.ts';
import { syncDeframer, type Verdict } from './parts/sync-deframer.ts';
import { turboDecoder, turboIterations } from './parts/turbo.ts';

/** 65 bits; the short block uses the first 52. */
const SYNC = unpackMsbFirst(Uint8Array.of(0xfe, 0x1d, 0xe5, 0x92, 0x04, 0x4c, 0x5d, 0x6c, 0x00)).subarray(0, 65);
const CODE = convolutionalCodes.ccsds;
const TAIL_BITS = 6;
const DATA_BYTES = 128;
/** Well below the 8 hard errors of 65 usually allowed: at the limit of this code every fifth symbol is wrong. */
const THRESHOLD = 0.4;
/** Symbols of silence that complete a block cut off by the end of the input, as a share of the block. */
const CUT_PART = 0.25;
/** Correlation of the sync word from which on code and modulation are decoded in turns: blocks at the threshold have 0.58 ± 0.06. */
const TURBO_THRESHOLD = 0.45;
/** Soft decisions do from Es/N0 2 dB on. */
const MOST_ESN0_DB = 4.5;

interface Variant {
  readonly block: 'long' | 'short';
  /** SMOG-1 puts a CRC-16 (ARC, low byte first) into the last two bytes; it stays in the frame. */
  readonly crc16: boolean;
}

/**
 * Telemetry of AO-40 and the FUNcube family: sync word spread over an interleaved block, K = 7 code with tail, CCSDS
 * scrambler, interleaved Reed-Solomon (160,128). `symbol` is the block's first, which belongs to the sync word.
 * The interleaver lies outside the code, so that the demodulator's inner decoder is of no use here. With a modulation with
 * memory as the inner code, both are decoded in turns where one pass of hard effort fails: 2 dB more reach.
 */
export function ao40Fec({ block, crc16 }: Variant): Framing {
  const geometry = ao40Geometries[block];
  const codewords = block === 'long' ? 2 : 1;
  const length = geometry.columns * geometry.rows;
  const sync = SYNC.subarray(0, geometry.columns);
  const bits = geometry.coded / 2;
  const check = crc('arc');
  const positions = Int32Array.from({ length: geometry.coded }, (_, i) =>
    ao40Position(geometry, geometry.firstCoded + i),
  );
  const known = new Int8Array(length).fill(-1);
  for (let i = 0; i < sync.length; i++) known[ao40Position(geometry, i)] = sync[i]!;
  return {
    source: 'P. Karn KA9Q, Proposed Coded AO-40 Telemetry Format (2002); short block by observation',
    protection: `${codewords} × Reed-Solomon (160,128) behind the K = 7 code${crc16 ? ', CRC-16' : ''}`,
    codedSymbols: () => length,
    makeDeframer(_params, { symbolRate, blockDetector }): Deframer {
      const code = ccsdsReedSolomon('conventional', codewords);
      const decodeInner = viterbi(CODE);
      const soft = new Float32Array(geometry.coded);
      const decoded = new Uint8Array(bits);
      const size = 160 * codewords;
      const falseAlarmsPerHour = perHour(
        symbolRate,
        softSyncProbability(geometry.columns, THRESHOLD),
        reedSolomonAcceptance(160, false) ** codewords,
        crc16 ? CRC16_ACCEPTANCE : 1,
        blockDetector ? 1 + turboIterations : 1,
      );

      const checked = (): Verdict => {
        const bytes = packMsbFirst(decoded.subarray(0, 8 * size));
        ccsdsScrambler(bytes);
        const corrected = code.decode(bytes, size);
        if (corrected < 0) return { reject: 'fec' };
        const data = bytes.slice(0, DATA_BYTES * codewords);
        const end = data.length - 2;
        if (crc16 && check(data, 0, end) !== (data[end]! | (data[end + 1]! << 8))) return { reject: 'crc' };
        const fec = codewords === 2 ? 'rs(160,128) x2' : 'rs(160,128)';
        const evidence = { fec, correctedSymbols: corrected, repairedBits: 0, falseAlarmsPerHour };
        const integrity: Integrity = { crc: crc16 ? 'ok' : 'none', ...evidence };
        return { bytes: data, symbols: length, doubt: corrected, integrity };
      };

      const decodeSoft = softConvolutional(CODE, bits);
      const said = new Float32Array(geometry.coded);
      const turbo =
        blockDetector &&
        turboDecoder<Verdict>(blockDetector, length, MOST_ESN0_DB, known, (channel, extrinsic) => {
          for (let i = 0; i < positions.length; i++) soft[i] = channel[positions[i]!]!;
          decodeSoft(soft, bits, said, decoded);
          for (let i = 0; i < positions.length; i++) extrinsic[positions[i]!] = said[i]!;
          const verdict = checked();
          return 'reject' in verdict ? null : verdict;
        });

      const search = distributedSync(sync, geometry.rows, length, THRESHOLD);
      let decodedUntil = 0;

      return syncDeframer({
        silence: Math.floor(CUT_PART * length),
        search: {
          ...search,
          reset() {
            search.reset();
            turbo?.reset();
            decodedUntil = 0;
          },
        },
        firstSymbols: length,
        maxSymbols: length,
        maxAttempts: 16,
        confidentDoubt: 4 * codewords,
        decode(frame, _n, { symbol, inverted, quality }) {
          for (let i = 0; i < positions.length; i++) soft[i] = frame[positions[i]!]!;
          decodeInner({ code: CODE, symbol, soft, bits, inverted, startState: 0, endState: 0, out: decoded });
          let verdict = checked();
          // Within a block there is no other one.
          if ('reject' in verdict && quality >= TURBO_THRESHOLD && symbol >= decodedUntil)
            verdict = turbo?.decode(symbol, length, inverted) ?? verdict;
          if (!('reject' in verdict)) decodedUntil = symbol + length;
          return verdict;
        },
      });
    },
    encode(frames, _params, options) {
      const code = ccsdsReedSolomon('conventional', codewords);
      return burst(
        frames.map((data) => {
          if (data.length !== DATA_BYTES * codewords)
            throw new RangeError(`a frame has ${DATA_BYTES * codewords} bytes, not ${data.length}`);
          const bytes = code.encode(data);
          ccsdsScrambler(bytes);
          const withTail = new Uint8Array(8 * bytes.length + TAIL_BITS);
          withTail.set(unpackMsbFirst(bytes));
          const coded = convolutionalEncode(CODE, withTail);
          const symbols = new Uint8Array(length);
          for (let i = 0; i < sync.length; i++) symbols[ao40Position(geometry, i)] = sync[i]!;
          for (let i = 0; i < coded.length; i++) symbols[positions[i]!] = coded[i]!;
          return symbols;
        }),
        options,
      );
    },
  };
}
