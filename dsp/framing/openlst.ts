import { pn9Scrambler } from '../coding/additive-scrambler.ts';
import { packMsbFirst, unpackMsbFirst } from '../coding/bits.ts';
import { cc11xxBlockSymbols, cc11xxCode, cc11xxInterleave } from '../coding/cc11xx-fec.ts';
import { convolutionalEncode } from '../coding/convolutional.ts';
import { crc } from '../coding/crc.ts';
import { softConvolutional } from '../coding/turbo-convolutional.ts';
import { viterbi } from '../coding/viterbi.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';
import { turboDecoder } from './parts/turbo.ts';

const SYNC = 'd391d391';
const SYNC_BITS = syncBits(SYNC);
const SYNC_COMPLEMENT = SYNC_BITS.map((bit) => 1 - bit);
/** Coded symbols are noisy: at 8 % wrong ones, which the code just bears, one sync word in 300 has more errors. */
const SYNC_ERRORS = 7;
/**
 * The decoder's metric: at 3 dB Eb/N0, where one frame of 25 bytes in seven fails, one decoded frame in 100 has less than 0.89 if it
 * is short, and hardly any if it is longer. Noise has more than 0.88 once in 70 blocks of 6 bytes, and was never seen to from 25
 * bytes on; of 16,700 chance sync words 8 got to the CRC.
 */
const LEAST_METRIC = 0.88;
const METRIC_ACCEPTANCE = 0.001;
/** Share of its amplitude that a sync word adds up to whose packet is decoded in turns: at the threshold 0.77 ± 0.06, noise once in 50,000 places. */
const LEAST_COHERENCE = 0.6;
/** Soft decisions do from there on; at 5 dB they still lose a third of the longest frames. */
const MOST_ESN0_DB = 9;
/** What two iterations in a row say is settled, and so many of these are checked: a CRC of 16 bits must not be tried at every step. */
const MOST_TRIALS = 4;
/** Iterations after which the length is read. */
const HEADER_ITERATIONS = 6;

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
  codedSymbols: () => SYNC_BITS.length + MAX_SYMBOLS,
  makeDeframer(_params, { symbolRate, wordCoherence, blockDetector }) {
    const decodeInner = viterbi(cc11xxCode);
    const decodeSoft = softConvolutional(cc11xxCode, MAX_SYMBOLS / 2);
    const check = crc('cc11xx');
    const soft = new Float32Array(MAX_SYMBOLS);
    const bits = new Uint8Array(MAX_SYMBOLS / 2);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(32, SYNC_ERRORS, 2),
      METRIC_ACCEPTANCE,
      CRC16_ACCEPTANCE,
      blockDetector ? 1 + MOST_TRIALS : 1,
    );

    /** The data of a packet of `length`, where its CRC holds. */
    const dataOf = (bytes: Uint8Array, length: number): Uint8Array | null => {
      const end = 1 + length - CRC_BYTES;
      return check(bytes, 0, end) === (bytes[end]! | (bytes[end + 1]! << 8)) ? bytes.slice(1, end) : null;
    };

    const said = new Float32Array(MAX_SYMBOLS);
    const before = new Uint8Array(MAX_SYMBOLS / 16);
    let repeated = 0;
    let trials = 0;
    const onAir = new Float32Array(MAX_SYMBOLS);
    let symbols = HEADER_SYMBOLS;
    /** One iteration over `symbols` behind the sync word: the bytes that the code says. */
    const iterate = (channel: Float32Array, extrinsic: Float32Array): Uint8Array => {
      cc11xxInterleave(channel, SYNC_BITS.length, symbols, soft);
      decodeSoft(soft, symbols / 2, said, bits, 0, null);
      cc11xxInterleave(said, 0, symbols, onAir);
      extrinsic.set(onAir.subarray(0, symbols), SYNC_BITS.length);
      const bytes = packMsbFirst(bits.subarray(0, symbols / 2));
      pn9Scrambler(bytes);
      return bytes;
    };
    const known = Int8Array.from(SYNC_BITS);
    const headerTurbo =
      blockDetector &&
      turboDecoder(
        blockDetector,
        SYNC_BITS.length + HEADER_SYMBOLS,
        MOST_ESN0_DB,
        known,
        (channel, extrinsic, iteration) => {
          const length = iterate(channel, extrinsic)[0]!;
          return iteration + 1 === HEADER_ITERATIONS ? length : null;
        },
      );
    const turbo =
      blockDetector &&
      turboDecoder(
        blockDetector,
        SYNC_BITS.length + MAX_SYMBOLS,
        MOST_ESN0_DB,
        known,
        (channel, extrinsic, iteration) => {
          const bytes = iterate(channel, extrinsic);
          if (iteration === 0) trials = repeated = 0;
          repeated = iteration > 0 && bytes.every((byte, i) => byte === before[i]) ? repeated + 1 : 0;
          before.set(bytes);
          if (repeated !== 1 || ++trials > MOST_TRIALS) return null;
          return codedSymbols(bytes[0]!) === symbols ? dataOf(bytes, bytes[0]!) : null;
        },
      );
    const search = hardSync(SYNC, SYNC_ERRORS);
    let decodedUntil = 0;

    return syncDeframer({
      search: {
        ...search,
        reset() {
          search.reset();
          headerTurbo?.reset();
          turbo?.reset();
          decodedUntil = 0;
        },
      },
      firstSymbols: HEADER_SYMBOLS,
      maxSymbols: MAX_SYMBOLS,
      maxAttempts: 64,
      decode(frame, n, { symbol, inverted, note }) {
        cc11xxInterleave(frame, 0, n, soft);
        const request = { code: cc11xxCode, symbol, soft, bits: n / 2, inverted, startState: 0, endState: null };
        const metric = decodeInner({ ...request, out: bits });
        const bytes = packMsbFirst(bits.subarray(0, n / 2));
        pn9Scrambler(bytes);
        let length = bytes[0]!;
        const first = symbol - SYNC_BITS.length;
        const isThere = (wordCoherence?.(first, inverted ? SYNC_COMPLEMENT : SYNC_BITS) ?? 0) >= LEAST_COHERENCE;
        if (note === undefined && isThere) {
          symbols = HEADER_SYMBOLS;
          length = headerTurbo?.decode(first, SYNC_BITS.length + symbols, inverted) ?? length;
        }
        if (length <= CRC_BYTES) return { reject: 'length' };
        symbols = codedSymbols(length);
        if (note === undefined && symbols > n) return { need: symbols, note: length };
        // The length was read with less of what follows it.
        let data = (note === undefined || note === length) && metric >= LEAST_METRIC ? dataOf(bytes, length) : null;
        let doubt = 1 - metric;
        // Within a frame there is no other one.
        if (!data && isThere && turbo && symbol >= decodedUntil) {
          symbols = n;
          const found = turbo.decode(first, SYNC_BITS.length + n, inverted);
          const agreed = found ? agreement(found, frame) : 0;
          if (agreed >= LEAST_METRIC) {
            data = found;
            doubt = 1 - agreed;
          }
        }
        if (!data)
          return { reject: note !== undefined && note !== length ? 'header' : metric < LEAST_METRIC ? 'fec' : 'crc' };
        decodedUntil = symbol + n;
        return {
          bytes: data,
          symbols: n,
          doubt,
          integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
        };
      },
    });
  },
  encode(frames, _params, options) {
    return burst(
      frames.map((data) => concatenate([SYNC_BITS, onTheAir(data)])),
      options,
    );
  },
};

