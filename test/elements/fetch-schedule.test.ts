import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueInMs, HOUR_MS, LEAST_INTERVAL_MS, retryAfterMs, waitAfter } from '../../daemon/elements/fetch-schedule.ts';

test('whoever answered is left alone for two hours or more, and no failure lasts longer than asked for', () => {
  const asked = fc.record({
    outcome: fc.constantFrom('ok' as const, 'not modified' as const, 'refused' as const, 'failed' as const),
    failures: fc.nat(1000),
    final: fc.boolean(),
    retryAfterMs: fc.option(fc.nat(1e12)),
  });
  fc.assert(
    fc.property(asked, fc.nat(100 * HOUR_MS), (a, interval) => {
      const wait = waitAfter(a, interval);
      expect(wait).toBeGreaterThanOrEqual(a.outcome === 'refused' ? 24 * HOUR_MS : LEAST_INTERVAL_MS);
      expect(wait).toBeLessThanOrEqual(Math.max(interval, 30 * 24 * HOUR_MS));
    }),
  );
});

/** The clock may step at any moment, and there are restarts; the server's own time goes on as it should. */
test('in one run no stepping clock makes two requests come within the wait', () => {
  const step = fc.record({ passMs: fc.nat(HOUR_MS), wallStepMs: fc.integer({ min: -1e11, max: 1e11 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      let wallMs = Date.UTC(2026, 0, 1);
      let monotonicMs = 0;
      let last = { atMs: null as number | null, atMonotonicMs: null as number | null, waitMs: LEAST_INTERVAL_MS };
      for (const { passMs, wallStepMs } of steps) {
        monotonicMs += passMs;
        wallMs += passMs + wallStepMs;
        const due = dueInMs(last, { wallMs, monotonicMs, runStartMs: 0 });
        if (due === null || due > 0) continue;
        if (last.atMonotonicMs !== null)
          expect(monotonicMs - last.atMonotonicMs).toBeGreaterThanOrEqual(LEAST_INTERVAL_MS);
        last = { atMs: wallMs, atMonotonicMs: monotonicMs, waitMs: LEAST_INTERVAL_MS };
      }
    }),
  );
});

test('restarts, at whatever times, never make two requests come within the wait', () => {
  const run = fc.record({ offMs: fc.nat(HOUR_MS), runMs: fc.nat(3 * HOUR_MS) });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 50 }), (runs) => {
      let startMs = Date.UTC(2026, 0, 1);
      let atMs: number | null = null;
      for (const { offMs, runMs } of runs) {
        startMs += offMs;
        let atMonotonicMs: number | null = null;
        for (let monotonicMs = 0; monotonicMs <= runMs; monotonicMs += 600_000) {
          const wallMs = startMs + monotonicMs;
          const last = { atMs, atMonotonicMs, waitMs: LEAST_INTERVAL_MS };
          const due = dueInMs(last, { wallMs, monotonicMs, runStartMs: 0 });
          if (due === null || due > 0) continue;
          if (atMs !== null) expect(wallMs - atMs).toBeGreaterThanOrEqual(LEAST_INTERVAL_MS);
          atMs = wallMs;
          atMonotonicMs = monotonicMs;
        }
        startMs += runMs;
      }
    }),
  );
});

test.each<[string | null, number | null]>([
  [null, null],
  ['120', 120_000],
  ['0', null],
  ['-5', null],
  ['1.5', null],
  ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', null],
  ['tomorrow', null],
])('Retry-After %j', (value, expected) => {
  expect(retryAfterMs(value, Date.UTC(2026, 0, 1))).toBe(expected);
});
