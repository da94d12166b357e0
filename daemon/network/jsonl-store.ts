import { open } from 'node:fs/promises';
import { StationError } from '../core/error.ts';
import type { ReceptionStore } from './reception-store.ts';

/**
 * One line a reception, as it came, on the disk before it counts as stored. A reception that is handed out once more is
 * written once more: its id tells.
 * @throws StationError OUTPUT_FAILED
 */
export async function jsonlStore(path: string): Promise<ReceptionStore> {
  const file = await open(path, 'a').catch((cause: Error) => {
    throw new StationError('OUTPUT_FAILED', `${path} can't be written: ${cause.message}`, { cause });
  });
  return {
    async store(frames) {
      const { size } = await file.stat();
      try {
        await file.writeFile(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''));
        await file.datasync();
      } catch (error) {
        // No half lines: what did not get whole onto a full disk goes again.
        await file.truncate(size).catch(() => {});
        throw error;
      }
      return { receptions: frames.length, transmissions: 0 };
    },
    isDataError: () => false,
    close: () => file.close(),
  };
}
