import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { byteReliability, packMsbFirst, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon, FLIPPED_EVENTS } from '../coding/ccsds-reed-solomon.ts';
import { channelErrors, convolutionalCodes, convolutionalEncode } from '../coding/convolutional.ts';
import { crc } from '../coding/crc.ts';
import { golayDistance, golayEncode, golayWord } from '../coding/golay.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Framing } from './framing.ts';
import { blockEnd } from './parts/block-end.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance, softSyncProbability } from './parts/false-alarms.ts';
import { golayHeader, golayHeaderSymbols as HEADER_SYMBOLS } from './parts/golay-header.ts';
import { syncDeframer, type Verdict } from './parts/sync-deframer.ts';
import { softSyncCountingErrors, syncErrors } from './parts/sync-search.ts';
import { undoneErrors } from './parts/undone-errors.ts';

const SYNC = 'c3aa6655';
const SYNC_BITS = syncBits(SYNC);
/** Correlation of the sync word: noise has a deviation of 0.177, a coded signal at 2.5 dB Eb/N0 gives 0.74 on the average. */
const THRESHOLD = 0.5;
/** And where the demodulator then compares the waveform, of which soft symbols keep too little. */
const WAVEFORM_THRESHOLD = 0.3;
const MAX_BYTES = 255;
/** Header flags above the 8 bits of length. */
const VITERBI = 0x100;
const SCRAMBLER = 0x200;
const REED_SOLOMON = 0x400;
const CODE = convolutionalCodes['nasa-dsn-uninverted'];
const TAIL_BITS = 6;
const CSP_HEADER_BYTES = 4;

// A frame without Reed-Solomon has no check: then the sync word, the header and the code must be nearly clean.
const UNCHECKED_SYNC_ERRORS = 1;
const UNCHECKED_HEADER_ERRORS = 1;
/** Noise re-encodes to about 14 % disagreement behind this code. */
const UNCHECKED_CHANNEL_ERRORS = 0.08;
const UNCHECKED_DOUBT = 1000;

/**
 * GOMspace NanoCom U482C: sync word, Golay header with length and flags, then optionally K = 7 code, CCSDS scrambler and
 * shortened Reed-Solomon, as the flags say. The frame is what was encoded, a CSP packet.
 */
