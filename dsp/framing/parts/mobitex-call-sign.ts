import { packMsbFirst, sliceBytes, unpackMsbFirst } from '../../coding/bits.ts';
import { crc } from '../../coding/crc.ts';
import type { Soft } from '../../core/types.ts';
import { hardSyncProbability } from './false-alarms.ts';
import { bitCount } from './sync-search.ts';

const CHARACTERS = 6;
/** Six characters and their CRC. */
export const callSignBytes = 8;
export const callSignSymbols: number = 8 * callSignBytes;

/** Errors allowed in a call sign that is known; of one that is not, two bits are corrected. */
const KNOWN_ERRORS = 12;
/** A call sign that isn't known has to be printable. */
const PRINTABLE: readonly [number, number] = [0x20, 0x7e];

/** The call sign with its CRC in the symbols from `from` on, corrected; null where there is none. */
export type CallSignReader = (soft: Soft, from: number) => Uint8Array | null;

/** A call sign and its CRC as they are on the air. @throws RangeError unless it has six characters */
export function callSignField(callSign: string): Uint8Array {
  if (!/^[ -~]{6}$/.test(callSign))
    throw new RangeError(`call sign '${callSign}' has not the six characters of Mobitex`);
  const bytes = new Uint8Array(callSignBytes);
  for (let i = 0; i < CHARACTERS; i++) bytes[i] = callSign.charCodeAt(i);
  const value = crc('xmodem')(bytes, 0, CHARACTERS);
  bytes[CHARACTERS] = value >> 8;
  bytes[CHARACTERS + 1] = value & 255;
  return bytes;
}

/** Whether a call sign is printable and its CRC holds. */
export function isCallSignField(bytes: Uint8Array): boolean {
  return isPrintable(bytes) && syndrome(bytes) === 0;
}

/** Reads the call sign that is expected, or, where none is, any. */
export function callSignReader(expected?: string): CallSignReader {
  return expected === undefined ? readAny() : readKnown(callSignField(expected));
}

/** Probability that noise has the call sign that is expected, or any. */
export function callSignProbability(expected?: string): number {
  if (expected !== undefined) return hardSyncProbability(callSignSymbols, KNOWN_ERRORS, 1);
  const flips = 1 + callSignSymbols + (callSignSymbols * (callSignSymbols - 1)) / 2;
  return (flips / 2 ** 16) * ((PRINTABLE[1] - PRINTABLE[0] + 1) / 256) ** CHARACTERS;
}

function readKnown(field: Uint8Array): CallSignReader {
  const bytes = new Uint8Array(callSignBytes);
  return (soft, from) => {
    sliceBytes(soft, from, callSignBytes, bytes);
    let errors = 0;
    for (let i = 0; i < callSignBytes; i++) errors += bitCount(bytes[i]! ^ field[i]!);
    return errors <= KNOWN_ERRORS ? field : null;
  };
}

/** The CRC without the wrong bits: of the pairs with its syndrome, the one that was the least sure. */
function readAny(): CallSignReader {
  const bytes = new Uint8Array(callSignBytes);
  const syndromes = Int32Array.from({ length: callSignSymbols }, (_, i) =>
    syndrome(packMsbFirst(Uint8Array.from({ length: callSignSymbols }, (_, k) => (k === i ? 1 : 0)))),
  );
  return (soft, from) => {
    sliceBytes(soft, from, callSignBytes, bytes);
    const wrong = syndrome(bytes);
    if (wrong !== 0) {
      let least = Number.POSITIVE_INFINITY;
      let first = -1;
      let second = -1;
      for (let i = 0; i < callSignSymbols; i++) {
        const cost = Math.abs(soft[from + i]!);
        if (cost >= least) continue;
        if (syndromes[i] === wrong) {
          least = cost;
          first = second = i;
          continue;
        }
        for (let k = i + 1; k < callSignSymbols; k++) {
          if ((syndromes[i]! ^ syndromes[k]!) !== wrong) continue;
          const both = cost + Math.abs(soft[from + k]!);
          if (both >= least) continue;
          least = both;
          first = i;
          second = k;
        }
      }
      if (first < 0) return null;
      flip(bytes, first);
      if (second !== first) flip(bytes, second);
    }
    return isPrintable(bytes) ? bytes.slice() : null;
  };
}

function flip(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
}

function syndrome(bytes: Uint8Array): number {
  return crc('xmodem')(bytes, 0, CHARACTERS) ^ ((bytes[CHARACTERS]! << 8) | bytes[CHARACTERS + 1]!);
}

function isPrintable(bytes: Uint8Array): boolean {
  for (let i = 0; i < CHARACTERS; i++) if (bytes[i]! < PRINTABLE[0] || bytes[i]! > PRINTABLE[1]) return false;
  return true;
}

/** Bits of a call sign that were wrong. */
export function callSignErrors(soft: Soft, from: number, field: Uint8Array): number {
  const bits = unpackMsbFirst(field);
  let errors = 0;
  for (let i = 0; i < callSignSymbols; i++) if (soft[from + i]! > 0 !== (bits[i] === 1)) errors++;
  return errors;
}
