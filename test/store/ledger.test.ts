import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FrameCopy } from '../../daemon/api/wire.ts';
import { StationError } from '../../daemon/core/error.ts';
import { lockDataFolder } from '../../daemon/store/folder-lock.ts';
import { ledgerPath, openLedger, openLedgerForReading } from '../../daemon/store/ledger.ts';
import { sampleFrame } from './sample-frame.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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

test('frames come back as they were stored, numbered from 1', () => {
  const ledger = openLedger(folder, 'N0CALL');
  const frames = [
    sampleFrame(),
    sampleFrame({
      time: null,
      satellite: null,
      transmitter: null,
      snr_db: null,
      offset_hz: null,
      modulation_index: null,
      clock_ppm: null,
      sync_quality: null,
      simulated: true,
    }),
  ];
  const stored = ledger.append(frames);
  expect(stored).toEqual(
    frames.map((frame, i) => ({ seq: i + 1, id: expect.stringMatching(/^[0-9a-f]{32}$/), ...frame, copies: [] })),
  );
  expect(ledger.frames({ since: 0, limit: 10 })).toEqual(stored);
  ledger.close();

  const again = openLedger(folder, 'N0CALL');
  expect(again.frames({ since: 0, limit: 10 })).toEqual(stored);
  expect(again.append([sampleFrame()])[0]).toMatchObject({ seq: 3 });
  expect(new Set(again.frames({ since: 0, limit: 10 }).map(({ id }) => id)).size).toBe(3);
  again.close();
});

function copyOf(sdr: string): FrameCopy {
  return { sdr, transmitter: 'fsk-9600', mode: 'fsk:9600:usp', time: null, snr_db: 7.5, offset_hz: null };
}

test('copies of a frame are given with it, also when it is read later', () => {
  const ledger = openLedger(folder, 'N0CALL');
  ledger.append([sampleFrame(), sampleFrame(), sampleFrame()]);
  ledger.addCopy(2, copyOf('b'));
  ledger.addCopy(2, copyOf('c'));
  expect(ledger.frames({ since: 0, limit: 10 }).map(({ copies }) => copies)).toEqual([
    [],
    [copyOf('b'), copyOf('c')],
    [],
  ]);
  ledger.close();
});

test('times before the clock was set are corrected once, of this start of the computer only; ids stay', () => {
  const unsynchronised = (boot: string, utcMinusMonotonicMs: number) =>
    sampleFrame({ time: '1970-01-01T00:01:00.000Z', clock: 'unsynchronised', stamp: { boot, utcMinusMonotonicMs } });
  const ledger = openLedger(folder, 'N0CALL');
  const before = ledger.append([
    unsynchronised('earlier', 5),
    unsynchronised('this', 0),
    unsynchronised('this', 1000),
    sampleFrame(),
  ]);
  const setMs = Date.UTC(2026, 5, 1);
  const now = setMs + 3_600_000;
  expect(ledger.restamp({ boot: 'this', utcMinusMonotonicMs: setMs }, 'chrony', now)).toBe(2);
  expect(ledger.restamp({ boot: 'this', utcMinusMonotonicMs: setMs + 7 }, 'chrony', now)).toBe(0);
  const after = ledger.frames({ since: 0, limit: 10 });
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(after.map(({ time, clock }) => `${time} ${clock}`)).toEqual([
    '1970-01-01T00:01:00.000Z unsynchronised',
    '2026-06-01T00:01:00.000Z restamped',
    '2026-06-01T00:00:59.000Z restamped',
    '2026-01-31T12:00:00.000Z synchronised',
  ]);
  ledger.close();
});

test('a corrected time that would lie in the future is not believed', () => {
  const ledger = openLedger(folder, 'N0CALL');
  const stamp = { boot: 'this', utcMinusMonotonicMs: 0 };
  ledger.append([sampleFrame({ time: '1970-01-01T00:01:00.000Z', clock: 'unsynchronised', stamp })]);
  const nowMs = Date.UTC(2026, 5, 1);
  ledger.restamp({ ...stamp, utcMinusMonotonicMs: nowMs + 3_600_000 }, 'chrony', nowMs);
  expect(ledger.frames({ since: 0, limit: 1 })[0]).toMatchObject({
    time: '1970-01-01T00:01:00.000Z',
    clock: 'unsynchronised',
  });
  expect(ledger.isSince('this', 1)).toBe(false);
  ledger.close();
});

