import FFT from 'fft.js';
import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { makeFft } from '../../dsp/filter/fft.ts';
import { fftSizes } from '../../dsp/kernels/kernels.ts';
import { wasmKernels } from '../../dsp/kernels/load.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { fftTwiddles } from '../../dsp/kernels/twiddles.ts';

const sizes = Array.from({ length: 12 }, (_, i) => fftSizes.least << i);

function noise(size: number): Float32Array {
  const random = prng(size);
  return Float32Array.from({ length: 2 * size }, () => random.normal());
}

/** Root mean square of the error relative to that of the values. */
function relativeError(x: ArrayLike<number>, ideal: ArrayLike<number>): number {
  let error = 0;
  let power = 0;
  for (let i = 0; i < ideal.length; i++) {
    error += (x[i]! - ideal[i]!) ** 2;
    power += ideal[i]! ** 2;
  }
  return Math.sqrt(error / power);
}

test('the sizes end where the kernels do', () => {
  expect(sizes.at(-1)).toBe(fftSizes.most);
});

describe.each(sizes)('transform of %d', (size) => {
  const x = noise(size);
  const oracle = new FFT(size);
  const ideal = oracle.createComplexArray();
  oracle.transform(ideal, x);

  test.each([
    ['wasm', wasmKernels()],
    ['plain', plainKernels()],
  ])('%s: what fft.js gives, and back', (_, kernels) => {
    const fft = makeFft(size, kernels);
    const y = x.slice();
    fft.forward(y);
    expect(relativeError(y, ideal)).toBeLessThan(1e-6);
    fft.inverse(y);
    expect(relativeError(y, x)).toBeLessThan(1e-6);
  });

  test('double precision values, and a buffer that is longer', () => {
    const fft = makeFft(size);
    const y = new Float64Array(2 * size + 2).fill(7);
    y.set(x);
    fft.forward(y);
    expect(relativeError(y, ideal)).toBeLessThan(1e-6);
    expect(y[2 * size]).toBe(7);
  });

  test('every bin is where its tone is', () => {
    const fft = makeFft(size);
    const tone = new Float32Array(2 * size);
    for (const bin of [0, 1, 5, size / 2 - 1, size / 2, size - 3]) {
      for (let n = 0; n < size; n++) {
        tone[2 * n] = Math.cos((2 * Math.PI * ((n * bin) % size)) / size);
        tone[2 * n + 1] = Math.sin((2 * Math.PI * ((n * bin) % size)) / size);
      }
      fft.forward(tone);
      expect(tone[2 * bin]! / size).toBeCloseTo(1, 5);
      tone[2 * bin] = 0;
      expect(tone.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / size).toBeLessThan(1e-5);
    }
  });
});

test('sizes without a kernel have no twiddle factors', () => {
  for (const size of [8, 48, 1 << 16]) expect(() => fftTwiddles(plainKernels(), size)).toThrow(RangeError);
});
