import { type CrcName, crc } from '../../../dsp/coding/crc.ts';
import type { Prng } from '../../../dsp/core/prng.ts';
import { randomBytes } from '../deframe.ts';
import type { FramingCase } from './framing-case.ts';

/** Random bytes with a CRC-16 over the rest of them, low byte first. */
const withCrc = (name: CrcName, at: number) => (bytes: number, random: Prng) => {
  const frame = randomBytes(bytes, random);
  const place = at < 0 ? bytes + at : at;
  const value = crc(name)(frame.filter((_, i) => i !== place && i !== place + 1));
  frame.set([value & 255, value >> 8], place);
  return frame;
};

/** Repeat-accumulate, short convolutional codes, UART characters. */
export const chippedCodes: readonly FramingCase[] = [
  { params: { kind: 'smog-p-ra', frameSize: 128 }, sizes: [128, 128] },
  { params: { kind: 'smog-p-ra' }, sizes: [256, 256] },
  { params: { kind: 'smog-1-ra' }, sizes: [128, 128], frame: withCrc('arc', -2) },
  { params: { kind: 'mrc-100-ra' }, sizes: [126, 126], frame: withCrc('ccitt-false', 1) },
  { params: { kind: 'smog-p-signalling' }, sizes: [64, 64], spare: 0, unchecked: true },
  { params: { kind: 'smog-1-signalling' }, sizes: [64, 64], spare: 0, unchecked: true },
  { params: { kind: 'ax5043' }, sizes: [4, 200], spare: 4 },
  { params: { kind: 'hsu-sat1' }, sizes: [48, 48] },
  { params: { kind: 'ideassat' }, sizes: [200, 200], precoded: true, unchecked: true },
];
