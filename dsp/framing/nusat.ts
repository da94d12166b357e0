import { packMsbFirst } from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import type { Framing } from './framing.ts';
import { syncBits } from './parts/burst.ts';
import { reedSolomonBlock } from './parts/reed-solomon-block.ts';

const INFORMATION_BYTES = 60;
/** Length, then CRC-8. */
const HEADER_BYTES = 2;
const MAX_DATA = INFORMATION_BYTES - HEADER_BYTES;
const check = crc('crc8');
/** Added to the data; no short shift register makes it. */
const WHITENING = packMsbFirst(
  syncBits(
    '1d8b060c54df21cb5c74e315680441917a3d7a8130571a0a09db33571f86ef58' +
      'e016bd9ba642fb09d6cbe1278ee7951b464ceec3757da61cf2450100feaffd03',
  ),
);

/** NuSat: length, CRC-8 over the data, whitened data, zeros, then the parity of Reed-Solomon (64,60). */
export const nusat: Framing = reedSolomonBlock({
  source: 'by observation',
  protection: 'Reed-Solomon (t = 2) and CRC-8 over the frame',
  // Three errors in the sync word cost a false frame in 90 hours at 40000 Bd.
  sync: '01e5aacc',
  syncErrors: 3,
  code: reedSolomonCodes['dvb-4'],
  size: 64,
  crc: 'ok',
  checkAcceptance: (2 ** -8 * MAX_DATA) / 256,
  open(information) {
    const length = information[0]!;
    if (length === 0 || length > MAX_DATA) return 'length';
    const data = whitened(information.subarray(HEADER_BYTES, HEADER_BYTES + length));
    return check(data) === information[1] ? data : 'crc';
  },
  seal(frame) {
    if (frame.length === 0 || frame.length > MAX_DATA)
      throw new RangeError(`a frame carries 1 … ${MAX_DATA} bytes, not ${frame.length}`);
    const information = new Uint8Array(INFORMATION_BYTES);
    information[0] = frame.length;
    information[1] = check(frame);
    information.set(whitened(frame), HEADER_BYTES);
    return information;
  },
});

function whitened(data: Uint8Array): Uint8Array {
  return data.map((byte, i) => byte ^ WHITENING[i]!);
}
