import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { firIq, firReal } from '../../dsp/filter/fir-decimator.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { cutsOf } from '../laws/chunking.ts';
import { runBlock } from './run-block.ts';

const vector = JSON.parse(readFileSync(new URL('../vectors/filters.json', import.meta.url), 'utf8'));
const random = prng(3);
const noise = (n: number) => Float32Array.from({ length: n }, () => random.normal());
const both = [
  ['wasm', {}],
  ['plain', { kernels: plainKernels() }],
] as const;

describe.each(both)('FIR decimator (%s)', (_name, kernels) => {
  test('gives what numpy.convolve gives, centred', () => {
    const { taps, decimation, input, output } = vector.decimated;
    const block = firIq(taps, { decimation, ...kernels });
    const zeros = new Array(2 * block.latency).fill(0);
    const y = runBlock(block, Float32Array.from([...input, ...zeros]), 2);
    for (const [i, value] of output.entries()) expect(y[i]).toBeCloseTo(value, 4);
  });

  test.each([
    [1, 5],
    [7, 33],
    [40, 9],
  ])('chunking does not matter: decimation %d, %d taps', (decimation, length) => {
    const taps = noise(length);
    for (const [make, items] of [
      [firIq, 2],
      [firReal, 1],
    ] as const) {
      const x = noise(items * 9000);
      const block = make(taps, { decimation, ...kernels });
      const whole = runBlock(block, x, items);
      expect(whole.length).toBeGreaterThan((items * 8900) / decimation - 2);
      for (let seed = 0; seed < 20; seed++) {
        block.reset();
        expect(runBlock(block, x, items, cutsOf(9000, seed))).toEqual(whole);
      }
    }
  });

  test('the real filter gives the real part of the complex one, also in place', () => {
    const taps = noise(21);
    const x = noise(5000);
    const pairs = Float32Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? x[i / 2]! : 0));
    const complex = runBlock(firIq(taps, kernels), pairs, 2);
    const y = x.slice();
    const written = firReal(taps, kernels).process(y, 5000, y);
    expect(written).toBe(complex.length / 2);
    for (let i = 0; i < written; i++) expect(y[i]).toBeCloseTo(complex[2 * i]!, 4);
  });

  test('a NaN is gone after the length of the filter', () => {
    const x = noise(2000);
    x[500] = Number.NaN;
    const block = firReal(noise(31), kernels);
    const y = runBlock(block, x, 1);
    const bad = [...y.keys()].filter((i) => Number.isNaN(y[i]));
    expect(bad.length).toBeGreaterThanOrEqual(31);
    expect(bad.length).toBeLessThanOrEqual(32);
    // What another block left in the shared scratch memory must not show either.
    expect(runBlock(firReal(noise(31), kernels), noise(2000), 1).some(Number.isNaN)).toBe(false);
  });
});

test('filters that cannot be are refused', () => {
  expect(() => firIq([])).toThrow(RangeError);
  expect(() => firIq([1, Number.NaN])).toThrow(/tap 1 is NaN/);
  expect(() => firIq([1], { decimation: 1.5 })).toThrow(/decimation/);
  expect(() => firReal(new Float32Array(9000))).toThrow(/9000 taps/);
});