export const u482c: Framing = {
  source: 'GOMspace NanoCom U482C; CCSDS 131.0-B codes; flags by observation',
  protection:
    'Reed-Solomon (t = 16) where its flag is set; else narrow limits on sync, header and code, and the CSP CRC',
  codedSymbols: () => HEADER_SYMBOLS + 8 * MAX_BYTES,
  makeDeframer(_params, context) {
    const { symbolRate, innerDecoder, wordDecoder } = context;
    const code = ccsdsReedSolomon('conventional');
    const threshold = wordDecoder ? WAVEFORM_THRESHOLD : THRESHOLD;
    const decodeInner = innerDecoder ?? viterbi(CODE);
    const readHeader = golayHeader(SYNC, (data) => informationBytes(data) > 0, wordDecoder);
    const known = new Uint8Array(SYNC_BITS.length + HEADER_SYMBOLS);
    known.set(SYNC_BITS);
    const bytes = new Uint8Array(MAX_BYTES);
    const received = new Uint8Array(MAX_BYTES);
    const reliability = new Float32Array(MAX_BYTES);
    const bits = new Uint8Array(4 * MAX_BYTES);
    const checkedAlarms = perHour(
      symbolRate,
      softSyncProbability(32, threshold),
      reedSolomonAcceptance(MAX_BYTES, true, FLIPPED_EVENTS),
    );
    // Of the headers within one bit of a word (25 · 4096 of 2^24) about half have no Reed-Solomon flag.
    const uncheckedAlarms = perHour(
      symbolRate,
      hardSyncProbability(32, UNCHECKED_SYNC_ERRORS, 2),
      (25 * 4096) / 2 ** 24 / 2,
    );
    return syncDeframer({
      search: softSyncCountingErrors(SYNC, threshold),
      firstSymbols: HEADER_SYMBOLS,
      maxSymbols: HEADER_SYMBOLS + 8 * MAX_BYTES,
      maxAttempts: 64,
      confidentDoubt: 4,
      decode(frame, n, attempt): Verdict {
        const header = attempt.note ?? readHeader(frame, attempt);
        if (header < 0) return { reject: 'header' };
        const length = header & 255;
        const checked = (header & REED_SOLOMON) !== 0;
        if (n === HEADER_SYMBOLS) {
          const clean =
            golayDistance(golayWord(frame, 0), golayEncode(header)) <= UNCHECKED_HEADER_ERRORS &&
            syncErrors(attempt.quality, 32) <= UNCHECKED_SYNC_ERRORS;
          return checked || clean ? { need: HEADER_SYMBOLS + 8 * length, note: header } : { reject: 'header' };
        }
        let size = length;
        if (header & VITERBI) {
          size = (length >> 1) - 1;
          const inner = 8 * size + TAIL_BITS;
          const soft = frame.subarray(HEADER_SYMBOLS, HEADER_SYMBOLS + 2 * inner);
          const symbol = attempt.symbol + HEADER_SYMBOLS;
          const word = golayEncode(header);
          for (let i = 0; i < HEADER_SYMBOLS; i++) known[SYNC_BITS.length + i] = (word >> (HEADER_SYMBOLS - 1 - i)) & 1;
          const ends = { startState: 0, endState: 0, inverted: attempt.inverted };
          decodeInner({ code: CODE, symbol, soft, bits: inner, ...ends, known, out: bits });
          bytes.set(packMsbFirst(bits.subarray(0, 8 * size)));
          if (!checked && channelErrors(CODE, bits.subarray(0, inner), soft) > UNCHECKED_CHANNEL_ERRORS)
            return { reject: 'fec' };
        } else {
          sliceBytes(frame, HEADER_SYMBOLS, size, bytes);
          byteReliability(frame, HEADER_SYMBOLS, size, reliability);
        }
        if (header & SCRAMBLER) ccsdsScrambler(bytes, 0, size);
        let corrected = 0;
        if (checked) {
          received.set(bytes);
          const hard = (header & VITERBI) === 0;
          const events = hard ? undoneErrors(context, attempt, frame, HEADER_SYMBOLS, size) : [];
          corrected = code.decode(bytes, size, hard ? reliability : undefined, events);
          if (corrected < 0) return { reject: 'fec' };
          const { length: end, beyond } = blockEnd(received, bytes, size, 1);
          if (end === 0) return { reject: 'fec' };
          size = end;
          corrected -= beyond;
        }
        const data = checked ? size - CCSDS_PARITY : size;
        if (!checked && !cspCrcHolds(bytes.subarray(0, data))) return { reject: 'crc' };
        return {
          bytes: bytes.slice(0, data),
          symbols: n,
          doubt: checked ? corrected : UNCHECKED_DOUBT,
          integrity: {
            crc: 'none',
            fec: checked ? `rs(${size},${data})` : 'none',
            correctedSymbols: corrected,
            repairedBits: 0,
            falseAlarmsPerHour: checked ? checkedAlarms : uncheckedAlarms,
          },
        };
      },
    });
  },
  /** With all three flags, as the transmitters send it. */
  encode(frames, _params, options) {
    const code = ccsdsReedSolomon('conventional');
    return burst(
      frames.map((data) => {
        const block = code.encode(data);
        ccsdsScrambler(block);
        const coded = convolutionalEncode(CODE, unpackMsbFirst(concatenate([block, Uint8Array.of(0)])));
        if (coded.length > 8 * MAX_BYTES)
          throw new RangeError(`${data.length} bytes are more than a U482C frame holds`);
        const header = golayEncode((coded.length / 8) | VITERBI | SCRAMBLER | REED_SOLOMON);
        return concatenate([
          syncBits(SYNC),
          unpackMsbFirst(Uint8Array.of(header >> 16, (header >> 8) & 255, header & 255)),
          coded,
        ]);
      }),
      options,
    );
  },
};

/** Bytes of the packet behind a header, 0 when there can't be one. */
function informationBytes(header: number): number {
  const coded = header & 255;
  const size = header & VITERBI ? (coded >> 1) - 1 : coded;
  const data = header & REED_SOLOMON ? size - CCSDS_PARITY : size;
  return data >= (header & REED_SOLOMON ? 1 : CSP_HEADER_BYTES) ? data : 0;
}

/** True unless the CSP v1 header announces a CRC-32C that doesn't hold, over the payload or header and payload. */
function cspCrcHolds(packet: Uint8Array): boolean {
  if (!(packet[3]! & 1)) return true;
  const end = packet.length - 4;
  if (end < CSP_HEADER_BYTES) return false;
  const stored = new DataView(packet.buffer, packet.byteOffset).getUint32(end);
  const check = crc('crc32c');
  return stored === check(packet, CSP_HEADER_BYTES, end) || stored === check(packet, 0, end);
}
