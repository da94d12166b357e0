import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { wasmKernels } from '../../dsp/kernels/load.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { toneSum } from '../../dsp/sync/tone-sum.ts';

describe.each([
  ['wasm', wasmKernels()],
  ['plain', plainKernels()],
])('sum under a tone, %s', (_, kernels) => {
  test.each([0, 0.1234, -0.31, 0.5])('%d cycles a value: the sum that defines it', (f) => {
    const count = 1280;
    const random = prng(8);
    const x = Float32Array.from({ length: 2 * count }, () => random.normal());
    let re = 0;
    let im = 0;
    for (let n = 0; n < count; n++) {
      const angle = -2 * Math.PI * f * n;
      re += x[2 * n]! * Math.cos(angle) - x[2 * n + 1]! * Math.sin(angle);
      im += x[2 * n]! * Math.sin(angle) + x[2 * n + 1]! * Math.cos(angle);
    }
    kernels.floats.set(x, 0);
    const out = new Float64Array(2);
    toneSum(kernels, 0, count, f, 8 * count, out);
    // Of a standard deviation of √2560.
    expect(Math.abs(out[0]! - re)).toBeLessThan(1e-4);
    expect(Math.abs(out[1]! - im)).toBeLessThan(1e-4);
  });
});
