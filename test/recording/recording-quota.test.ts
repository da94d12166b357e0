import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  decideQuota,
  enforceQuota,
  keepRecording,
  listRecordings,
  type StoredRecording,
} from '../../daemon/recording/recording-quota.ts';

const stored: fc.Arbitrary<StoredRecording[]> = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, maxLength: 4 }),
    bytes: fc.nat(1000),
    changedMs: fc.nat(20),
    kept: fc.boolean(),
  }),
  { selector: ({ name }) => name, maxLength: 12 },
);
const limits = fc.record({ quotaBytes: fc.nat(5000), minFreeBytes: fc.nat(5000) });

test('kept ones stay, the oldest go first, no more than needed, and what is over is told', () => {
  fc.assert(
    fc.property(stored, fc.nat(5000), limits, (recordings, freeBytes, limit) => {
      const { remove, overBytes } = decideQuota(recordings, freeBytes, limit);
      const of = (name: string) => recordings.find((r) => r.name === name)!;
      const bytes = (names: readonly string[]) => names.reduce((sum, name) => sum + of(name).bytes, 0);
      const total = bytes(recordings.map(({ name }) => name));
      const over = (names: readonly string[]) =>
        Math.max(0, total - bytes(names) - limit.quotaBytes, limit.minFreeBytes - freeBytes - bytes(names));
      expect(remove.some((name) => of(name).kept)).toBe(false);
      expect(new Set(remove).size).toBe(remove.length);
      expect(overBytes).toBe(over(remove));
      // One fewer would not do.
      if (remove.length > 0) expect(over(remove.slice(0, -1))).toBeGreaterThan(0);
      const left = recordings.filter(({ name, kept, bytes: size }) => !kept && size > 0 && !remove.includes(name));
      if (overBytes > 0) expect(left).toEqual([]);
      const youngest = Math.max(-1, ...remove.map((name) => of(name).changedMs));
      expect(left.every(({ changedMs }) => changedMs >= youngest)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-quota-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = { info: () => {}, warn: () => {} } as never;

function put(name: string, bytes: number, second: number, recorder = 'downlinkd'): void {
  writeFileSync(join(folder, `${name}.sigmf-data`), new Uint8Array(bytes));
  writeFileSync(join(folder, `${name}.sigmf-meta`), JSON.stringify({ global: { 'core:recorder': recorder } }));
  utimesSync(join(folder, `${name}.sigmf-data`), second, second);
}

test('the oldest go, pinned ones, those under way, foreign ones and other files stay', async () => {
  put('foreign', 10_000, 1, 'somebody');
  put('pinned', 10_000, 2);
  put('writing', 10_000, 3);
  put('a', 10_000, 4);
  put('b', 10_000, 5);
  put('c', 10_000, 6);
  writeFileSync(join(folder, 'notes.txt'), 'x'.repeat(100_000));
  symlinkSync(join(folder, 'notes.txt'), join(folder, 'link.sigmf-data'));
  await keepRecording(folder, 'pinned', true);
  const writing = new Set(['writing']);
  const enforce = (quotaBytes: number, minFreeBytes = 0) =>
    enforceQuota(folder, { quotaBytes, minFreeBytes }, writing, log);

  expect(
    (await listRecordings(folder, writing))
      .filter(({ kept }) => kept)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['pinned', 'writing']);
  expect(await enforce(100_000)).toMatchObject({ removed: [], overBytes: 0, reason: null });
  expect(await enforce(50_500)).toMatchObject({ removed: ['a'], overBytes: 0, reason: null });
  const over = await enforce(5000);
  expect(over).toMatchObject({
    removed: ['b', 'c'],
    reason: 'recordings that are kept or under way take 0.00 GB of 0.00 GB',
  });
  expect(over.overBytes).toBeGreaterThan(25_000);
  expect(existsSync(join(folder, 'b.sigmf-meta'))).toBe(false);
  await keepRecording(folder, 'pinned', false);
  expect((await enforce(25_000)).removed).toEqual(['pinned']);
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('data'))
      .sort(),
  ).toEqual(['foreign.sigmf-data', 'link.sigmf-data', 'writing.sigmf-data']);
});

test('a disk that is nearly full: all that may go goes, and it is said that this is not enough', async () => {
  put('a', 1000, 1);
  const report = await enforceQuota(folder, { quotaBytes: 1e12, minFreeBytes: 1e18 }, new Set(), log);
  expect(report.removed).toEqual(['a']);
  expect(report.reason).toMatch(/^only .* GB of the disk are free/);
});

test('no folder, or one that is a file, is no reason to fall', async () => {
  const limits = { quotaBytes: 0, minFreeBytes: 1e18 };
  expect(await enforceQuota(join(folder, 'none'), limits, new Set(), log)).toMatchObject({ reason: null, removed: [] });
  writeFileSync(join(folder, 'file'), '');
  expect((await enforceQuota(join(folder, 'file'), limits, new Set(), log)).reason).toContain("can't be tidied");
});
