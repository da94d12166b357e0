import type { FramingCase } from './framing-case.ts';

/** Mobitex and its kin; S-NET and SALSAT. */
export const mobitex: readonly FramingCase[] = [];
