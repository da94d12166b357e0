import type { FramingCase } from './framing-case.ts';

/** AMSAT Fox; EQUiSat. */
export const fox: readonly FramingCase[] = [
  { params: { kind: 'fox-duv' }, sizes: [64, 64] },
  { params: { kind: 'fox-high-speed' }, sizes: [4600, 4600] },
  { params: { kind: 'fox-psk', frameSize: 476 }, sizes: [476, 476] },
  { params: { kind: 'fox-psk' }, sizes: [669, 669] },
  { params: { kind: 'equisat' }, sizes: [223, 223] },
];
