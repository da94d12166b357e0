import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../core/atomic-file.ts';
import { makeFolder } from '../core/make-folder.ts';
import { endOfRecords, NotOurFile, type RecordFormat } from './record-format.ts';

/** A file that records are appended to. */
export interface RecordFile {
  /** Bytes in it. */
  readonly size: number;
  /**
   * Appends whole records, on the disk when it returns.
   * @throws the error of the system; then the file is as it was, as far as `whole` says
   */
  append(records: Uint8Array): Promise<void>;
  /** False: half a record may stand at its end. */
  readonly whole: boolean;
  close(): Promise<void>;
}

/**
 * Opens a file to append to, made with its folder if need be.
 * @param mend looks whether it ends in half a record, and cuts that off
 * @throws NotOurFile, or the error of the system
 */
export async function openRecordFile(path: string, format: RecordFormat, mend: boolean): Promise<RecordFile> {
  makeFolder(dirname(path));
  // Non-blocking: a pipe without a reader would hold this up for ever.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  const handle = await open(path, flags, 0o644);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new NotOurFile('it is not a regular file');
    if (stat.size === 0) await syncFolder(dirname(path));
    return recordFile(handle, mend ? await cutOff(handle, stat.size, format) : stat.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function cutOff(handle: FileHandle, size: number, format: RecordFormat): Promise<number> {
  const end = await endOfRecords(handle, size, format);
  if (end < size) {
    await handle.truncate(end);
    await handle.sync();
  }
  return end;
}

function recordFile(handle: FileHandle, sizeAtFirst: number): RecordFile {
  let size = sizeAtFirst;
  let whole = true;
  return {
    get size() {
      return size;
    },
    get whole() {
      return whole;
    },
    async append(records) {
      try {
        await handle.writeFile(records);
        await handle.sync();
        size += records.length;
      } catch (error) {
        await handle.truncate(size).catch(() => {
          whole = false;
        });
        throw error;
      }
    },
    close: () => handle.close(),
  };
}
