import { unpackMsbFirst } from '../coding/bits.ts';
import { type CrcName, crc } from '../coding/crc.ts';
import { repeatAccumulateCode, repeatAccumulateEncode } from '../coding/repeat-accumulate.ts';
import { repeatAccumulateDecoder } from '../coding/repeat-accumulate-decoder.ts';
import type { Framing } from './framing.ts';
import { attemptBudget } from './parts/attempt-budget.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, perHour, softSyncProbability } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { bitCount, signs, softSync } from './parts/sync-search.ts';
import { type OuterCode, turboDecoder } from './parts/turbo.ts';
import { wordWaves } from './parts/word-waves.ts';

/**
 * Correlation of the sync word. Over the shortest one noise reaches it at 4 % of the symbols, which the code's checks make up for,
 * and 0.3 % of the frames with a channel error rate of 0.10 do not.
 */
const SYNC_THRESHOLD = 0.5;
/** Agreement with the code's checks from which on a block is decoded: noise has 3 once in 740 blocks. */
const LEAST_AGREEMENT = 3;
const AGREEMENT_PROBABILITY = 1 / 740;
/** Of 300,000 blocks of noise the decoder settled on none. */
const DECODER_ACCEPTANCE = 1e-5;
/** Zeros are a code word: what a carrier without modulation is decoded to. Words of frames are half ones, whatever these hold. */
const LEAST_ONES = 1 / 16;
/** A block without success costs 2 to 5 ms. */
const SYMBOLS_PER_DECODING = 512;
const SAVED_DECODINGS = 8;
/** Chance sync words within the longest frame, and some more. */
const MAX_ATTEMPTS = 1024;

/** Share of its amplitude that a sync word adds up to, whose block is decoded in turns with the modulation: at the threshold 0.72 ± 0.07. */
const LEAST_COHERENCE = 0.55;
/** So many of the best sync words among these symbols on either side are tried: of 16 symbols, others are often as good. */
const BEST_WORDS = 6;
const BEST_OF = 1000;
/** Soft decisions do from Es/N0 2 dB on. */
const MOST_ESN0_DB = 4.5;
/** Words found so differ from the soft symbols by 0.18, which are of no use alone, and from noise by 0.4. */
const MAX_DISAGREEMENT = 0.27;

interface Variant {
  readonly sync: string;
  /** Frame sizes in bytes, ascending, tried when the satellite's isn't given. */
  readonly sizes: readonly number[];
  /** A CRC-16, low byte first, over the rest of the frame; `at` counts from the end when negative. */
  readonly check?: { readonly crc: CrcName; readonly at: number };
}

/**
 * SMOG-P and its family: sync word, then a block of the repeat-accumulate code. The frame comes whole, its CRC included.
 *
 * The code bears a channel error rate of 0.12, at which one 16-bit sync word in eight is exact. So the word only says where to
 * look; what is decoded is chosen by the parity checks of the whole block.
 */
