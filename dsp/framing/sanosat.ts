import { type Crc, crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { concatenate } from './parts/burst.ts';
import { checkedPacket } from './parts/checked-packet.ts';

/** The length byte's own CRC-16, which the packet's CRC leaves out. It is sent, but not asked for: that one covers the length, too. */
const LENGTH_CHECK_BYTES = 2;
const DELIMITER = Uint8Array.of(0xff, 0xff, 0, 0);
const BEFORE_DATA = 1 + LENGTH_CHECK_BYTES + DELIMITER.length;
const CRC_BYTES = 2;
const MAX_BYTES = 135;

const ccittFalse = crc('ccitt-false');
const withoutLengthCheck: Crc = (bytes, from = 0, to = bytes.length) =>
  ccittFalse(concatenate([bytes.subarray(from, from + 1), bytes.subarray(from + 1 + LENGTH_CHECK_BYTES, to)]));

/** SanoSat-1: length of delimiter and data, its check, delimiter, data, CRC-16. The frame is the data. */
export const sanosat: Framing = checkedPacket({
  source: 'SanoSat-1, by observation',
  protection: 'CRC-16 over length and data',
  sync: 'b42b',
  syncErrors: 0,
  headerBytes: 1,
  maxBytes: MAX_BYTES,
  sizeOf: (packet) => (packet[0]! > DELIMITER.length ? 1 + LENGTH_CHECK_BYTES + packet[0]! + CRC_BYTES : 0),
  crc: withoutLengthCheck,
  crcOrder: 'little',
  frameOf: (packet) => packet.slice(BEFORE_DATA),
  packetOf(frame) {
    const length = Uint8Array.of(DELIMITER.length + frame.length);
    const check = ccittFalse(length);
    return concatenate([length, Uint8Array.of(check & 255, check >> 8), DELIMITER, frame]);
  },
});
