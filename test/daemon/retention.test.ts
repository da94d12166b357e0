import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dropFrames } from '../../daemon/open-forward.ts';
import { type Ledger, openLedger } from '../../daemon/store/ledger.ts';
import { sampleFrame } from '../store/sample-frame.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 30);
const all = Number.MAX_SAFE_INTEGER;
let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  ledger = openLedger(folder, 'N0CALL');
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const left = () => ledger.frames({ since: 0, limit: 100_000 }).map(({ seq }) => seq);
const daysOld = (days: number | null) =>
  sampleFrame({ time: days === null ? null : new Date(nowMs - days * dayMs).toISOString() });

test('frames that are too old go, those without a time with their neighbours; the newest stays', () => {
  ledger.append([9, 8, null, 7, 2, 6, 1].map(daysOld));
  const drop = (maxAgeDays: number) => dropFrames(ledger, { maxAgeDays, maxSizeBytes: null }, all, nowMs);
  expect(drop(30)).toBe(0);
  expect(drop(5)).toBe(4);
  // A younger one before it keeps an older one: frames go from the front alone.
  expect(left()).toEqual([5, 6, 7]);
  expect(drop(0.5)).toBe(2);
  expect(left()).toEqual([7]);
});

test('none goes that a collector has not had', () => {
  ledger.append([9, 8, 7, 6].map(daysOld));
  expect(dropFrames(ledger, { maxAgeDays: 1, maxSizeBytes: null }, 2, nowMs)).toBe(2);
  expect(dropFrames(ledger, { maxAgeDays: 1, maxSizeBytes: null }, 2, nowMs)).toBe(0);
  expect(left()).toEqual([3, 4]);
});

test('a ledger that is too large loses its oldest frames, and no more than it must', () => {
  ledger.append(Array.from({ length: 20_000 }, () => sampleFrame({ frame: 'ab'.repeat(250) })));
  const before = ledger.size();
  const maxSizeBytes = Math.round(before / 2);
  let dropped = 0;
  for (let step = 1; step > 0; dropped += step)
    step = dropFrames(ledger, { maxAgeDays: null, maxSizeBytes }, all, nowMs);
  expect(ledger.size()).toBeLessThanOrEqual(maxSizeBytes);
  expect(ledger.size()).toBeGreaterThan(0.9 * maxSizeBytes);
  expect(left()[0]).toBe(dropped + 1);
  expect(dropFrames(ledger, { maxAgeDays: null, maxSizeBytes }, all, nowMs)).toBe(0);
});

test('nothing is said, nothing goes', () => {
  ledger.append([9000].map(daysOld));
  expect(dropFrames(ledger, { maxAgeDays: null, maxSizeBytes: null }, all, nowMs)).toBe(0);
});
