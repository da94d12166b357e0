import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StationError } from '../../daemon/core/error.ts';
import { MOST_OFFSETS, type PassRecord, passId, thinned } from '../../daemon/store/pass-record.ts';
import { openPassStore, passesPath } from '../../daemon/store/pass-store.ts';
import { choiceFor, passKey, readPassKey } from '../../daemon/tracking/pass-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-passes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const AOS = Date.parse('2026-11-26T12:00:00.250Z');

function pass(change: Partial<PassRecord> = {}): PassRecord {
  const { norad = 40949, aosMs = AOS } = change;
  return {
    id: passId(passKey(norad, aosMs), 'rtl', aosMs, 'N0CALL'),
    key: passKey(norad, aosMs),
    priority: 0,
    fromMs: aosMs,
    toMs: aosMs + 600_000,
    whole: true,
    pointed: [],
    norad,
    satellite: 'GOMX-3',
    aosMs,
    tcaMs: aosMs + 300_000,
    losMs: aosMs + 600_000.5,
    maxElevationDeg: 61.5,
    aosAzimuthDeg: 200.25,
    losAzimuthDeg: 40,
    sdr: 'rtl',
    transmitters: ['fsk-19200-ax100-asmgolay'],
    state: 'done',
    frames: 12,
    bestSnrDb: 17.5,
    meanSnrDb: 11,
    droppedSamples: 0,
    gaps: 1,
    offsets: [{ timeMs: aosMs + 1000, offsetHz: -321.5, frequencyHz: 437_250_000 }],
    fit: {
      ...{ fitted: true, timeBiasS: 0.25, sigmaTimeS: 0.01, frequencyBiasHz: -300, frequencyBiasPpm: -0.686 },
      ...{ sigmaFrequencyHz: 4, rmsHz: 12, used: 11, rejected: 1 },
    },
    fitReason: null,
    elements: { epochMs: AOS - 86_400_000, source: 'https://celestrak.org/', ageDays: 1 },
    reason: null,
    recording: '20261126T120000Z_GOMX-3',
    simulated: false,
    ...change,
  };
}

const nothing: Partial<PassRecord> = {
  sdr: null,
  transmitters: [],
  frames: 0,
  bestSnrDb: null,
  meanSnrDb: null,
  offsets: [],
  fit: null,
  elements: null,
  reason: 'another pass had the receiver',
  recording: null,
  simulated: true,
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    expect(error.message).not.toContain('\n');
    return error.code;
  }
  return 'none';
}

test('passes come back as they were, also after the next start', () => {
  const passes = [
    pass(),
    ...(['missed', 'skipped', 'failed', 'interrupted'] as const).map((state, i) =>
      pass({ ...nothing, state, aosMs: AOS + (i + 1) * 6e6 }),
    ),
  ];
  const store = openPassStore(folder);
  for (const one of passes) store.upsert(one);
  store.close();
  store.close();
  const again = openPassStore(folder);
  expect(again.list({ limit: 10 })).toEqual(passes.toReversed());
  expect(again.get(passes[1]!.id)).toEqual(passes[1]);
  expect(again.get('none')).toBeNull();
  again.close();
});

test('a pass with the same id is replaced', () => {
  const store = openPassStore(folder);
  store.upsert(pass({ state: 'interrupted', frames: 3 }));
  store.upsert(pass());
  expect(store.list({ limit: 10 })).toEqual([pass()]);
  store.close();
});

test('since, until, limit and satellite select; the newest come first', () => {
  const store = openPassStore(folder);
  for (let i = 0; i < 6; i++) store.upsert(pass({ norad: i % 2 === 0 ? 1 : 2, aosMs: i * 1000 }));
  const rises = (query: object) => store.list({ limit: 100, ...query }).map(({ aosMs }) => aosMs / 1000);
  expect(rises({})).toEqual([5, 4, 3, 2, 1, 0]);
  expect(rises({ limit: 2 })).toEqual([5, 4]);
  expect(rises({ sinceMs: 2000, untilMs: 4000 })).toEqual([3, 2]);
  expect(rises({ norad: 2 })).toEqual([5, 3, 1]);
  expect(rises({ norad: 2, untilMs: 5000, limit: 1 })).toEqual([3]);
  store.close();
});

test('ids are those of pass, receiver, beginning and station', () => {
  const key = passKey(40949, AOS);
  const id = passId(key, 'rtl', AOS, 'N0CALL');
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(passId(key, 'rtl', AOS + 0.2, 'N0CALL')).toBe(id);
  const others = [
    passId(passKey(40948, AOS), 'rtl', AOS, 'N0CALL'),
    passId(key, 'other', AOS, 'N0CALL'),
    passId(key, 'rtl', AOS + 300, 'N0CALL'),
    passId(key, 'rtl', AOS, 'N1CALL'),
  ];
  expect(new Set([id, ...others]).size).toBe(5);
});

