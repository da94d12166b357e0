import type { FramingCase } from './framing-case.ts';

/** Repeat-accumulate, short convolutional codes, UART characters. */
export const chippedCodes: readonly FramingCase[] = [];