export function smogRa({ sync, sizes, check }: Variant): Framing {
  const bits = syncBits(sync);
  const sizesOf = (frameSize: number | undefined) => (frameSize === undefined ? sizes : [frameSize]);
  return {
    source: 'SMOG-P, SMOG-1 and MRC-100: on-air format by observation, check values of the code by the reference coder',
    protection: `repeat-accumulate code of rate 1/2${check ? ', CRC-16' : ''}`,
    keys: ['frameSize'],
    codedSymbols: ({ frameSize }) => bits.length + 8 * repeatAccumulateCode(sizesOf(frameSize).at(-1)!).codeBytes,
    makeDeframer({ frameSize }, { symbolRate, wordCoherence, blockDetector }) {
      const blocks = sizesOf(frameSize).map((size) => {
        const code = repeatAccumulateCode(size);
        const symbols = 8 * code.codeBytes;
        const decoder = repeatAccumulateDecoder(code);
        const outer: OuterCode<Uint8Array> = (channel, extrinsic, iteration) => {
          const bytes = new Uint8Array(size);
          const coded = channel.subarray(bits.length);
          return decoder.step(coded, iteration === 0, extrinsic.subarray(bits.length), bytes) ? bytes : null;
        };
        const turbo =
          blockDetector &&
          turboDecoder(blockDetector, bits.length + symbols, MOST_ESN0_DB, Int8Array.from(bits), outer);
        return { size, code, symbols, decoder, turbo };
      });
      const longest = blocks.at(-1)!.symbols;
      const waves = wordCoherence && wordWaves(bits, SYNC_THRESHOLD, wordCoherence, LEAST_COHERENCE, longest);
      const search = waves?.search ?? softSync(signs(bits), SYNC_THRESHOLD);
      let decodedUntil = 0;
      const budget = attemptBudget(SYMBOLS_PER_DECODING, SAVED_DECODINGS);
      const falseAlarmsPerHour = perHour(
        symbolRate,
        softSyncProbability(bits.length, SYNC_THRESHOLD),
        blocks.length * AGREEMENT_PROBABILITY,
        DECODER_ACCEPTANCE,
        check ? CRC16_ACCEPTANCE : 1,
      );
      return syncDeframer({
        search: {
          ...search,
          reset() {
            search.reset();
            budget.reset();
            for (const { turbo } of blocks) turbo?.reset();
            decodedUntil = 0;
          },
        },
        firstSymbols: blocks[0]!.symbols,
        maxSymbols: longest,
        maxAttempts: MAX_ATTEMPTS,
        decode(frame, n, { symbol, inverted }) {
          const which = blocks.findIndex(({ symbols }) => symbols === n);
          const { size, code, decoder, turbo } = blocks[which]!;
          let bytes: Uint8Array = new Uint8Array(size);
          const promising = decoder.agreement(frame) >= LEAST_AGREEMENT && budget.spend(symbol + n);
          let corrected = promising ? decoder.decode(frame, bytes) : -1;
          // Within a frame there is no other one.
          if (corrected < 0 && symbol >= decodedUntil && waves?.isAmongBest(symbol, BEST_OF, BEST_WORDS)) {
            const found = turbo?.decode(symbol - bits.length, bits.length + n, inverted);
            const differing = found ? decoder.disagreement(found, frame) : n;
            if (found && differing <= MAX_DISAGREEMENT * n) {
              bytes = found;
              corrected = differing;
            }
          }
          if (corrected < 0) {
            const larger = blocks[which + 1];
            return larger ? { need: larger.symbols } : { reject: promising ? 'fec' : null };
          }
          if (onesOf(repeatAccumulateEncode(code, bytes)) < LEAST_ONES * n) return { reject: 'fec' };
          if (check && !holds(bytes, check)) return { reject: 'crc' };
          decodedUntil = symbol + n;
          return {
            bytes,
            symbols: n,
            doubt: corrected,
            integrity: {
              crc: check ? 'ok' : 'none',
              fec: `ra(${n / 8},${size})`,
              correctedSymbols: corrected,
              repairedBits: 0,
              falseAlarmsPerHour,
            },
          };
        },
      });
    },
    encode(frames, { frameSize }, options) {
      return burst(
        frames.map((data) => {
          if (!sizesOf(frameSize).includes(data.length))
            throw new RangeError(`a frame has ${sizesOf(frameSize).join(' or ')} bytes, not ${data.length}`);
          const coded = repeatAccumulateEncode(repeatAccumulateCode(data.length), data);
          return concatenate([syncBits(sync), unpackMsbFirst(coded)]);
        }),
        options,
      );
    },
  };
}

function onesOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + bitCount(byte), 0);
}

function holds(bytes: Uint8Array, check: NonNullable<Variant['check']>): boolean {
  const at = check.at < 0 ? bytes.length + check.at : check.at;
  const rest = concatenate([bytes.subarray(0, at), bytes.subarray(at + 2)]);
  return crc(check.crc)(rest) === (bytes[at]! | (bytes[at + 1]! << 8));
}
