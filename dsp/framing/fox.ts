import { CCSDS_PARITY, ccsdsReedSolomon, FLIPPED_EVENTS } from '../coding/ccsds-reed-solomon.ts';
import { COMMA, eightTenDecoder, encodeEightTen } from '../coding/eight-ten.ts';
import type { ErrorEvent } from '../coding/error-events.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate } from './parts/burst.ts';
import {
  commaSync,
  type EightTenSync,
  eightTenSync,
  eightTenSyncWord,
  LINE_CODE_ACCEPTANCE,
} from './parts/eight-ten-sync.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { syncDeframer, type Verdict } from './parts/sync-deframer.ts';
import { syncErrors } from './parts/sync-search.ts';

/** Bytes of data that a word takes. */
const MAX_DATA = 255 - CCSDS_PARITY;

export interface Fox {
  readonly sync: EightTenSync;
  /** Bytes of the frames that there are, without parity: tried one after the other where the satellite's size is not given. */
  readonly sizes: readonly number[];
  /** Reed-Solomon words that the bytes are dealt out to in turn. */
  readonly words: number;
}

/**
 * Slow data under voice (Fox-1A to 1D), high speed (the same ones), and BPSK (Fox-1E, HuskySat-1: 476 bytes; GOLF: 564; the
 * Linear Transponder Module and Fox-Plus: 669), whose sync word is a pseudo-noise sequence of 31 bits.
 */
export const foxFormats = {
  duv: { sync: commaSync(2), sizes: [64], words: 1 },
  // One error: with two, one aligned byte in nine would look like a comma.
  highSpeed: { sync: commaSync(1), sizes: [4600], words: 21 },
  psk: { sync: eightTenSyncWord(0x47cd215d, 31, 6), sizes: [476, 564, 669], words: 3 },
} as const satisfies Record<string, Fox>;

/**
 * Wrong symbols of the comma before and the one behind a frame. A byte in ten lies as near to the comma as one that noise has hit:
 * soft decisions are worth their work, and long frames any, only behind an intact comma, or where the next one is there as well.
 */
const MAX_COMMA_ERRORS = 2;

/**
 * AMSAT's Fox: sync word, then data and Reed-Solomon parity in the 8b/10b line code; the next sync word follows at once. Byte k
 * of the data belongs to word k mod `words`, and so does byte k of the parity behind all data; a word is the CCSDS code in the
 * conventional basis, without scrambler. The frame is the data, header first.
 *
 * The comma before a frame has either sign, as the disparity wants, so that it does not tell the channel's: both are tried.
 */
