import type { FramingCase } from './framing-case.ts';

/** The packet engines of radio chips, and framings of their kind: sync word, length, CRC. */
export const chips: readonly FramingCase[] = [];
