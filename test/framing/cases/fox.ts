import type { FramingCase } from './framing-case.ts';

/** AMSAT Fox. */
export const fox: readonly FramingCase[] = [];
