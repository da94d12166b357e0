import type { FramingCase } from './framing-case.ts';

/** Blocks behind Reed-Solomon codes, and what is near them. */
export const blocks: readonly FramingCase[] = [];
