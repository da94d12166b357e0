import type { FramingCase } from './framing-case.ts';

/** What builds on HDLC, FX.25 and IL2P. */
export const hdlc: readonly FramingCase[] = [
  { params: { kind: 'astrocast-fx25-nrz' }, sizes: [1, 219] },
  { params: { kind: 'astrocast-fx25-nrz-i' }, sizes: [1, 219], precoded: true },
  { params: { kind: 'ua01' }, sizes: [15, 300], spare: 7, precoded: true },
  { params: { kind: 'fx25' }, sizes: [15, 190], precoded: true },
  { params: { kind: 'fx25-g3ruh' }, sizes: [15, 190], precoded: true },
  { params: { kind: 'il2p' }, sizes: [1, 1023] },
  { params: { kind: 'il2p', precoding: 'differential' }, sizes: [1, 300], precoded: true },
  { params: { kind: 'ops-sat' }, sizes: [1, 223], spare: 7, precoded: true },
];
