import { crc } from '../coding/crc.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import type { Framing } from './framing.ts';
import { CRC16_ACCEPTANCE } from './parts/false-alarms.ts';
import { ofSize, reedSolomonBlock } from './parts/reed-solomon-block.ts';

const FRAME_BYTES = 46;
const check = crc('arc');

/** TT-64 of AT03: Reed-Solomon (64,48) over 46 bytes and their CRC-16 (ARC, low byte first). The frame comes without its CRC. */
export const tt64: Framing = reedSolomonBlock({
  source: 'Silicon Labs Si4463 packet engine; code by observation',
  protection: 'Reed-Solomon (t = 8) and CRC-16 over the frame',
  // The code and the CRC let a sync word of 16 bits have two errors.
  sync: '2dd4',
  syncErrors: 2,
  code: reedSolomonCodes['dvb-16'],
  size: 64,
  crc: 'ok',
  checkAcceptance: CRC16_ACCEPTANCE,
  open(information) {
    const stored = information[FRAME_BYTES]! | (information[FRAME_BYTES + 1]! << 8);
    return check(information, 0, FRAME_BYTES) === stored ? information.slice(0, FRAME_BYTES) : 'crc';
  },
  seal(frame) {
    const information = new Uint8Array(FRAME_BYTES + 2);
    information.set(ofSize(frame, FRAME_BYTES));
    const value = check(frame);
    information[FRAME_BYTES] = value & 255;
    information[FRAME_BYTES + 1] = value >> 8;
    return information;
  },
});
