import { readFileSync } from 'node:fs';
import type { FramingParams } from '../../dsp/framing/framing.ts';

/** A bit stream of an independent encoder, and the frames that it must give. */
export interface Vector {
  readonly name: string;
  readonly params: FramingParams;
  /** How many of `onAir` are sent; the rest fills the last byte. */
  readonly symbols: number;
  /** Hexadecimal, the first symbol as the most significant bit. */
  readonly onAir: string;
  readonly frames: readonly string[];
}

/** The vectors of test/vectors/FILE. */
export function vectorsOf(file: string): readonly Vector[] {
  const url = new URL(`../vectors/${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { readonly vectors: readonly Vector[] }).vectors;
}
