import { unpackLsbFirst } from './bits.ts';
import { type CrcName, crc } from './crc.ts';

const FLAG = [0, 1, 1, 1, 1, 1, 1, 0] as const;
const FCS_BYTES = 2;

/** `bytes` with the frame check sequence behind them, low byte first. Source: ISO/IEC 13239, 4.2.5.2. */
export function appendFcs(bytes: Uint8Array, fcs: CrcName = 'x25'): Uint8Array {
  const out = new Uint8Array(bytes.length + 2);
  out.set(bytes);
  const value = crc(fcs)(bytes);
  out[bytes.length] = value & 255;
  out[bytes.length + 1] = value >> 8;
  return out;
}

/** Bits of `bytes`, least significant first, a 0 stuffed after five ones. */
export function stuff(bytes: Uint8Array): number[] {
  const out: number[] = [];
  let ones = 0;
  for (const bit of unpackLsbFirst(bytes)) {
    out.push(bit);
    ones = bit ? ones + 1 : 0;
    if (ones === 5) {
      out.push(0);
      ones = 0;
    }
  }
  return out;
}

/** Frames (without FCS) to bits: flags, stuffing, FCS; neighbouring frames are `gapFlags` flags apart (at least one). */
export function hdlcEncode(
  frames: readonly Uint8Array[],
  preambleFlags: number,
  gapFlags: number,
  tailFlags: number,
  fcs: CrcName = 'x25',
) {
  const bits: number[] = [];
  const flags = (n: number) => {
    for (let i = 0; i < n; i++) bits.push(...FLAG);
  };
  flags(Math.max(1, preambleFlags));
  frames.forEach((frame, i) => {
    for (const bit of stuff(appendFcs(frame, fcs))) bits.push(bit);
    flags(Math.max(1, i + 1 < frames.length ? gapFlags : tailFlags));
  });
  return Uint8Array.from(bits);
}

export interface HdlcFrame {
  /** Without its frame check sequence. */
  readonly bytes: Uint8Array;
  /** Index behind the closing flag. */
  readonly end: number;
}

/**
 * The frames in a block of bits, from flag to flag, whole octets with a right check sequence; the bits may begin within the opening
 * flag. For framings that decode HDLC out of a block; a stream without end has hdlc-deframer.ts.
 */
export function hdlcFrames(bits: Uint8Array, leastBytes: number, fcs: CrcName = 'x25'): HdlcFrame[] {
  const check = crc(fcs);
  const found: HdlcFrame[] = [];
  const bytes = new Uint8Array(bits.length / 8 + 1);
  let ones = 0;
  let inFrame = false;
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] === 1) {
      ones++;
      if (ones > 6) inFrame = false; // abort
      if (ones > 5) continue;
    } else {
      const before = ones;
      ones = 0;
      if (before === 5) continue; // stuffed
      if (before > 5) {
        const octets = (count - 6) >> 3; // without the flag's own 0 and five of its ones
        const length = octets - FCS_BYTES;
        const whole = inFrame && (count - 6) % 8 === 0 && length >= leastBytes;
        if (whole && check(bytes, 0, length) === (bytes[length]! | (bytes[length + 1]! << 8)))
          found.push({ bytes: bytes.slice(0, length), end: i + 1 });
        inFrame = before === 6;
        count = 0;
        continue;
      }
    }
    if ((count & 7) === 0) bytes[count >> 3] = 0;
    bytes[count >> 3]! |= bits[i]! << (count & 7);
    count++;
  }
  return found;
}
