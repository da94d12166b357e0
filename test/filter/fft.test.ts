import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { makeFft } from '../../dsp/filter/fft.ts';
import { powerSpectrum } from '../../dsp/filter/spectrum.ts';
import { fftSizes } from '../../dsp/kernels/kernels.ts';
import { tone } from './run-block.ts';

function naiveDft(x: Float64Array): Float64Array {
  const n = x.length / 2;
  const y = new Float64Array(2 * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      const angle = (-2 * Math.PI * ((k * i) % n)) / n;
      y[2 * k]! += x[2 * i]! * Math.cos(angle) - x[2 * i + 1]! * Math.sin(angle);
      y[2 * k + 1]! += x[2 * i]! * Math.sin(angle) + x[2 * i + 1]! * Math.cos(angle);
    }
  return y;
}

describe('fft', () => {
  test.each([2, 4, 8, 16, 64, 512])('size %d equals the sum that defines it', (size) => {
    const random = prng(size);
    const x = Float64Array.from({ length: 2 * size }, () => random.normal());
    const y = x.slice();
    const fft = makeFft(size);
    fft.forward(y);
    const ideal = naiveDft(x);
    // Sizes with a kernel are in single precision: relative to the root mean square of the values, √size · √2.
    const digits = size < fftSizes.least ? 12 : 5;
    for (let i = 0; i < y.length; i++) expect(y[i]! / Math.sqrt(size)).toBeCloseTo(ideal[i]! / Math.sqrt(size), digits);
    fft.inverse(y);
    for (let i = 0; i < y.length; i++) expect(y[i]).toBeCloseTo(x[i]!, digits);
  });

  test.each([0, 1, 3, 48, 2 ** 21, Number.NaN])('size %d is refused', (size) => {
    expect(() => makeFft(size)).toThrow(RangeError);
  });
});

describe('power spectrum', () => {
  test('a tone stands in its bin with its power, negative frequencies first', () => {
    const power = new Float32Array(64);
    const x = tone(-5 / 64, 200).map((value) => 0.5 * value);
    powerSpectrum(64).measure(x, 100, power);
    expect(power[32 - 5]).toBeCloseTo(0.25, 5);
    // Hann: half the amplitude in the neighbours, nothing elsewhere.
    expect(power[32 - 4]).toBeCloseTo(0.0625, 5);
    expect(Math.max(...power.subarray(30))).toBeLessThan(1e-10);
  });

  test('a span that is not there is refused', () => {
    expect(() => powerSpectrum(64).measure(new Float32Array(128), 1, new Float32Array(64))).toThrow(RangeError);
  });
});