export function fox({ sync, sizes, words }: Fox): Framing {
  return {
    source: 'FoxTelem, AMSAT: frame formats, sync words, order of the Reed-Solomon words',
    protection: `Reed-Solomon (t = 16${words > 1 ? ` for each of ${words} words` : ''}), 8b/10b line code`,
    keys: ['frameSize'],
    makeDeframer({ frameSize }, { symbolRate }) {
      const tried = frameSize === undefined ? sizes : [checked(frameSize, words)];
      const layouts = tried.map((size) => ({ size, length: size + CCSDS_PARITY * words }));
      const longest = Math.max(...layouts.map(({ length }) => length));
      const code = ccsdsReedSolomon('conventional');
      const line = eightTenDecoder(longest);
      const word = new Uint8Array(255);
      const margin = new Float32Array(255);
      const data = new Uint8Array(longest);
      const longestWord = Math.ceil(Math.max(...tried) / words) + CCSDS_PARITY;
      const falseAlarmsPerHour = perHour(
        symbolRate,
        hardSyncProbability(sync.length, sync.maxErrors, 2),
        LINE_CODE_ACCEPTANCE,
        2 * layouts.length * reedSolomonAcceptance(longestWord, true, FLIPPED_EVENTS) ** words,
      );

      /** Corrects the words of what `line` holds into `data`: the bytes corrected, or −1. `hard` saves the work of a soft decision. */
      const correct = (size: number, hard: boolean): number => {
        let corrected = 0;
        for (let w = 0; w < words; w++) {
          const own = Math.ceil((size - w) / words);
          const n = own + CCSDS_PARITY;
          const place = (k: number) => (k < own ? w + k * words : size + w + (k - own) * words);
          for (let k = 0; k < n; k++) {
            word[k] = line.bytes[place(k)]!;
            margin[k] = line.margin[place(k)]!;
          }
          const changed = hard
            ? code.decode(word, n)
            : code.decode(word, n, margin, secondChoices(n, margin, place, line));
          if (changed < 0) return -1;
          corrected += changed;
          for (let k = 0; k < own; k++) data[w + k * words] = word[k]!;
        }
        return corrected;
      };

      return syncDeframer({
        search: eightTenSync(sync),
        firstSymbols: 10 * layouts[0]!.length + sync.length,
        maxSymbols: 10 * longest + sync.length,
        maxAttempts: 32,
        silence: eightTenSync(sync).lag,
        confidentDoubt: 4 * words,
        decode(frame, n, { quality }): Verdict {
          const at = layouts.findIndex(({ length }) => 10 * length + sync.length === n);
          const { size, length } = layouts[at]!;
          const next = syncDistance(sync, frame, 10 * length);
          const here = syncErrors(quality, sync.length);
          const doubtful =
            sync.word === COMMA
              ? here > 0 && here + next > MAX_COMMA_ERRORS
              : layouts.length > 1 && next > sync.maxErrors;
          if (doubtful && sync.word === COMMA && words > 1) return { reject: 'header' };
          for (const sign of sync.word === COMMA ? ([1, -1] as const) : ([1] as const)) {
            line.decode(frame, 0, length, sign);
            const corrected = correct(size, doubtful);
            if (corrected < 0) continue;
            // Zeros are a word of the code, and what becomes of a signal that carries nothing.
            if (data.subarray(0, size).every((byte) => byte === 0)) return { reject: 'fec' };
            return {
              bytes: data.slice(0, size),
              symbols: 10 * length,
              doubt: corrected,
              integrity: {
                crc: 'none',
                fec: fecName(size, words),
                correctedSymbols: corrected,
                repairedBits: 0,
                falseAlarmsPerHour,
              },
            };
          }
          const longer = layouts[at + 1];
          return longer ? { need: 10 * longer.length + sync.length } : { reject: 'fec' };
        },
      });
    },
    encode(frames, { frameSize }, options) {
      const size = frameSize === undefined ? undefined : checked(frameSize, words);
      const code = ccsdsReedSolomon('conventional');
      const blocks = frames.map((data) => {
        if (size === undefined ? !sizes.includes(data.length) : data.length !== size)
          throw new RangeError(`a frame has ${size ?? sizes.join(' or ')} bytes, not ${data.length}`);
        const block = new Uint8Array(data.length + CCSDS_PARITY * words);
        block.set(data);
        for (let w = 0; w < words; w++) {
          const own = data.filter((_, k) => k % words === w);
          const parity = code.encode(own).subarray(own.length);
          for (let k = 0; k < CCSDS_PARITY; k++) block[data.length + w + k * words] = parity[k]!;
        }
        return block;
      });
      return burst([onAir(sync, blocks)], options);
    },
  };
}

/** Symbols from `from` on that differ from the sync word; the comma has either sign. */
function syncDistance(sync: EightTenSync, soft: Float32Array, from: number): number {
  let differ = 0;
  for (let k = 0; k < sync.length; k++) if (soft[from + k]! > 0 !== (sync.bits[k] === 1)) differ++;
  return sync.word === COMMA ? Math.min(differ, sync.length - differ) : differ;
}

/** Frames follow each other without a gap; the sync word that would begin the next one ends the last. */
function onAir(sync: EightTenSync, blocks: readonly Uint8Array[]): Uint8Array {
  if (sync.word === COMMA) return encodeEightTen([...blocks.flatMap((block) => [null, ...block]), null]);
  return concatenate([...blocks.flatMap((block) => [sync.bits, encodeEightTen(block)]), sync.bits]);
}

/** The likeliest other bytes of a word, those first that are nearly as likely. */
function secondChoices(
  n: number,
  margin: Float32Array,
  place: (k: number) => number,
  { bytes, second }: { readonly bytes: Uint8Array; readonly second: Uint8Array },
): ErrorEvent[] {
  const order = Array.from({ length: n }, (_, k) => k).sort((a, b) => margin[a]! - margin[b]!);
  return order
    .slice(0, FLIPPED_EVENTS)
    .map((k) => ({ byte: k, mask: bytes[place(k)]! ^ second[place(k)]!, nextMask: 0 }));
}

function fecName(size: number, words: number): string {
  const own = Math.ceil(size / words);
  return `rs(${own + CCSDS_PARITY},${own})${words > 1 ? ` x${words}` : ''}`;
}

function checked(frameSize: number, words: number): number {
  if (!Number.isInteger(frameSize) || frameSize < words || frameSize > words * MAX_DATA)
    throw new RangeError(`frame size ${frameSize} is not within ${words} … ${words * MAX_DATA}`);
  return frameSize;
}
