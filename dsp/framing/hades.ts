import { crc } from '../coding/crc.ts';
import { g3ruhDescramble, g3ruhScramble } from '../coding/g3ruh.ts';
import type { Framing } from './framing.ts';
import { concatenate } from './parts/burst.ts';
import { checkedPacket } from './parts/checked-packet.ts';

const LARGEST = 135;

/** Bytes of a packet, type and CRC included, by its type; 0: there is no such type. */
export type HadesSizes = readonly number[];

//                           type 0   1   2   3   4   5    6    7   8    9  10 11  12 13  14  15
export const hadesD: HadesSizes = [0, 26, 13, 26, 54, 33, 135, 67, 28, 123, 0, 0, 64, 0, 0, 0];
export const hadesR: HadesSizes = [0, 31, 17, 29, 35, 27, 135, 101, 31, 123, 17, 9, 64, 0, 38, 41];

/**
 * AMSAT-EA's HADES satellites: packets whose type (the high half of the first byte) tells their size, scrambled from the second
 * byte on, the CRC over what is sent. The frame is descrambled and comes without CRC.
 */
export function hades(sizes: HadesSizes): Framing {
  return checkedPacket({
    source: 'HADES-D and HADES-R, by observation; J. Miller G3RUH for the scrambler',
    protection: 'CRC-16 over the packet',
    sync: 'bf35',
    syncErrors: 0,
    headerBytes: 1,
    maxBytes: LARGEST,
    sizeOf: (packet) => sizes[packet[0]! >> 4]!,
    crc: crc('ccitt-false'),
    crcOrder: 'big',
    frameOf: (packet) => scrambled(packet, g3ruhDescramble(concatenate([HISTORY, scrambledBits(packet)]))),
    packetOf: (frame) =>
      scrambled(frame, g3ruhScramble(concatenate([g3ruhDescramble(HISTORY.slice()), scrambledBits(frame)]))),
  });
}

/** The scrambler of G3RUH begins as if these bits had gone over the air. */
const HISTORY = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
/** The lowest bit of a byte is left out by the scrambler, and doesn't clock it. */
const BITS = 7;

/** The bits that the scrambler sees: the upper seven of all bytes but the first. */
function scrambledBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(BITS * Math.max(0, bytes.length - 1));
  for (let i = 0; i < bits.length; i++) bits[i] = (bytes[1 + Math.floor(i / BITS)]! >> (7 - (i % BITS))) & 1;
  return bits;
}

/** `bytes` with those bits replaced by what follows the history in `bits`. */
function scrambled(bytes: Uint8Array, bits: Uint8Array): Uint8Array {
  const out = bytes.map((byte, i) => (i === 0 ? byte : byte & 1));
  for (let i = HISTORY.length; i < bits.length; i++) {
    const k = i - HISTORY.length;
    out[1 + Math.floor(k / BITS)]! |= bits[i]! << (7 - (k % BITS));
  }
  return out;
}
