import { expect, test } from 'vitest';
import { flatHorizon, maskedHorizon } from '../../daemon/tracking/horizon.ts';

const points = (...pairs: [number, number][]) =>
  pairs.map(([azimuthDeg, elevationDeg]) => ({ azimuthDeg, elevationDeg }));

test('linear between the points, over north too, in any order', () => {
  const horizon = maskedHorizon(points([350, 10], [10, 20], [180, 0]));
  expect([10, 95, 180, 265, 350].map((azimuth) => horizon.at(azimuth))).toEqual([20, 10, 0, 5, 10]);
  expect([355, 0, 360, 5].map((azimuth) => horizon.at(azimuth))).toEqual([12.5, 15, 15, 17.5]);
  expect(horizon).toMatchObject({ lowestDeg: 0, flat: false });
});

test('a point at 0 and the same at 360 is a ring', () => {
  const horizon = maskedHorizon(points([0, 5], [180, 15], [360, 5]));
  expect([0, 90, 270, 360].map((azimuth) => horizon.at(azimuth))).toEqual([5, 10, 10, 5]);
});

test('never below the lowest elevation asked for', () => {
  const horizon = maskedHorizon(points([0, 20], [180, 0]), 5);
  expect([0, 90, 180].map((azimuth) => horizon.at(azimuth))).toEqual([20, 10, 5]);
  expect(horizon.lowestDeg).toBe(5);
});

test('one point is flat', () => {
  expect(maskedHorizon(points([77, 4]))).toMatchObject({ lowestDeg: 4, flat: true });
  expect(flatHorizon(-1).at(123)).toBe(-1);
});

test.each([
  [[]],
  [points([0, 1], [360, 2])],
  [points([-1, 1])],
  [points([361, 1])],
  [points([0, 90])],
  [points([0, Number.NaN])],
])('%j is refused', (bad) => {
  expect(() => maskedHorizon(bad)).toThrow(RangeError);
});
