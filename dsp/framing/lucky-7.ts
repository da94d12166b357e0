import { pn9Si4463Scrambler } from '../coding/additive-scrambler.ts';
import { crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { checkedPacket } from './parts/checked-packet.ts';

const FRAME_BYTES = 35;
const SIZE = FRAME_BYTES + 2;

/** Lucky-7: packets of a fixed size. One wrong bit in the upright sync word alone: 0.07 false frames an hour at 4800 Bd. */
export const lucky7: Framing = checkedPacket({
  source: 'Silicon Labs Si4463 packet handler; size and CRC by observation',
  protection: 'CRC-16 over the frame',
  sync: '2dd4',
  syncErrors: 1,
  invertedSyncErrors: 0,
  whitening: pn9Si4463Scrambler,
  headerBytes: SIZE,
  maxBytes: SIZE,
  sizeOf: () => SIZE,
  crc: crc('cc11xx'),
  crcOrder: 'big',
  frameOf: (packet) => packet,
  packetOf: (frame) => frame,
});
