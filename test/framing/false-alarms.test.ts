import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { syncBits } from '../../dsp/framing/parts/burst.ts';
import {
  hardSyncProbability,
  reedSolomonAcceptance,
  softSyncProbability,
} from '../../dsp/framing/parts/false-alarms.ts';
import { hdlcFalseAlarmsPerHour } from '../../dsp/framing/parts/hdlc-deframer.ts';
import { hardSync, signs, softSync } from '../../dsp/framing/parts/sync-search.ts';
import { noise } from './deframe.ts';

test.each([
  [16, 0, 1.5e-5],
  [16, 3, 1.06e-2],
  [32, 0, 2.3e-10],
  [32, 4, 9.7e-6],
  [64, 13, 9.4e-7],
])('a sync word of %i bits with %i errors is hit as tabulated', (length, errors, probability) => {
  expect(hardSyncProbability(length, errors, 1) / probability).toBeCloseTo(1, 1);
  expect(hardSyncProbability(length, errors, 2)).toBe(2 * hardSyncProbability(length, errors, 1));
});

test('Reed-Solomon accepts a random full block about once in 16!', () => {
  expect(reedSolomonAcceptance(255, false) * 2.09e13).toBeGreaterThan(0.3);
  expect(reedSolomonAcceptance(255, false) * 2.09e13).toBeLessThan(3);
  expect(reedSolomonAcceptance(80, false)).toBeLessThan(reedSolomonAcceptance(255, false) / 1e6);
  expect(reedSolomonAcceptance(255, true)).toBeLessThan(2e-9);
});

test('noise hits a sync word as often as the arithmetic says', () => {
  const n = 400_000;
  const ring = noise(2 ** 19, prng(2));
  const count = (search: ReturnType<typeof hardSync>) => {
    let hits = 0;
    for (let t = 0; t < n; t++) if (search.next(ring, ring.length - 1, t) !== 0) hits++;
    return hits;
  };
  const hard = n * hardSyncProbability(16, 2, 2);
  expect(count(hardSync('2dd4', 2)) / hard).toBeGreaterThan(0.9);
  expect(count(hardSync('2dd4', 2)) / hard).toBeLessThan(1.1);
  const soft = n * softSyncProbability(64, 0.4);
  expect(count(softSync(signs(syncBits('5072f64b2d90b1f5')), 0.4))).toBeLessThan(soft);
  expect(count(softSync(signs(syncBits('5072f64b2d90b1f5')), 0.4))).toBeGreaterThan(soft / 2);
});

test('the flags of HDLC alone give a false frame in a day at 9600 Bd', () => {
  expect(24 * hdlcFalseAlarmsPerHour(9600)).toBeGreaterThan(0.5);
  expect(24 * hdlcFalseAlarmsPerHour(9600)).toBeLessThan(2);
});
