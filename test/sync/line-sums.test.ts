import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { wasmKernels } from '../../dsp/kernels/load.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { addLineSums } from '../../dsp/sync/line-sums.ts';

const random = prng(6);
const z = Float32Array.from({ length: 1000 }, () => random.normal());
const frequencies = Float64Array.of(0, 0.2, 0.21, 0.4, -0.13);
const row = 4;

/** Sums of all of `z` in pieces of `piece`, from row 4 on, on top of ones. */
function sumsOf(piece: number, kernels = wasmKernels()): Float64Array {
  const sums = new Float64Array(row + 2 * frequencies.length).fill(1);
  const phasors = new Float64Array(2 * frequencies.length);
  for (let j = 0; j < frequencies.length; j++) phasors[2 * j] = 1;
  for (let at = 0; at < z.length; at += piece)
    addLineSums(z, at, Math.min(piece, z.length - at), frequencies, phasors, sums, row, kernels);
  return sums;
}

describe('line sums', () => {
  test('are what defines them', () => {
    const sums = sumsOf(1000);
    expect(Array.from(sums.subarray(0, row))).toEqual([1, 1, 1, 1]);
    for (const [j, f] of frequencies.entries()) {
      let re = 1;
      let im = 1;
      for (const [i, value] of z.entries()) {
        re += value * Math.cos(2 * Math.PI * f * i);
        im -= value * Math.sin(2 * Math.PI * f * i);
      }
      expect(sums[row + 2 * j]).toBeCloseTo(re, 9);
      expect(sums[row + 2 * j + 1]).toBeCloseTo(im, 9);
    }
  });

  test('do not depend on the pieces nor on the kernels', () => {
    const whole = sumsOf(1000);
    for (const piece of [1, 7, 64, 999]) expect(sumsOf(piece)).toEqual(whole);
    expect(sumsOf(333, plainKernels())).toEqual(whole);
  });
});
