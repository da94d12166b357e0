import { unpackMsbFirst } from '../../coding/bits.ts';
import type { EncodeOptions } from '../framing.ts';

const FILLER = 0xaa;

/** The bits of a sync word in hexadecimal. */
export function syncBits(hex: string): Uint8Array {
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  return unpackMsbFirst(bytes);
}

/** Preamble, frames (sync word included, in bits) with gaps between them, and tail; all filler is 1010…. */
export function burst(frames: readonly Uint8Array[], options: EncodeOptions = {}): Uint8Array {
  const { preambleBytes = 16, gapBytes = 4, tailBytes = 2 } = options;
  const filler = (n: number) => unpackMsbFirst(new Uint8Array(n).fill(FILLER));
  const parts: Uint8Array[] = [filler(preambleBytes)];
  frames.forEach((frame, i) => {
    if (i > 0) parts.push(filler(gapBytes));
    parts.push(frame);
  });
  parts.push(filler(tailBytes));
  return concatenate(parts);
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
