import { crc } from '../../../dsp/coding/crc.ts';
import type { Prng } from '../../../dsp/core/prng.ts';
import { randomBytes } from '../deframe.ts';
import type { FramingCase } from './framing-case.ts';

/** Ends in its CRC-16, low byte first. */
function withArc(bytes: number, random: Prng): Uint8Array {
  const frame = randomBytes(bytes, random);
  const value = crc('arc')(frame, 0, bytes - 2);
  frame.set([value & 255, value >> 8], bytes - 2);
  return frame;
}

/** AX.25, the modems of GOMspace, USP, GEOSCAN, AO-40 and CCSDS. */
export const linkLayers: readonly FramingCase[] = [
  { params: { kind: 'ax25' }, sizes: [15, 300], spare: 7, precoded: true },
  { params: { kind: 'ax25-g3ruh' }, sizes: [15, 300], spare: 7, precoded: true },
  { params: { kind: 'ax100-asmgolay' }, sizes: [1, 223] },
  { params: { kind: 'ax100-asmgolay', scrambler: 'none' }, sizes: [1, 223] },
  { params: { kind: 'foresail-1' }, sizes: [1, 223] },
  { params: { kind: 'ax100-reed-solomon' }, sizes: [1, 222], precoded: true },
  { params: { kind: 'u482c' }, sizes: [1, 94] },
  { params: { kind: 'usp' }, sizes: [1, 219] },
  { params: { kind: 'geoscan', frameSize: 66 }, sizes: [64, 64], spare: 0 },
  { params: { kind: 'geoscan', frameSize: 74 }, sizes: [72, 72], spare: 0 },
  { params: { kind: 'ao-40-fec' }, sizes: [256, 256] },
  { params: { kind: 'ao-40-fec-short' }, sizes: [128, 128] },
  { params: { kind: 'ao-40-fec-crc-16-arc' }, sizes: [256, 256], frame: withArc },
  { params: { kind: 'ao-40-fec-crc-16-arc-short' }, sizes: [128, 128], frame: withArc },
  { params: { kind: 'ccsds-reed-solomon', frameSize: 114, rsBasis: 'conventional' }, sizes: [114, 114] },
  {
    params: { kind: 'ccsds-reed-solomon', frameSize: 892, rsInterleaving: 4, precoding: 'differential' },
    sizes: [892, 892],
    precoded: true,
  },
  {
    params: { kind: 'ccsds-concatenated', frameSize: 114, rsBasis: 'conventional', precoding: 'differential' },
    sizes: [114, 114],
    precoded: true,
  },
  { params: { kind: 'ccsds-concatenated', convolutional: 'nasa-dsn' }, sizes: [223, 223] },
  {
    params: { kind: 'ccsds-concatenated', frameSize: 892, rsInterleaving: 4, convolutional: 'ccsds-uninverted' },
    sizes: [892, 892],
  },
  { params: { kind: 'ccsds-uncoded', frameSize: 100 }, sizes: [100, 100], spare: 0, unchecked: true },
];
