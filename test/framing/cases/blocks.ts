import type { FramingCase } from './framing-case.ts';

/** Blocks behind Reed-Solomon codes, and what is near them. */
export const blocks: readonly FramingCase[] = [
  { params: { kind: '3cat-1' }, sizes: [223, 223] },
  { params: { kind: 'aistechsat-2' }, sizes: [83, 83] },
  { params: { kind: 'eseo' }, sizes: [1, 195] },
  // Two bytes are all that the code corrects.
  { params: { kind: 'nusat' }, sizes: [1, 58], spare: 16 },
  { params: { kind: 'qubik' }, sizes: [126, 126] },
  { params: { kind: 'swiatowid' }, sizes: [48, 48] },
  { params: { kind: 'tt-64' }, sizes: [46, 46] },
];
