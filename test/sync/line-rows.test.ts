import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { LinePowers, LineRows, rowCount } from '../../dsp/sync/line-rows.ts';

const bins = 60;

/** The sum along a carrier that moves by `step` bins a row, of the rows that are there. */
function naive(rows: readonly (Float32Array | undefined)[], first: number, step: number, k: number): number {
  let sum = 0;
  for (const [i, row] of rows.entries()) {
    const at = k + step * (i - 2);
    if (row && at >= 0 && at < bins) sum += row[first + at]!;
  }
  return sum;
}

function powers(upper: Float32Array | undefined, lower: Float32Array | undefined): LinePowers | undefined {
  if (!upper || !lower) return undefined;
  const both = new LinePowers(upper.length);
  both.upper.set(upper);
  both.lower.set(lower);
  both.complete();
  return both;
}

test.each([
  [0, 0],
  [7, 0],
  [7, 1],
  [7, -3],
  [7, 20],
  [7, -40],
])('the best bin is that of the sums, from bin %d of each row and along %d bins a row, to the edges', (first, step) => {
  const random = prng(step + 100);
  for (let round = 0; round < 50; round++) {
    const make = () =>
      Array.from({ length: rowCount }, (_, i) =>
        i === 0 && round % 2 === 0 ? undefined : Float32Array.from({ length: 80 }, () => random.uniform() ** 8),
      );
    const upper = make();
    const lower = make();
    const rows = new LineRows(bins);
    for (let i = 0; i < rowCount; i++) rows.set(i, powers(upper[i], lower[i]), first, step * (i - 2));
    const scores = Array.from({ length: bins }, (_, k) => {
      const [u, l] = [naive(upper, first, step, k), naive(lower, first, step, k)];
      expect(rows.power(k)).toBeCloseTo(u + l, 12);
      return u + l - 0.5 * Math.abs(u - l);
    });
    const inner = scores.slice(1, -1);
    const top = Math.max(...inner);
    expect(rows.best(0)).toBe(1 + inner.indexOf(top));
    expect(rows.score(rows.best(0))).toBe(top);
    expect(rows.best(top)).toBe(-1);
  }
});
