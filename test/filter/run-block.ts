import type { Block } from '../../dsp/core/types.ts';

/** Everything a block writes for `x`, read in the given cuts; `items` floats an item in and out. */
export function runBlock(
  block: Block<Float32Array, Float32Array>,
  x: Float32Array,
  items: number,
  cuts: readonly number[] = [x.length / items],
): Float32Array {
  const pieces: number[] = [];
  let at = 0;
  for (const cut of cuts) {
    const y = new Float32Array(items * block.maxOut(cut)).fill(Number.NaN);
    const written = block.process(x.slice(items * at, items * (at + cut)), cut, y);
    if (written > block.maxOut(cut)) throw new Error(`${written} items written, ${block.maxOut(cut)} announced`);
    pieces.push(...y.subarray(0, items * written));
    at += cut;
  }
  return Float32Array.from(pieces);
}

/** exp(j2π·cycles·n) as `count` IQ pairs. */
export function tone(cycles: number, count: number): Float32Array {
  const x = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    const turns = cycles * n;
    const angle = 2 * Math.PI * (turns - Math.floor(turns));
    x[2 * n] = Math.cos(angle);
    x[2 * n + 1] = Math.sin(angle);
  }
  return x;
}

/** Root mean square of |x − reference| over the IQ pairs `from` to `to`, in dB relative to 1. */
export function errorDb(x: Float32Array, reference: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = 2 * from; i < 2 * to; i++) sum += (x[i]! - reference[i]!) ** 2;
  return 10 * Math.log10(sum / (to - from));
}

/** Mean power of the IQ pairs `from` to `to`, in dB relative to 1. */
export function powerDb(x: Float32Array, from: number, to: number): number {
  return errorDb(x, new Float32Array(x.length), from, to);
}
