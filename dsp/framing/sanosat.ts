import { type Crc, crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { concatenate } from './parts/burst.ts';
import { checkedPacket } from './parts/checked-packet.ts';

/** A first check behind the length byte, which the CRC-16 leaves out. What it covers is not known; it is sent as zero. */
const FIRST_CHECK = Uint8Array.of(0, 0);
const DELIMITER = Uint8Array.of(0xff, 0xff, 0, 0);
const BEFORE_DATA = 1 + FIRST_CHECK.length + DELIMITER.length;
const CRC_BYTES = 2;
const MAX_BYTES = 135;

const ccittFalse = crc('ccitt-false');
const withoutFirstCheck: Crc = (bytes, from = 0, to = bytes.length) =>
  ccittFalse(concatenate([bytes.subarray(from, from + 1), bytes.subarray(from + 1 + FIRST_CHECK.length, to)]));

/** SanoSat-1: length of delimiter and data, a first check, delimiter, data, CRC-16. The frame is the data. */
export const sanosat: Framing = checkedPacket({
  source: 'SanoSat-1, by observation',
  protection: 'CRC-16 over length and data',
  sync: 'b42b',
  syncErrors: 0,
  headerBytes: 1,
  maxBytes: MAX_BYTES,
  sizeOf: (packet) => (packet[0]! > DELIMITER.length ? 1 + FIRST_CHECK.length + packet[0]! + CRC_BYTES : 0),
  crc: withoutFirstCheck,
  crcOrder: 'little',
  frameOf: (packet) => packet.slice(BEFORE_DATA),
  packetOf: (frame) => concatenate([Uint8Array.of(DELIMITER.length + frame.length), FIRST_CHECK, DELIMITER, frame]),
});
