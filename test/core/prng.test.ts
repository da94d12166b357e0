import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const take = (seed: number) => {
    const random = prng(seed);
    return Array.from({ length: 50 }, () => [random.uint32(), random.uniform(), random.normal()]);
  };
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  expect(take(0)).not.toEqual(take(1));
});

test('uniforms fill [0, 1) evenly', () => {
  const random = prng(1);
  const counts = new Array<number>(16).fill(0);
  for (let n = 0; n < 160_000; n++) counts[Math.floor(random.uniform() * 16)]!++;
  const chi2 = counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0);
  expect(chi2).toBeLessThan(37.7); // 15 degrees of freedom, 0.1 %
});

test('normals have the moments and the tails of a normal', () => {
  const random = prng(2);
  const n = 1_000_000;
  let sum = 0;
  let square = 0;
  let fourth = 0;
  const beyond = [0, 0, 0, 0, 0];
  let product = 0;
  let last = 0;
  for (let k = 0; k < n; k++) {
    const x = random.normal();
    sum += x;
    square += x * x;
    fourth += x ** 4;
    product += x * last;
    last = x;
    for (let s = 1; s <= 4; s++) if (Math.abs(x) > s) beyond[s]!++;
  }
  expect(Math.abs(sum / n)).toBeLessThan(0.004);
  expect(Math.abs(square / n - 1)).toBeLessThan(0.006);
  expect(Math.abs(fourth / n - 3)).toBeLessThan(0.05);
  expect(Math.abs(product / n)).toBeLessThan(0.004);
  for (const [s, p] of [0, 0.317311, 0.0455003, 0.0026998, 6.3342e-5].entries())
    if (s > 0) expect(Math.abs(beyond[s]! - n * p)).toBeLessThan(4 * Math.sqrt(n * p));
});
