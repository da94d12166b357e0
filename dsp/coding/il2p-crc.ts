import type { Soft } from '../core/types.ts';
import { crc } from './crc.ts';

/** Bits of the CRC that may follow an IL2P frame: four code words in bytes. */
export const IL2P_CRC_SYMBOLS = 32;

/** Hamming (7,4) by its four bits, which are the word's low ones. Source: IL2P specification draft v0.6, Trailing CRC. */
const HAMMING = Uint8Array.of(
  0x00,
  0x71,
  0x62,
  0x13,
  0x54,
  0x25,
  0x36,
  0x47,
  0x38,
  0x49,
  0x5a,
  0x2b,
  0x6c,
  0x1d,
  0x0e,
  0x7f,
);
const x25 = crc('x25');

/** The CRC of an AX.25 frame as it is sent, high nibble first. */
export function il2pCrc(frame: Uint8Array): Uint8Array {
  const value = x25(frame);
  return Uint8Array.of(
    HAMMING[value >> 12]!,
    HAMMING[(value >> 8) & 15]!,
    HAMMING[(value >> 4) & 15]!,
    HAMMING[value & 15]!,
  );
}

/**
 * Looks for the CRC of `frame` at symbols `from` … `from + 31`: 'ok', 'bad' where another CRC stands there, with at most one of its bits
 * wrong (of noise 1 in 2,000), and 'none'. Zeros alone are silence rather than a CRC, and erasures the end of the input.
 */
export function checkIl2pCrc(frame: Uint8Array, soft: Soft, from: number): 'ok' | 'bad' | 'none' {
  let value = 0;
  let errors = 0;
  let cut = false;
  for (let at = from; at < from + IL2P_CRC_SYMBOLS; at += 8) {
    let likeliest = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let data = 0; data < 16; data++) {
      let sum = 0;
      for (let j = 1; j < 8; j++) sum += HAMMING[data]! & (0x80 >> j) ? soft[at + j]! : -soft[at + j]!;
      if (!(sum > most)) continue;
      most = sum;
      likeliest = data;
    }
    value = (value << 4) | likeliest;
    for (let j = 0; j < 8; j++) if (soft[at + j] === 0) cut = true;
    for (let j = 0; j < 8; j++) if (soft[at + j]! > 0 !== (HAMMING[likeliest]! & (0x80 >> j)) > 0) errors++;
  }
  if (value === x25(frame)) return 'ok';
  return errors <= 1 && value !== 0 && !cut ? 'bad' : 'none';
}
