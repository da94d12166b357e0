import { blocks } from './blocks.ts';
import { chippedCodes } from './chipped-codes.ts';
import { chips } from './chips.ts';
import { fox } from './fox.ts';
import type { FramingCase } from './framing-case.ts';
import { hdlc } from './hdlc.ts';
import { linkLayers } from './link-layers.ts';
import { mobitex } from './mobitex.ts';

export { type FramingCase, nameOf } from './framing-case.ts';

/** At least one set of parameters for every framing. */
export const cases: readonly FramingCase[] = [
  ...blocks,
  ...chippedCodes,
  ...chips,
  ...fox,
  ...hdlc,
  ...linkLayers,
  ...mobitex,
];
