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
