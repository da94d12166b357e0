import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StationError } from '../core/error.ts';
import { makeFolder } from '../core/make-folder.ts';

export interface FolderLock {
  release(): void;
}

export const lockFile = 'lock.sqlite';
const sqliteBusy = 5;

/**
 * Makes sure that one daemon alone writes to a data folder, which is created if need be. The lock is an exclusive SQLite
 * transaction on a file of its own: the operating system drops it with the process, so a crash leaves nothing behind.
 * @throws StationError DATA_FOLDER_IN_USE, DATA_FOLDER_UNWRITABLE
 */
export function lockDataFolder(folder: string): FolderLock {
  let database: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    database = new DatabaseSync(join(folder, lockFile));
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    // A read-only file can still be locked: only a write tells.
    database.exec('CREATE TABLE IF NOT EXISTS lock (held INTEGER)');
  } catch (cause) {
    if (database?.isOpen) database.close();
    if ((cause as { errcode?: number }).errcode === sqliteBusy) {
      throw new StationError('DATA_FOLDER_IN_USE', `another downlinkd is running on the data folder ${folder}`, {
        cause,
      });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StationError('DATA_FOLDER_UNWRITABLE', `data folder ${folder} cannot be written: ${why}`, { cause });
  }
  const held = database;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}
