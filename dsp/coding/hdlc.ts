import { unpackLsbFirst } from './bits.ts';
import { crc } from './crc.ts';

const FLAG = [0, 1, 1, 1, 1, 1, 1, 0] as const;
const fcs = crc('x25');

/** `bytes` with the frame check sequence behind them, low byte first. Source: ISO/IEC 13239, 4.2.5.2. */
export function appendFcs(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 2);
  out.set(bytes);
  const value = fcs(bytes);
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
export function hdlcEncode(frames: readonly Uint8Array[], preambleFlags: number, gapFlags: number, tailFlags: number) {
  const bits: number[] = [];
  const flags = (n: number) => {
    for (let i = 0; i < n; i++) bits.push(...FLAG);
  };
  flags(Math.max(1, preambleFlags));
  frames.forEach((frame, i) => {
    for (const bit of stuff(appendFcs(frame))) bits.push(bit);
    flags(Math.max(1, i + 1 < frames.length ? gapFlags : tailFlags));
  });
  return Uint8Array.from(bits);
}
