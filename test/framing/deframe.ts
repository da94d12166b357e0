import type { Prng } from '../../dsp/core/prng.ts';
import type { Deframer, RawFrame, Soft } from '../../dsp/core/types.ts';
import type { EncodeOptions, FramingParams } from '../../dsp/framing/framing.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Bits → soft symbols of ±1. */
export const symbols = (bits: ArrayLike<number>): Soft => Float32Array.from(bits, (bit) => 2 * bit - 1);

export const inverted = (x: Soft): Soft => x.map((value) => -value);

export const noise = (n: number, random: Prng): Soft => Float32Array.from({ length: n }, () => random.normal());

export const joined = (...parts: readonly Soft[]): Soft => Float32Array.from(parts.flatMap((part) => [...part]));

export interface Outcome {
  readonly frames: readonly RawFrame[];
  readonly rejects: Readonly<Record<string, number>>;
}

/** Pushes `x` in pieces of the given sizes (the rest as one), then flushes. */
export function deframe(deframer: Deframer, x: Soft, cuts: readonly number[] = [], flush = true): Outcome {
  const frames: RawFrame[] = [];
  const rejects: Record<string, number> = {};
  const out = {
    frame: (frame: RawFrame) => void frames.push(frame),
    reject: (why: string) => {
      rejects[why] = (rejects[why] ?? 0) + 1;
    },
  };
  let from = 0;
  for (const size of [...cuts, x.length]) {
    const n = Math.min(size, x.length - from);
    deframer.push(x.subarray(from, from + n), n, out);
    from += n;
  }
  if (flush) deframer.flush(out);
  return { frames, rejects };
}

export function randomBytes(n: number, random: Prng): Uint8Array {
  return Uint8Array.from({ length: n }, () => random.uint32() & 255);
}

export const burstOf = (params: FramingParams, frames: readonly Uint8Array[], options?: EncodeOptions): Soft =>
  symbols(encodeFrames(params, frames, options));

/** One set of parameters for every implemented framing, with the sizes of frame it takes. */
export const cases: readonly { readonly params: FramingParams; readonly sizes: readonly [number, number] }[] = [
  { params: { kind: 'ax25' }, sizes: [15, 300] },
  { params: { kind: 'ax25-g3ruh' }, sizes: [15, 300] },
  { params: { kind: 'ax100-asmgolay' }, sizes: [1, 223] },
  { params: { kind: 'ax100-asmgolay', scrambler: 'none' }, sizes: [1, 223] },
  { params: { kind: 'foresail-1' }, sizes: [1, 223] },
  { params: { kind: 'ax100-reed-solomon' }, sizes: [1, 222] },
  { params: { kind: 'u482c' }, sizes: [1, 94] },
  { params: { kind: 'usp' }, sizes: [1, 219] },
  { params: { kind: 'geoscan', frameSize: 66 }, sizes: [64, 64] },
  { params: { kind: 'geoscan', frameSize: 74 }, sizes: [72, 72] },
  { params: { kind: 'ao-40-fec' }, sizes: [256, 256] },
  { params: { kind: 'ao-40-fec-short' }, sizes: [128, 128] },
  { params: { kind: 'ccsds-reed-solomon', frameSize: 114, rsBasis: 'conventional' }, sizes: [114, 114] },
  {
    params: { kind: 'ccsds-reed-solomon', frameSize: 892, rsInterleaving: 4, precoding: 'differential' },
    sizes: [892, 892],
  },
  {
    params: { kind: 'ccsds-concatenated', frameSize: 114, rsBasis: 'conventional', precoding: 'differential' },
    sizes: [114, 114],
  },
  { params: { kind: 'ccsds-concatenated', convolutional: 'nasa-dsn' }, sizes: [223, 223] },
  {
    params: { kind: 'ccsds-concatenated', frameSize: 892, rsInterleaving: 4, convolutional: 'ccsds-uninverted' },
    sizes: [892, 892],
  },
  { params: { kind: 'ccsds-uncoded', frameSize: 100 }, sizes: [100, 100] },
];

export const nameOf = ({ params }: { readonly params: FramingParams }): string => Object.values(params).join(' ');
