import type { Deframer } from '../core/types.ts';
import { ao40Fec } from './ao-40-fec.ts';
import { ax25 } from './ax25.ts';
import { ax100AsmGolay } from './ax100-asmgolay.ts';
import { ax100ReedSolomon } from './ax100-reed-solomon.ts';
import { ccsdsConcatenated } from './ccsds-concatenated.ts';
import { ccsdsReedSolomonFraming } from './ccsds-reed-solomon.ts';
import { ccsdsUncoded } from './ccsds-uncoded.ts';
import { equisat } from './equisat.ts';
import { fox, foxFormats } from './fox.ts';
import type { EncodeOptions, Framing, FramingContext, FramingParams } from './framing.ts';
import { geoscan } from './geoscan.ts';
import { type FramingName, framingNames } from './names.ts';
import { u482c } from './u482c.ts';
import { usp } from './usp.ts';

export { type FramingName, framingNames } from './names.ts';

/** The framings that are implemented; the other names of names.ts are known but still to come. */
export const framings = {
  'ao-40-fec': ao40Fec({ block: 'long', crc16: false }),
  'ao-40-fec-crc-16-arc': ao40Fec({ block: 'long', crc16: true }),
  'ao-40-fec-crc-16-arc-short': ao40Fec({ block: 'short', crc16: true }),
  'ao-40-fec-short': ao40Fec({ block: 'short', crc16: false }),
  'ax100-asmgolay': ax100AsmGolay({ sync: '930b51de' }),
  'ax100-reed-solomon': ax100ReedSolomon,
  ax25: ax25({ scrambler: 'none' }),
  'ax25-g3ruh': ax25({ scrambler: 'g3ruh' }),
  'ccsds-concatenated': ccsdsConcatenated,
  'ccsds-reed-solomon': ccsdsReedSolomonFraming,
  'ccsds-uncoded': ccsdsUncoded,
  equisat,
  'foresail-1': ax100AsmGolay({ sync: '1acffc1d' }),
  'fox-duv': fox(foxFormats.duv),
  'fox-high-speed': fox(foxFormats.highSpeed),
  'fox-psk': fox(foxFormats.psk),
  geoscan,
  u482c,
  usp,
} as const satisfies Partial<Record<FramingName, Framing>>;

export type ImplementedFraming = keyof typeof framings;

export function isImplemented(name: string): name is ImplementedFraming {
  return Object.hasOwn(framings, name);
}

/** A framing's name as satellite files and MODE write it: 'AX100 ASM+Golay' → 'ax100-asmgolay'. */
export function framingSlug(text: string): string {
  return text.trim().toLowerCase().replace(/[.+]/g, '').replace(/\s+/g, '-');
}

/** @throws RangeError when the framing is unknown, not implemented, or its parameters make no sense. */
export function makeDeframer(params: FramingParams, context: FramingContext): Deframer {
  return framingOf(params.kind).makeDeframer(params, context);
}

/** Words one of which precedes every frame that `codedSymbols` speaks of, where it has one long enough. */
export function syncWords(params: FramingParams): readonly Uint8Array[] {
  return framingOf(params.kind).syncWords ?? [];
}

/** Symbols of the longest frame under a convolutional code; 0 for a framing without one. @throws RangeError as above */
export function codedSymbols(params: FramingParams): number {
  return framingOf(params.kind).codedSymbols?.(params) ?? 0;
}

/** One burst on the air, in channel bits. @throws RangeError as makeDeframer, or when a frame doesn't fit. */
export function encodeFrames(
  params: FramingParams,
  frames: readonly Uint8Array[],
  options?: EncodeOptions,
): Uint8Array {
  return framingOf(params.kind).encode(frames, params, options);
}

function framingOf(kind: string): Framing {
  if (isImplemented(kind)) return framings[kind];
  const known = (framingNames as readonly string[]).includes(kind);
  throw new RangeError(known ? `framing '${kind}' is not implemented yet` : `no framing is called '${kind}'`);
}