/** Channel bits of a packet, without the sync word. @throws RangeError when it does not fit */
function onTheAir(data: Uint8Array): Uint8Array {
  const length = data.length + CRC_BYTES;
  if (data.length < 1 || length > MAX_LENGTH)
    throw new RangeError(`an OpenLST frame has 1 to ${MAX_LENGTH - CRC_BYTES} bytes, not ${data.length}`);
  const packet = concatenate([Uint8Array.of(length), data]);
  const value = crc('cc11xx')(packet);
  const bytes = new Uint8Array(codedSymbols(length) / 16).fill(TERMINATOR);
  bytes.set(packet);
  bytes.set([value & 255, value >> 8], packet.length);
  pn9Scrambler(bytes, 0, 1 + length);
  const coded = convolutionalEncode(cc11xxCode, unpackMsbFirst(bytes));
  const out = new Uint8Array(coded.length);
  cc11xxInterleave(coded, 0, coded.length, out);
  return out;
}

/** Correlation of the frame as it is sent with soft symbols, 1 where all agree. */
function agreement(data: Uint8Array, soft: Soft): number {
  const sent = onTheAir(data);
  let sum = 0;
  let total = 1e-30;
  for (let i = 0; i < sent.length; i++) {
    sum += sent[i] === 1 ? soft[i]! : -soft[i]!;
    total += Math.abs(soft[i]!);
  }
  return sum / total;
}

/** Symbols of a packet whose length byte is `length`: with one or two bytes that end the trellis, whole blocks. */
function codedSymbols(length: number): number {
  return cc11xxBlockSymbols * (((1 + length) >> 1) + 1);
}
