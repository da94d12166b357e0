import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { resampleIq, resampleReal } from '../../dsp/filter/resampler.ts';
import { cutsOf } from '../laws/chunking.ts';
import { errorDb, powerDb, runBlock, tone } from './run-block.ts';

const ratios = [
  [250_000, 48_000],
  [48_000, 57_600],
  [48_000, 48_000],
  [48_000, 44_100],
  [1_000_000 / 3, 48_000],
  [10_000, 38_437.5],
  [51_063.83, 51_000],
  [48_000, 1000],
] as const;

describe.each(ratios)('resampling %d → %d', (from, to) => {
  const lower = Math.min(from, to);
  const items = Math.ceil((from / lower) * 1500);

  test('tones of the pass band come out as they are, where they are', () => {
    for (const part of [-0.4, -0.21, 0, 0.13, 0.4]) {
      const y = runBlock(resampleIq({ from, to }), tone((part * lower) / from, items), 2);
      const ideal = tone((part * lower) / to, y.length / 2);
      const margin = Math.ceil((20 * to) / lower);
      expect(errorDb(y, ideal, margin, y.length / 2 - margin)).toBeLessThan(-72);
    }
  });

  test('what would fold into the pass band is gone', () => {
    for (const beyond of [0.6, 0.8, 1.1, 1.7, 2.4]) {
      if (beyond * lower > from / 2) continue;
      const y = runBlock(resampleIq({ from, to }), tone((beyond * lower) / from, items), 2);
      const margin = Math.ceil((20 * to) / lower);
      expect(powerDb(y, margin, y.length / 2 - margin)).toBeLessThan(-74);
    }
  });

  test('chunking does not matter', () => {
    const random = prng(5);
    const x = Float32Array.from({ length: 2 * items }, () => random.normal());
    for (const [make, width] of [
      [resampleIq, 2],
      [resampleReal, 1],
    ] as const) {
      const block = make({ from, to });
      const input = x.subarray(0, width * items);
      const whole = runBlock(block, input, width);
      for (let seed = 0; seed < 6; seed++) {
        block.reset();
        expect(runBlock(block, input, width, cutsOf(items, seed))).toEqual(whole);
      }
    }
  });
});

test('the number of outputs follows the ratio without drift', () => {
  const block = resampleReal({ from: 250_000, to: 48_000 });
  const x = new Float32Array(50_000);
  const y = new Float32Array(block.maxOut(x.length));
  let written = 0;
  for (let i = 0; i < 50; i++) written += block.process(x, x.length, y);
  expect(written).toBe(Math.ceil(((2_500_000 - block.latency) * 48) / 250));
});

test('real samples are the real part of complex ones', () => {
  const x = tone(0.03, 4000);
  const real = x.filter((_, i) => i % 2 === 0);
  const complex = runBlock(resampleIq({ from: 48_000, to: 44_100 }), x, 2);
  const y = runBlock(resampleReal({ from: 48_000, to: 44_100 }), real, 1);
  expect(y.length).toBe(complex.length / 2);
  for (let i = 0; i < y.length; i++) expect(y[i]).toBeCloseTo(complex[2 * i]!, 5);
});

test('ratios and bands that cannot be are refused', () => {
  expect(() => resampleIq({ from: 48_000, to: 500 })).toThrow(/ratios/);
  expect(() => resampleIq({ from: 48_000, to: Number.NaN })).toThrow(/ratios/);
  expect(() => resampleIq({ from: 48_000, to: 48_000, passband: 0.5 })).toThrow(/pass band/);
});
