import { crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { checkedPacket } from './parts/checked-packet.ts';

/** AX.25 addresses, control and PID, which the length does not count. */
const UI_HEADER = 16;
const LENGTH_FIELD = 2;
const CRC_BYTES = 2;
const MAX_BYTES = 240;

/** SPINO (INSPIRE-SAT 7): header of an AX.25 UI frame, length, data. The frame is all of it without the CRC. */
export const spino: Framing = checkedPacket({
  source: 'INSPIRE-SAT 7, by observation; AX.25 v2.2 for the header',
  protection: 'CRC-16 over the frame',
  sync: '2efc9827',
  syncErrors: 4,
  headerBytes: UI_HEADER + LENGTH_FIELD,
  maxBytes: MAX_BYTES,
  sizeOf(packet) {
    const length = packet[UI_HEADER]! | (packet[UI_HEADER + 1]! << 8);
    return length >= LENGTH_FIELD + CRC_BYTES ? UI_HEADER + length : 0;
  },
  crc: crc('xmodem'),
  crcOrder: 'little',
  frameOf: (packet) => packet,
  packetOf: (frame) => frame,
});