test('the oldest frames are dropped, never the newest, and numbers go on', () => {
  const ledger = openLedger(folder, 'N0CALL');
  ledger.append(Array.from({ length: 5 }, () => sampleFrame()));
  ledger.addCopy(1, copyOf('b'));
  expect(ledger.drop(3, 2)).toBe(2);
  expect(ledger.drop(3, 2)).toBe(1);
  expect(ledger.drop(99, 99)).toBe(1);
  expect(ledger.frames({ since: 0, limit: 10 }).map(({ seq }) => seq)).toEqual([5]);
  expect(ledger.append([sampleFrame()])[0]!.seq).toBe(6);
  expect(ledger.frames({ since: 0, limit: 10 }).map(({ copies }) => copies)).toEqual([[], []]);
  ledger.close();
});

/** A ledger as it was written with version 1 of the schema. */
function makeOldLedger(): void {
  const database = new DatabaseSync(ledgerPath(folder));
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE frames (
      seq         INTEGER PRIMARY KEY CHECK (seq > 0),
      id          TEXT NOT NULL UNIQUE,
      time        TEXT,
      sample      REAL NOT NULL,
      satellite   TEXT COLLATE NOCASE,
      transmitter TEXT,
      mode        TEXT NOT NULL,
      frame       BLOB NOT NULL,
      integrity   TEXT NOT NULL,
      snr_db      REAL,
      offset_hz   REAL,
      simulated   INTEGER NOT NULL CHECK (simulated IN (0, 1))
    ) STRICT;
    CREATE INDEX frames_by_satellite ON frames (satellite, seq);
    CREATE INDEX frames_by_time ON frames (time);
    INSERT INTO meta VALUES ('ledger_id', 'old');
    INSERT INTO frames VALUES (1, '${'0'.repeat(32)}', NULL, 7, 'GOMX-3', NULL, 'fsk:9600:ax25', x'c0ffee', '{}', 9.5, -3, 0);
    PRAGMA application_id = ${0x646c6b64};
    PRAGMA user_version = 1;
  `);
  database.close();
}

test('a ledger of the old schema keeps its frames, and takes new ones', () => {
  makeOldLedger();
  const old = {
    seq: 1,
    id: '0'.repeat(32),
    time: null,
    sample: 7,
    satellite: 'GOMX-3',
    transmitter: null,
    mode: 'fsk:9600:ax25',
    frame: 'c0ffee',
    integrity: {},
    snr_db: 9.5,
    offset_hz: -3,
    modulation_index: null,
    clock_ppm: null,
    sync_quality: null,
    norad: null,
    sdr: null,
    pass: null,
    clock: 'unknown',
    clock_source: null,
    simulated: false,
    copies: [],
  };
  const reader = openLedgerForReading(folder);
  expect(reader.frames({ since: 0, limit: 10 })).toEqual([old]);

  const ledger = openLedger(folder, 'N0CALL');
  expect(ledger.ledgerId).toBe('old');
  const [added] = ledger.append([sampleFrame()]);
  expect(added).toMatchObject({ seq: 2, modulation_index: 0.512, clock_ppm: -3.4, sync_quality: 0.97 });
  expect(ledger.frames({ since: 0, limit: 10 })).toEqual([old, added]);
  expect(reader.frames({ since: 0, limit: 10 })).toHaveLength(2);
  reader.close();
  ledger.close();

  const again = openLedger(folder, 'N0CALL');
  expect(again.frames({ since: 0, limit: 10 })).toEqual([old, added]);
  expect(Object.keys(again.frames({ since: 1, limit: 1 })[0]!)).toEqual(Object.keys(old));
  again.addCopy(2, copyOf('second'));
  expect(again.frames({ since: 1, limit: 1 })[0]!.copies).toEqual([copyOf('second')]);
  again.close();
});

test('since, limit, satellite and time select', () => {
  const ledger = openLedger(folder, '');
  ledger.append([
    sampleFrame({ satellite: 'GOMX-3', time: '2026-01-31T12:00:00.000Z' }),
    sampleFrame({ satellite: 'Al-Farabi-2', time: '2026-01-31T12:00:01.000Z' }),
    sampleFrame({ satellite: 'GOMX-3', time: null }),
    sampleFrame({ satellite: 'GOMX-3', time: '2026-01-31T12:00:02.000Z', simulated: true }),
  ]);
  const seqs = (query: object) => ledger.frames({ since: 0, limit: 100, ...query }).map(({ seq }) => seq);
  expect(seqs({})).toEqual([1, 2, 3, 4]);
  expect(seqs({ since: 2 })).toEqual([3, 4]);
  expect(seqs({ limit: 2 })).toEqual([1, 2]);
  expect(seqs({ satellite: 'gomx-3' })).toEqual([1, 3, 4]);
  expect(seqs({ satellite: ['gomx-3', 'AL-FARABI-2'], upTo: 3 })).toEqual([1, 2, 3]);
  expect(seqs({ satellite: ['al-farabi-2', 'AO-73'] })).toEqual([2]);
  expect(seqs({ simulated: true })).toEqual([4]);
  expect(seqs({ simulated: false, since: 1 })).toEqual([2, 3]);
  expect(seqs({ fromTime: '2026-01-31T12:00:01.000Z' })).toEqual([2, 4]);
  expect(seqs({ satellite: 'GOMX-3', fromTime: '2026-01-31T12:00:01.000Z', since: 1 })).toEqual([4]);
  ledger.close();
});

test('an insert that is rolled back leaves no gap', () => {
  const ledger = openLedger(folder, '');
  ledger.append([sampleFrame()]);
  const broken = sampleFrame({ mode: null as unknown as string });
  expect(codeOf(() => ledger.append([sampleFrame(), broken]))).toBe('LEDGER_WRITE_FAILED');
  expect(ledger.lastSeq()).toBe(1);
  expect(ledger.append([sampleFrame()])[0]).toMatchObject({ seq: 2 });
  ledger.close();
});

test('a reader sees the frames while the writer is at work', () => {
  const ledger = openLedger(folder, '');
  const reader = openLedgerForReading(folder);
  expect(reader.frames({ since: 0, limit: 10 })).toEqual([]);
  ledger.append([sampleFrame()]);
  expect(reader.frames({ since: 0, limit: 10 })).toHaveLength(1);
  expect(reader.ledgerId).toBe(ledger.ledgerId);
  reader.close();
  ledger.close();
});

test('frames are synced to disk before append returns', () => {
  const ledger = openLedger(folder, '');
  ledger.close();
  const database = new DatabaseSync(ledgerPath(folder));
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  database.close();
});

test('a missing, damaged, foreign or newer ledger is one clear error', () => {
  expect(codeOf(() => openLedgerForReading(folder))).toBe('LEDGER_MISSING');
  writeFileSync(ledgerPath(folder), 'not a database, '.repeat(1000));
  expect(codeOf(() => openLedger(folder, ''))).toBe('LEDGER_CORRUPT');
  expect(codeOf(() => openLedgerForReading(folder))).toBe('LEDGER_CORRUPT');
  rmSync(ledgerPath(folder));

  const foreign = new DatabaseSync(ledgerPath(folder));
  foreign.exec('CREATE TABLE recipes (title TEXT)');
  foreign.close();
  expect(codeOf(() => openLedger(folder, ''))).toBe('LEDGER_CORRUPT');
  rmSync(ledgerPath(folder));

  openLedger(folder, '').close();
  const newer = new DatabaseSync(ledgerPath(folder));
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  expect(codeOf(() => openLedger(folder, ''))).toBe('LEDGER_NEWER');
});

test('one daemon at a time, and a data folder that cannot be made is said so', () => {
  const deep = join(folder, 'a', 'b');
  const lock = lockDataFolder(deep);
  expect(codeOf(() => lockDataFolder(deep))).toBe('DATA_FOLDER_IN_USE');
  lock.release();
  lockDataFolder(deep).release();
  writeFileSync(join(folder, 'file'), '');
  expect(codeOf(() => lockDataFolder(join(folder, 'file', 'data')))).toBe('DATA_FOLDER_UNWRITABLE');
  expect(codeOf(() => lockDataFolder('/proc/downlinkd'))).toBe('DATA_FOLDER_UNWRITABLE');
});
