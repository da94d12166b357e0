import { unpackMsbFirst } from '../../coding/bits.ts';
import { mobitexEncode } from '../../coding/mobitex-code.ts';
import type { MobitexBlockCount, MobitexKind } from '../mobitex.ts';
import { concatenate } from './burst.ts';
import { blockBytes, encodeBlocks } from './mobitex-blocks.ts';
import { callSignBytes, isCallSignField } from './mobitex-call-sign.ts';

/** The error map stands between these. */
const MAP_BEGIN = 0xaa;
const MAP_END = 0xbb;
const MAP_BYTES = 6;
const CONTROL_BYTES = 2;

/** A frame as it is given out: control bytes, call sign with its CRC, blocks, error map. */
export function frameBytes(
  control: Uint8Array,
  callSign: Uint8Array | null,
  data: Uint8Array,
  errorMap: number,
): Uint8Array {
  const map = [0, 8, 16, 24].map((shift) => (errorMap >>> shift) & 255);
  return concatenate([control, callSign ?? new Uint8Array(0), data, Uint8Array.of(MAP_BEGIN, ...map, MAP_END)]);
}

/** The bits behind the sync word of a frame as it is given out. @throws RangeError when it is none, or has bad blocks */
export function encodeMobitex(frame: Uint8Array, { withCallSign, withoutCallSign }: MobitexKind): Uint8Array {
  const map = frame.subarray(-MAP_BYTES);
  if (map[0] !== MAP_BEGIN || map[MAP_BYTES - 1] !== MAP_END || map.subarray(1, 5).some((byte) => byte !== 0))
    throw new RangeError('a Mobitex frame ends in aa, an error map of zeros and bb');
  const fits = (headerBytes: number, rule: MobitexBlockCount | undefined) => {
    if (rule === undefined) return false;
    const count = rule === 'control' ? (frame[0]! & 31) + 1 : rule;
    return frame.length === headerBytes + count * blockBytes + MAP_BYTES;
  };
  const field = frame.subarray(CONTROL_BYTES, CONTROL_BYTES + callSignBytes);
  const signed = fits(CONTROL_BYTES + callSignBytes, withCallSign);
  if (!signed && !fits(CONTROL_BYTES, withoutCallSign))
    throw new RangeError(
      `${frame.length} bytes are not the control bytes, call sign and blocks of this kind of Mobitex`,
    );
  if (signed && !isCallSignField(field)) throw new RangeError('the call sign is not printable, or its CRC is wrong');
  const [first, second] = [mobitexEncode(frame[0]!), mobitexEncode(frame[1]!)];
  const header = Uint8Array.of(first >> 4, second >> 4, ((first & 15) << 4) | (second & 15));
  const data = frame.subarray(CONTROL_BYTES + (signed ? callSignBytes : 0), frame.length - MAP_BYTES);
  return concatenate([unpackMsbFirst(header), unpackMsbFirst(signed ? field : new Uint8Array(0)), encodeBlocks(data)]);
}
