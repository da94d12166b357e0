import { expect, test } from 'vitest';
import { falseAlarmsPerHour, poissonBound } from './noise-bound.ts';
import { rows } from './sensitivity-rows.ts';

test('95 % bounds of Poisson counts', () => {
  // Source of the values: cumulative Poisson tables.
  expect([0.05, 0.06, 0.3, 1, 4, 10].map(poissonBound)).toEqual([0, 1, 1, 3, 8, 15]);
});

test('every row has an arithmetic of false alarms', () => {
  for (const row of rows) {
    expect(falseAlarmsPerHour(row)).toBeGreaterThan(0);
    expect(falseAlarmsPerHour(row)).toBeLessThan(1);
  }
});
