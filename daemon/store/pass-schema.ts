import type { DatabaseSync } from 'node:sqlite';
import { StationError } from '../core/error.ts';

/** Raised with every change of the tables; an older file is migrated, a newer one is refused. */
export const passSchemaVersion = 1;

/** Marks the file as ours ('dlps'). */
const applicationId = 0x646c7073;

// What is asked for has a column; the rest of a pass is in `details`, as JSON.
const tables = `
  CREATE TABLE passes (
    id        TEXT PRIMARY KEY,
    norad     INTEGER NOT NULL,
    satellite TEXT NOT NULL,
    aos_ms    REAL NOT NULL,
    los_ms    REAL NOT NULL,
    state     TEXT NOT NULL,
    frames    INTEGER NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    details   TEXT NOT NULL CHECK (json_valid(details))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passes_by_time ON passes (aos_ms);
  CREATE INDEX passes_by_satellite ON passes (norad, aos_ms);
  CREATE TABLE choices (
    key    TEXT PRIMARY KEY,
    norad  INTEGER NOT NULL,
    aos_ms REAL NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('pinned', 'skipped'))
  ) STRICT, WITHOUT ROWID;
`;

const pragma = (database: DatabaseSync, name: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0]);

/** Makes the tables of an empty database, in one transaction; leaves any other database alone. */
export function createPasses(database: DatabaseSync): void {
  const { count } = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number };
  if (count > 0) return;
  database.exec('BEGIN IMMEDIATE');
  database.exec(tables);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${passSchemaVersion}; COMMIT`);
}

/** @throws StationError PASSES_NEWER, PASSES_CORRUPT */
export function checkPasses(database: DatabaseSync, path: string): void {
  if (pragma(database, 'application_id') !== applicationId)
    throw new StationError('PASSES_CORRUPT', `${path} is damaged or holds no passes: move it away`);
  const version = pragma(database, 'user_version');
  if (version > passSchemaVersion)
    throw new StationError(
      'PASSES_NEWER',
      `${path} was written by a newer downlinkd (schema ${version}, this one knows ${passSchemaVersion}): upgrade downlinkd`,
    );
}
