import type { Prng } from '../../../dsp/core/prng.ts';
import type { FramingParams } from '../../../dsp/framing/framing.ts';
import { callSignField } from '../../../dsp/framing/parts/mobitex-call-sign.ts';
import type { FramingCase } from './framing-case.ts';

/** A frame of Mobitex: control bytes whose low bits say how many blocks it has, call sign, blocks, error map. */
const frame = (usual?: string) => (bytes: number, random: Prng, params?: FramingParams) => {
  const callSign = usual === undefined ? undefined : (params?.callsign ?? usual);
  const out = Uint8Array.from({ length: bytes }, () => random.uint32() & 255);
  if (callSign !== undefined) out.set(callSignField(callSign), 2);
  const blocks = Math.floor((bytes - (callSign === undefined ? 8 : 16)) / 18);
  out[0] = (out[0]! & 0xe0) | (blocks - 1);
  out.set([0xaa, 0, 0, 0, 0, 0xbb], bytes - 6);
  return out;
};
const sizes = (header: number, blocks: number): [number, number] => [
  header + 18 * blocks + 6,
  header + 18 * blocks + 6,
];

/** Mobitex and its kin; S-NET and SALSAT. */
export const mobitex: readonly FramingCase[] = [
  { params: { kind: 'mobitex' }, sizes: sizes(2, 6), frame: frame() },
  { params: { kind: 'mobitex', callsign: 'DP0XYZ' }, sizes: sizes(10, 3), frame: frame('DP0XYZ') },
  { params: { kind: 'mobitex-nx' }, sizes: sizes(10, 1), frame: frame('DP0TBA') },
  { params: { kind: 'mobitex-nx', callsign: 'DP0TBN' }, sizes: sizes(10, 31), frame: frame('DP0TBN') },
  { params: { kind: 'beesat-1' }, sizes: sizes(2, 4), frame: frame() },
  { params: { kind: 'beesat-9', callsign: 'DP0BEM' }, sizes: sizes(10, 32), frame: frame('DP0BEM') },
  { params: { kind: 's-net' }, sizes: [1, 200] },
  { params: { kind: 'salsat' }, sizes: [1, 200] },
];
