import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { latticePhases } from '../../dsp/kernels/cpm.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { LatticeDetector } from '../../dsp/modulation/cpm/lattice-detector.ts';
import { cpmReference, patterns } from '../../dsp/modulation/cpm/reference.ts';

const plain = plainKernels();

function detect(h: number, z: Float32Array, n: number, apriori: Float32Array, scale: number, kernels?: typeof plain) {
  const detector = new LatticeDetector(kernels);
  const extrinsic = new Float32Array(n);
  detector.open(cpmReference(h, 0.5), z, n, scale);
  detector.detect(apriori, extrinsic);
  return extrinsic;
}

const normals = (count: number, size: number, seed: number): Float32Array => {
  const random = prng(seed);
  return Float32Array.from({ length: count }, () => size * random.normal());
};

describe.each([0.3, 0.5, 0.7, 1, 2])('detection on the lattice of phases at h %d', (h) => {
  test.each([1, 512, 700])('%d symbols: WASM and plain agree', (n) => {
    const z = normals(2 * patterns * n, 4, 1);
    const apriori = normals(n, 3, 2);
    const a = detect(h, z, n, apriori, 0.4);
    const b = detect(h, z, n, apriori, 0.4, plain);
    for (let k = 0; k < n; k++) expect(Math.abs(a[k]! - b[k]!)).toBeLessThan(1e-3);
  });
});

test('equals the sum over all bits and phases', () => {
  const n = 5;
  const reference = cpmReference(0.5, 0.5);
  const z = normals(2 * patterns * n, 3, 5);
  const apriori = normals(n, 1.5, 6);
  const scale = 0.3;
  const likely = new Float64Array(2 * n);
  const step = (2 * Math.PI) / latticePhases;
  // Bits of the symbols before, in and behind the block; the phase that stands at the start of the first symbol without the
  // part of its neighbours' pulses, and leaks to its neighbours.
  for (let word = 0; word < 2 ** (n + 2); word++) {
    const bit = (k: number): number => (word >> (k + 1)) & 1;
    let phases = new Float64Array(latticePhases).fill(1);
    let angle = 0;
    for (let k = 0; k < n; k++) {
      const p = 4 * bit(k - 1) + 2 * bit(k) + bit(k + 1);
      const early = ((reference.advance[1]! - reference.advance[0]!) / 2) * (2 * bit(k) - 1);
      const both = (reference.advance[3]! - reference.advance[0]!) / 2;
      const start = angle + early + both * (2 * bit(k - 1) - 1);
      const next = phases.map((value, i) => {
        const turned = start + step * i;
        const x = z[2 * patterns * k + p]! * Math.cos(turned) + z[2 * patterns * k + patterns + p]! * Math.sin(turned);
        return value * Math.exp(scale * x) * (bit(k) === 1 ? Math.exp(apriori[k]!) : 1);
      });
      phases = next.map(
        (value, i) =>
          0.99 * value + 0.005 * (next[(i + 1) % latticePhases]! + next[(i + latticePhases - 1) % latticePhases]!),
      );
      angle += (Math.PI / 2) * (2 * bit(k - 1) - 1);
    }
    const sum = phases.reduce((total, value) => total + value, 0);
    for (let k = 0; k < n; k++) likely[2 * k + bit(k)]! += sum;
  }
  const extrinsic = detect(0.5, z, n, apriori, scale);
  for (let k = 0; k < n; k++)
    expect(extrinsic[k]).toBeCloseTo(Math.log(likely[2 * k + 1]! / likely[2 * k]!) - apriori[k]!, 2);
});

test('stays finite whatever it is given', () => {
  for (const size of [0, 1e3, 1e30]) {
    const z = normals(2 * patterns * 300, size, 3);
    expect(detect(0.5, z, 300, normals(300, size, 4), 1).every(Number.isFinite)).toBe(true);
  }
});
