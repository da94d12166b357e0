import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../core/atomic-file.ts';
import { systemCode } from '../core/error.ts';

/** The file that samples go to. */
export interface DataFile {
  /** Returns how many bytes were written; fewer than there are is no error. */
  write(bytes: Uint8Array): Promise<number>;
  truncate(bytes: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk, as the recorder sees it. */
export interface RecordingFiles {
  /** Makes the folder, and in it a new, empty data file; null when a recording of that name is there. */
  create(folder: string, name: string): Promise<DataFile | null>;
  /** Replaces the metadata, whole or not at all. */
  writeMeta(path: string, text: string): Promise<void>;
  /** Both files, as far as they are there. */
  remove(folder: string, name: string): Promise<void>;
}

export const dataPath = (folder: string, name: string): string => join(folder, `${name}.sigmf-data`);
export const metaPath = (folder: string, name: string): string => join(folder, `${name}.sigmf-meta`);

export const systemFiles: RecordingFiles = {
  async create(folder, name) {
    await makeFolder(folder);
    const hasMeta = await stat(metaPath(folder, name)).then(
      () => true,
      () => false,
    );
    if (hasMeta) return null;
    try {
      const handle = await open(dataPath(folder, name), 'wx');
      return {
        write: async (bytes) => (await handle.write(bytes)).bytesWritten,
        truncate: (bytes) => handle.truncate(bytes),
        sync: () => handle.sync(),
        close: () => handle.close(),
      };
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return null;
      throw error;
    }
  },
  writeMeta: replaceFile,
  async remove(folder, name) {
    // The data first: metadata without data are not taken for a recording.
    await rm(dataPath(folder, name), { force: true });
    await rm(metaPath(folder, name), { force: true });
  },
};

/** In the data folder, which is there: nothing above it is made. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