test('a pass keeps so many offsets, the first and the last among them', () => {
  const offset = (i: number) => ({ timeMs: i, offsetHz: i, frequencyHz: 1 });
  const all = Array.from({ length: 5 * MOST_OFFSETS + 7 }, (_, i) => offset(i));
  const store = openPassStore(folder);
  store.upsert(pass({ offsets: all }));
  const { offsets } = store.get(pass().id)!;
  expect(offsets).toHaveLength(MOST_OFFSETS);
  expect([offsets[0], offsets.at(-1)]).toEqual([all[0], all.at(-1)]);
  expect(new Set(offsets.map(({ timeMs }) => timeMs)).size).toBe(MOST_OFFSETS);
  expect(thinned(all.slice(0, MOST_OFFSETS))).toHaveLength(MOST_OFFSETS);
  store.close();
});

test('choices for passes to come: set, changed, taken back, forgotten', () => {
  const store = openPassStore(folder);
  const [first, second] = [passKey(40949, AOS), passKey(25544, AOS + 6e6)];
  store.setChoice(second, 'skipped');
  store.setChoice(first, 'pinned');
  store.setChoice(first, 'skipped');
  store.close();
  const again = openPassStore(folder);
  const aosMs = AOS - 250;
  expect(again.choices()).toEqual([
    { key: first, norad: 40949, aosMs, choice: 'skipped' },
    { key: second, norad: 25544, aosMs: aosMs + 6e6, choice: 'skipped' },
  ]);
  again.forgetChoices(AOS + 1000);
  expect(again.choices().map(({ key }) => key)).toEqual([second]);
  again.setChoice(second, null);
  again.setChoice(second, null);
  expect(again.choices()).toEqual([]);
  expect(() => again.setChoice('nonsense', 'pinned')).toThrow(RangeError);
  expect(codeOf(() => again.setChoice(first, 'perhaps' as never))).toBe('PASSES_WRITE_FAILED');
  again.close();
});

test('a choice stays with its pass when newer elements move it, and no other has it', () => {
  const choices = [
    { key: 'a', norad: 40949, aosMs: AOS, choice: 'pinned' as const },
    { key: 'b', norad: 40949, aosMs: AOS + 25 * 60_000, choice: 'skipped' as const },
  ];
  expect(choiceFor(choices, 40949, AOS + 90_000)).toBe('pinned');
  expect(choiceFor(choices, 40949, AOS + 15 * 60_000)).toBe('skipped');
  expect(choiceFor(choices, 40949, AOS - 80 * 60_000)).toBeNull();
  expect(choiceFor(choices, 40950, AOS)).toBeNull();
});

test('keys of passes are read as they were made', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 4e12 }), (norad, aosMs) => {
      const read = readPassKey(passKey(norad, aosMs));
      expect(read.norad).toBe(norad);
      expect(Math.abs(read.aosMs - aosMs)).toBeLessThanOrEqual(500);
    }),
  );
  for (const key of [
    '',
    '0-20261126T120000Z',
    '40949-20261326T120000Z',
    '40949-20261126T120000',
    '1-20261126T120000Z ',
  ])
    expect(() => readPassKey(key)).toThrow(RangeError);
});

test('a damaged, foreign or newer file is one clear error, and stays as it is', () => {
  writeFileSync(passesPath(folder), 'not a database, '.repeat(1000));
  expect(codeOf(() => openPassStore(folder))).toBe('PASSES_CORRUPT');
  rmSync(passesPath(folder));

  const foreign = new DatabaseSync(passesPath(folder));
  foreign.exec('CREATE TABLE recipes (title TEXT)');
  foreign.close();
  expect(codeOf(() => openPassStore(folder))).toBe('PASSES_CORRUPT');
  rmSync(passesPath(folder));

  openPassStore(folder).close();
  const newer = new DatabaseSync(passesPath(folder));
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  expect(codeOf(() => openPassStore(folder))).toBe('PASSES_NEWER');
  expect(codeOf(() => openPassStore(join(folder, 'none')))).toBe('DATA_FOLDER_UNWRITABLE');
});

test('a file that is damaged in the middle is told when it is read', () => {
  const store = openPassStore(folder);
  for (let i = 0; i < 400; i++) store.upsert(pass({ aosMs: AOS + i * 1000 }));
  store.close();
  const database = new DatabaseSync(passesPath(folder));
  database.exec('PRAGMA journal_mode = DELETE');
  database.close();
  const file = passesPath(folder);
  const bytes = Buffer.alloc(8192, 0xff);
  const content = readFileSync(file);
  for (let at = 3 * 4096; at + bytes.length < content.length; at += 4 * 4096) bytes.copy(content, at);
  writeFileSync(file, content);
  expect(
    codeOf(() => {
      const broken = openPassStore(folder);
      try {
        broken.list({ limit: 1000 });
      } finally {
        broken.close();
      }
    }),
  ).toBe('PASSES_CORRUPT');
});
