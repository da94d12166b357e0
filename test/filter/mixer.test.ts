import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { mixer } from '../../dsp/filter/mixer.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { cutsOf } from '../laws/chunking.ts';
import { errorDb, runBlock, tone } from './run-block.ts';

describe('mixer', () => {
  test('moves a tone by the shift, and does not drift over ten million samples', () => {
    const m = mixer(12_345.678, 240_000);
    const block = 100_000;
    const ones = tone(0, block);
    const y = new Float32Array(2 * block);
    for (let i = 0; i < 100; i++) m.process(ones, block, y);
    const cycles = 12_345.678 / 240_000;
    const start = cycles * 99 * block;
    for (let n = 0; n < block; n += 997) {
      const angle = 2 * Math.PI * (start + cycles * n - Math.floor(start + cycles * n));
      expect(y[2 * n]).toBeCloseTo(Math.cos(angle), 6);
      expect(y[2 * n + 1]).toBeCloseTo(Math.sin(angle), 6);
    }
  });

  test('plain kernels give the same', () => {
    const x = tone(0.01, 5000);
    const plain = runBlock(mixer(-4321, 48_000, plainKernels()), x, 2);
    expect(errorDb(runBlock(mixer(-4321, 48_000), x, 2), plain, 0, 5000)).toBeLessThan(-130);
  });

  test('a new shift makes no step in phase', () => {
    const m = mixer(1000, 48_000);
    const x = tone(0, 1000);
    const y = x.slice();
    m.process(x, 1000, y);
    m.setShift(-3000);
    const z = x.slice();
    m.process(x, 1000, z);
    const turned = (a: Float32Array, i: number, b: Float32Array, j: number) =>
      Math.atan2(b[j + 1]! * a[i]! - b[j]! * a[i + 1]!, b[j]! * a[i]! + b[j + 1]! * a[i + 1]!);
    // The first sample after the change has the phase the old shift leads to; the new shift counts from there.
    expect(turned(y, 1998, z, 0)).toBeCloseTo((2 * Math.PI * 1000) / 48_000, 6);
    expect(turned(z, 0, z, 2)).toBeCloseTo((-2 * Math.PI * 3000) / 48_000, 6);
  });

  test('there and back is where it was, in place', () => {
    const random = prng(1);
    const x = Float32Array.from({ length: 8000 }, () => random.normal());
    const y = x.slice();
    mixer(7777, 48_000).process(y, 4000, y);
    mixer(-7777, 48_000).process(y, 4000, y);
    expect(errorDb(y, x, 0, 4000)).toBeLessThan(-130);
  });

  test('chunking does not matter', () => {
    const x = tone(0.01, 5000);
    const m = mixer(333.3, 48_000);
    const whole = runBlock(m, x, 2);
    for (let seed = 0; seed < 20; seed++) {
      m.reset();
      expect(runBlock(m, x, 2, cutsOf(5000, seed))).toEqual(whole);
    }
  });

  test('a shift beyond half the sample rate is refused', () => {
    expect(() => mixer(24_001, 48_000)).toThrow(RangeError);
    expect(() => mixer(0, 48_000).setShift(Number.NaN)).toThrow(RangeError);
  });
});
