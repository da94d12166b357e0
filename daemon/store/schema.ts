import type { DatabaseSync } from 'node:sqlite';
import { StationError } from '../core/error.ts';

/** Raised with every change of the tables; an older ledger is migrated, a newer one is refused. */
export const schemaVersion = 3;

/** Marks the file as ours ('dlkd'): `file` and we ourselves can tell it from any other SQLite database. */
const applicationId = 0x646c6b64;

// seq is given by the writer, not by AUTOINCREMENT, which would leave a hole after a rollback.
const tables = `
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
    simulated   INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    modulation_index REAL,
    clock_ppm        REAL,
    sync_quality     REAL,
    norad        INTEGER,
    sdr          TEXT,
    pass         TEXT,
    clock        TEXT,
    clock_source TEXT,
    boot         TEXT,
    utc_minus_monotonic_ms REAL
  ) STRICT;
  CREATE INDEX frames_by_satellite ON frames (satellite, seq);
  CREATE INDEX frames_by_time ON frames (time);
`;

/** Tables and indexes that came with version 3. */
const copyTables = `
  CREATE TABLE copies (
    seq         INTEGER NOT NULL,
    sdr         TEXT,
    transmitter TEXT,
    mode        TEXT NOT NULL,
    time        TEXT,
    snr_db      REAL,
    offset_hz   REAL
  ) STRICT;
  CREATE INDEX copies_by_frame ON copies (seq);
  CREATE INDEX frames_unsynchronised ON frames (boot) WHERE clock = 'unsynchronised';
`;

/** Columns that came with a version; null in the frames of before. */
const addedColumns = [
  { name: 'modulation_index', type: 'REAL', since: 2 },
  { name: 'clock_ppm', type: 'REAL', since: 2 },
  { name: 'sync_quality', type: 'REAL', since: 2 },
  { name: 'norad', type: 'INTEGER', since: 3 },
  { name: 'sdr', type: 'TEXT', since: 3 },
  { name: 'pass', type: 'TEXT', since: 3 },
  { name: 'clock', type: 'TEXT', since: 3 },
  { name: 'clock_source', type: 'TEXT', since: 3 },
  { name: 'boot', type: 'TEXT', since: 3 },
  { name: 'utc_minus_monotonic_ms', type: 'REAL', since: 3 },
];

const pragma = (database: DatabaseSync, name: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0]);

/** Makes the tables of an empty database, in one transaction; leaves any other database alone. */
export function createLedger(database: DatabaseSync, ledgerId: string): void {
  const { count } = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number };
  if (count > 0) return;
  database.exec('BEGIN IMMEDIATE');
  database.exec(tables);
  database.exec(copyTables);
  database.prepare("INSERT INTO meta VALUES ('ledger_id', ?)").run(ledgerId);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
}

/** Brings an older ledger that was checked to this version, in one transaction; its frames stay. */
export function migrateLedger(database: DatabaseSync): void {
  if (pragma(database, 'user_version') === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  const missing = missingColumns(database);
  for (const { name, type } of addedColumns)
    if (missing.includes(name)) database.exec(`ALTER TABLE frames ADD COLUMN ${name} ${type}`);
  if (pragma(database, 'user_version') < 3) database.exec(copyTables);
  database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);
}

/** Whether a ledger, that may be an older one which is only read, has the table of copies. */
export function hasCopies(database: DatabaseSync): boolean {
  return pragma(database, 'user_version') >= 3;
}

/** Columns that an older ledger lacks, which is only read. */
export function missingColumns(database: DatabaseSync): string[] {
  const version = pragma(database, 'user_version');
  return addedColumns.filter(({ since }) => since > version).map(({ name }) => name);
}

/** @throws StationError LEDGER_NEWER, LEDGER_CORRUPT */
export function checkLedger(database: DatabaseSync, path: string): void {
  if (pragma(database, 'application_id') !== applicationId) {
    throw new StationError('LEDGER_CORRUPT', `${path} is damaged or not a ledger: move it away`);
  }
  const version = pragma(database, 'user_version');
  if (version > schemaVersion) {
    throw new StationError(
      'LEDGER_NEWER',
      `${path} was written by a newer downlinkd (schema ${version}, this one knows ${schemaVersion}): upgrade downlinkd`,
    );
  }
}
