import type { Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';

/**
 * Adds Σ z[i]·e^(−j2πf·i) over `n` real samples from `from` on, for each frequency f (cycles a sample), to the interleaved
 * `sums` from `row` on. The phasors run on in `phasors`, so that a hop may come in pieces. At most 100,000 samples.
 */
export function addLineSums(
  z: Float32Array,
  from: number,
  n: number,
  frequencies: Float64Array,
  phasors: Float64Array,
  sums: Float64Array,
  row: number,
  kernels: Kernels = wasmKernels(),
): void {
  const { floats, doubles } = kernels;
  // Scratch layout: the lines, two and two together, then the samples.
  const whole = 4 * Math.ceil(frequencies.length / 4);
  const samplesAt = 48 * whole;
  doubles.fill(0, 0, 6 * whole);
  for (let j = 0; j < frequencies.length; j++) {
    const at = 12 * (j >> 1) + (j & 1);
    const w = -2 * Math.PI * frequencies[j]!;
    doubles[at] = Math.cos(w);
    doubles[at + 2] = Math.sin(w);
    doubles[at + 4] = phasors[2 * j]!;
    doubles[at + 6] = phasors[2 * j + 1]!;
    doubles[at + 8] = sums[row + 2 * j]!;
    doubles[at + 10] = sums[row + 2 * j + 1]!;
  }
  floats.set(z.subarray(from, from + n), samplesAt >> 2);
  kernels.lineSums(samplesAt, n, 0, whole);
  for (let j = 0; j < frequencies.length; j++) {
    const at = 12 * (j >> 1) + (j & 1);
    phasors[2 * j] = doubles[at + 4]!;
    phasors[2 * j + 1] = doubles[at + 6]!;
    sums[row + 2 * j] = doubles[at + 8]!;
    sums[row + 2 * j + 1] = doubles[at + 10]!;
  }
}
