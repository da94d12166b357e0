import { expect, test } from 'vitest';
import { backOff } from '../../daemon/core/back-off.ts';

test('waits double up to the limit and start anew after a reset', () => {
  const wait = backOff({ firstMs: 100, mostMs: 500 }, () => 1);
  expect([1, 2, 3, 4, 5].map(() => wait.next())).toEqual([100, 200, 400, 500, 500]);
  wait.reset();
  expect(wait.next()).toBe(100);
});

test('chance shortens a wait to no less than half', () => {
  const wait = backOff({ firstMs: 100, mostMs: 500 }, () => 0);
  expect([1, 2, 3, 4].map(() => wait.next())).toEqual([50, 100, 200, 250]);
});
