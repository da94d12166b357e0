import { expect, test } from 'vitest';
import { makeVirtualClock } from '../../daemon/core/virtual-clock.ts';
import { prng } from '../../dsp/core/prng.ts';

const start = Date.UTC(2026, 10, 26);

test('timers run in the order of their times, at their times, and equal ones in the order they were set', async () => {
  const clock = makeVirtualClock(start);
  const random = prng(3);
  const seen: { at: number; due: number; order: number }[] = [];
  for (let order = 0; order < 500; order++) {
    const due = Math.floor(100 * random.uniform());
    const cancel = clock.after(due, () => seen.push({ at: clock.now() - start, due, order }));
    if (order % 7 === 0) cancel();
  }
  await clock.play(start + 50);
  expect(clock.now()).toBe(start + 50);
  expect(Math.max(...seen.map(({ due }) => due))).toBeLessThanOrEqual(50);
  await clock.play(start + 1000);
  expect(clock.now()).toBe(start + 1000);
  expect(seen).toHaveLength(500 - Math.ceil(500 / 7));
  for (const { at, due } of seen) expect(at).toBe(due);
  const sorted = [...seen].sort((a, b) => a.due - b.due || a.order - b.order);
  expect(seen).toEqual(sorted);
});

test('a day passes at once, promises that follow a timer settle before the next one', async () => {
  const clock = makeVirtualClock(start);
  const steps: string[] = [];
  clock.after(86_400_000, async () => {
    await Promise.resolve();
    await Promise.resolve();
    steps.push(`day ${clock.monotonic()}`);
    clock.after(5, () => steps.push(`later ${clock.monotonic()}`));
  });
  clock.after(86_400_001, () => steps.push(`next ${clock.monotonic()}`));
  await clock.play(start + 2 * 86_400_000);
  expect(steps).toEqual(['day 86400000', 'next 86400001', 'later 86400005']);
});

test('time is held while the world works', async () => {
  const clock = makeVirtualClock(start);
  const steps: string[] = [];
  clock.after(10, () => {
    const work = new Promise((resolve) => setTimeout(resolve, 30));
    void clock.hold(work).then(() => steps.push(`worked ${clock.monotonic()}`));
  });
  clock.after(20, () => steps.push(`timer ${clock.monotonic()}`));
  await clock.play(start + 100);
  expect(steps).toEqual(['worked 10', 'timer 20']);
});

test('a step of the clock moves now, and no timer', async () => {
  const clock = makeVirtualClock(start);
  let at = 0;
  clock.after(100, () => {
    at = clock.monotonic();
  });
  clock.step(3_600_000);
  expect(clock.now()).toBe(start + 3_600_000);
  await clock.play(start + 100);
  expect(at).toBe(100);
  expect(clock.now()).toBe(start + 3_600_100);
});

test('a speed paces it, an abort ends it', async () => {
  const clock = makeVirtualClock(start, 100);
  const began = performance.now();
  await clock.play(start + 5000);
  expect(performance.now() - began).toBeGreaterThan(40);
  const abort = new AbortController();
  clock.after(1000, () => abort.abort());
  await clock.play(start + 1e9, abort.signal);
  expect(clock.monotonic()).toBe(6000);
  expect(() => makeVirtualClock(start, 0)).toThrow(RangeError);
  expect(() => makeVirtualClock(Number.NaN)).toThrow(RangeError);
});
