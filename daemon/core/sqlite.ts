import type { DatabaseSync } from 'node:sqlite';

/** Another process may be in the middle of a checkpoint. */
export const busyTimeoutMs = 5000;

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

/** What is committed is on the disk, also when the power fails; readers go on meanwhile. */
export function writeDurably(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
}

/** All that `action` writes, or nothing of it. @throws what `action` or SQLite threw */
export function inTransaction<T>(database: DatabaseSync, action: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Whether an error of SQLite says that the file is damaged, or no database. */
export function isDamage(error: unknown): boolean {
  const primary = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  return primary === sqliteCorrupt || primary === sqliteNotADatabase;
}
