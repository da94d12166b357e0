import type { FramingCase } from './framing-case.ts';

/** What builds on HDLC, FX.25 and IL2P. */
export const hdlc: readonly FramingCase[] = [];
