import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { crc } from '../coding/crc.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import type { Framing } from './framing.ts';
import { ofSize, reedSolomonBlock } from './parts/reed-solomon-block.ts';

const FRAME_BYTES = 126;
/** Where the two checks lie: the CRC-16 over the frame, then the CRC-32C over both. */
const CRC32_AT = FRAME_BYTES + 2;
const crc16 = crc('ccitt-false');
const crc32 = crc('crc32c');

/**
 * QUBIK: two CRCs behind the frame, the CCSDS scrambler over all three, Reed-Solomon around that, so that the parity is not scrambled.
 * The frame comes without its CRCs.
 */
export const qubik: Framing = reedSolomonBlock({
  source: 'Libre Space Foundation, QUBIK radio; CCSDS 131.0-B codes',
  protection: 'Reed-Solomon (t = 16), CRC-16 and CRC-32C over the frame',
  sync: '3c674952',
  syncErrors: 4,
  code: reedSolomonCodes.ccsds,
  size: 164,
  crc: 'ok',
  checkAcceptance: 2 ** -48,
  open(information) {
    ccsdsScrambler(information);
    const view = new DataView(information.buffer, information.byteOffset);
    const holds =
      crc32(information, 0, CRC32_AT) === view.getUint32(CRC32_AT) &&
      crc16(information, 0, FRAME_BYTES) === view.getUint16(FRAME_BYTES);
    return holds ? information.slice(0, FRAME_BYTES) : 'crc';
  },
  seal(frame) {
    const information = new Uint8Array(CRC32_AT + 4);
    information.set(ofSize(frame, FRAME_BYTES));
    const view = new DataView(information.buffer);
    view.setUint16(FRAME_BYTES, crc16(frame));
    view.setUint32(CRC32_AT, crc32(information, 0, CRC32_AT));
    ccsdsScrambler(information);
    return information;
  },
});
