import type { Prng } from '../../../dsp/core/prng.ts';
import { randomBytes } from '../deframe.ts';
import type { FramingCase } from './framing-case.ts';

/** Blocks behind Reed-Solomon codes, and what is near them. */
export const blocks: readonly FramingCase[] = [
  { params: { kind: '3cat-1' }, sizes: [223, 223] },
  { params: { kind: 'aausat-4' }, sizes: [31, 31] },
  { params: { kind: 'aausat-4' }, sizes: [92, 92] },
  { params: { kind: 'aistechsat-2' }, sizes: [83, 83] },
  { params: { kind: 'ao-40-uncoded' }, sizes: [512, 512], spare: 0 },
  { params: { kind: 'eseo' }, sizes: [1, 195] },
  { params: { kind: 'lilacsat-1' }, sizes: [81, 81], spare: 0, precoded: true, unchecked: true },
  { params: { kind: 'ngham' }, sizes: [1, 221], frame: withPadding },
  { params: { kind: 'ngham-no-reed-solomon' }, sizes: [1, 221], frame: withPadding },
  // Two bytes are all that the code corrects.
  { params: { kind: 'nusat' }, sizes: [1, 58], spare: 16 },
  { params: { kind: 'qubik' }, sizes: [126, 126] },
  { params: { kind: 'swiatowid' }, sizes: [48, 48] },
  { params: { kind: 'tt-64' }, sizes: [46, 46] },
];

/** A frame of NGHam, whose header says how much is added up to the next of the sizes 31, 63, 95 …. */
function withPadding(bytes: number, random: Prng): Uint8Array {
  const frame = randomBytes(bytes, random);
  const information = 32 * Math.ceil((bytes + 3) / 32) - 1;
  frame[0] = (frame[0]! & 0xe0) | (information - 2 - bytes);
  return frame;
}
