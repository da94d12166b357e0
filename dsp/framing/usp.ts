import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { convolutionalCodes, convolutionalEncode } from '../coding/convolutional.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { perHour, reedSolomonAcceptance, softSyncProbability } from './parts/false-alarms.ts';
import { isShifted } from './parts/shifted-block.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { bitCount, type SyncSearch, signs } from './parts/sync-search.ts';

const SYNC = syncBits('5072f64b2d90b1f5');
const BLOCKS = [
  { information: 48, signalling: syncBits('719d83c953422dfa') },
  { information: 223, signalling: syncBits('24c8d69c061778af') },
].map((block) => ({ ...block, known: concatenate([SYNC, block.signalling]) }));
const SIGNALLING_SYMBOLS = 64;
const CODE = convolutionalCodes.ccsds;
/** Protocol and type, then the length. */
const HEADER_BYTES = 4;
const MAX_BLOCK = 255;
/** Correlation over sync word and signalling; noise has a deviation of 0.088. */
const THRESHOLD = 0.4;
/**
 * Symbols by which the hard decisions of a sync word must lean to one side: of noise a quarter does, and all but one in 10⁵ of
 * the words of a signal at Es/N0 −2 dB.
 */
const LEAST_LEAN = 5;
/** Correlation of the sync word alone that is worth a look at the signalling. */
const SYNC_THRESHOLD = 0.3;

/**
 * Unified SPUTNIX Protocol: sync word, physical-layer signalling of the block size, K = 7 code without tail, CCSDS scrambler,
 * Reed-Solomon in the dual basis. The frame is what the length field covers, usually AX.25 without FCS.
 */
export const usp: Framing = {
  source: 'SPUTNIX, Unified SPUTNIX Protocol 1.04; order of the signalling words by observation',
  protection: 'Reed-Solomon (t = 16) over the block, length within the block',
  codedSymbols: () => SIGNALLING_SYMBOLS + 16 * MAX_BLOCK,
  syncWords: BLOCKS.map(({ signalling }) => concatenate([SYNC, signalling])),
  makeDeframer(_params, { symbolRate, innerDecoder }) {
    const code = ccsdsReedSolomon('dual');
    const decodeInner = innerDecoder ?? viterbi(CODE);
    const bits = new Uint8Array(8 * MAX_BLOCK);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      2 * softSyncProbability(SYNC.length + SIGNALLING_SYMBOLS, THRESHOLD),
      reedSolomonAcceptance(MAX_BLOCK, false),
    );
    return syncDeframer({
      search: signalledSync(),
      firstSymbols: SIGNALLING_SYMBOLS,
      maxSymbols: SIGNALLING_SYMBOLS + 16 * MAX_BLOCK,
      maxAttempts: 16,
      confidentDoubt: 4,
      decode(frame, n, { symbol, inverted }) {
        const block = BLOCKS[likelierBlock(frame)]!;
        const size = block.information + CCSDS_PARITY;
        const need = SIGNALLING_SYMBOLS + 16 * size;
        if (n < need) return { need };
        decodeInner({
          code: CODE,
          symbol: symbol + SIGNALLING_SYMBOLS,
          soft: frame.subarray(SIGNALLING_SYMBOLS, need),
          bits: 8 * size,
          inverted,
          startState: 0,
          endState: null,
          known: block.known,
          out: bits,
        });
        const data = packMsbFirst(bits.subarray(0, 8 * size));
        ccsdsScrambler(data);
        const received = data.slice();
        const corrected = code.decode(data, size);
        if (corrected < 0 || isShifted(received, data, size)) return { reject: 'fec' };
        const length = data[2]! | (data[3]! << 8);
        if (length === 0 || length > size - CCSDS_PARITY - HEADER_BYTES) return { reject: 'length' };
        return {
          bytes: data.slice(HEADER_BYTES, HEADER_BYTES + length),
          symbols: need,
          doubt: corrected,
          integrity: {
            crc: 'none',
            fec: `rs(${size},${size - CCSDS_PARITY})`,
            correctedSymbols: corrected,
            repairedBits: 0,
            falseAlarmsPerHour,
          },
        };
      },
    });
  },
  encode(frames, _params, options) {
    const code = ccsdsReedSolomon('dual');
    return burst(
      frames.map((data) => {
        const kind = BLOCKS.find(({ information }) => data.length <= information - HEADER_BYTES);
        if (!kind || data.length === 0) throw new RangeError(`a USP frame carries 1 … 219 bytes, not ${data.length}`);
        const information = new Uint8Array(kind.information);
        information[2] = data.length;
        information.set(data, HEADER_BYTES);
        const block = code.encode(information);
        ccsdsScrambler(block);
        return concatenate([SYNC, kind.signalling, convolutionalEncode(CODE, unpackMsbFirst(block))]);
      }),
      options,
    );
  },
};

const syncSigns = signs(SYNC);
const [earlySync, lateSync] = [SYNC.subarray(0, 32), SYNC.subarray(32)].map((bits) =>
  bits.reduce((word, bit) => (word << 1) | bit, 0),
) as [number, number];
const signallingSigns = BLOCKS.map(({ signalling }) => signs(signalling));

function likelierBlock(frame: Soft): number {
  const dot = signallingSigns.map((word) => word.reduce((sum, s, i) => sum + s * frame[i]!, 0));
  return dot[1]! > dot[0]! ? 1 : 0;
}

/** Correlates sync word and the likelier signalling word behind it together. */
function signalledSync(): SyncSearch {
  const span = SYNC.length + SIGNALLING_SYMBOLS;
  const [short, long] = signallingSigns as [Float32Array, Float32Array];
  // Hard decisions of the last 64 symbols where a sync word may lie.
  let early = 0;
  let late = 0;
  return {
    lag: SIGNALLING_SYMBOLS,
    span,
    reset() {
      early = late = 0;
    },
    next(ring, mask, time) {
      const newest = time >= SIGNALLING_SYMBOLS && ring[(time - SIGNALLING_SYMBOLS) & mask]! > 0 ? 1 : 0;
      early = (early << 1) | (late >>> 31);
      late = (late << 1) | newest;
      // An erasure: silence, in which there is nothing to look for.
      if (time + 1 < span || ring[time & mask] === 0) return 0;
      const agreeing = SYNC.length - bitCount(early ^ earlySync) - bitCount(late ^ lateSync);
      if (Math.abs(agreeing - SYNC.length / 2) < LEAST_LEAN) return 0;
      const first = time + 1 - span;
      let dot = 0;
      let energy = 0;
      for (let i = 0; i < SYNC.length; i++) {
        const t = ring[(first + i) & mask]!;
        dot += t * syncSigns[i]!;
        energy += t * t;
      }
      if (!(dot * dot >= SYNC_THRESHOLD ** 2 * SYNC.length * energy) || energy === 0) return 0;
      let shortDot = 0;
      let longDot = 0;
      for (let i = 0; i < SIGNALLING_SYMBOLS; i++) {
        const s = ring[(first + SYNC.length + i) & mask]!;
        shortDot += s * short[i]!;
        longDot += s * long[i]!;
        energy += s * s;
      }
      const sign = dot > 0 ? 1 : -1;
      const quality = (sign * dot + Math.max(sign * shortDot, sign * longDot)) / Math.sqrt(span * energy);
      return quality >= THRESHOLD ? sign * quality : 0;
    },
  };
}
