import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StationError } from './core/error.ts';
import { lockDataFolder, lockFile } from './store/folder-lock.ts';

export interface PlayedFolder {
  readonly folder: string;
  /** What was copied from the station's data folder. */
  readonly copied: readonly string[];
}

/** What a played day needs of the station: elements, calibrations, own satellites. */
const needed = ['elements.json', 'calibrations.json', join('config', 'satellites')];

/**
 * The data folder of a day that is played: `played` in that of the station, empty but for copies of what is needed, so that nothing of
 * such a day comes between the station's own frames and passes.
 * @throws StationError DATA_FOLDER_IN_USE while another day is played there, DATA_FOLDER_UNWRITABLE
 */
export function makePlayedFolder(dataFolder: string): PlayedFolder {
  const folder = join(dataFolder, 'played');
  const lock = lockDataFolder(folder);
  try {
    for (const name of readdirSync(folder))
      if (name !== lockFile) rmSync(join(folder, name), { recursive: true, force: true });
    const copied = needed.filter((name) => existsSync(join(dataFolder, name)));
    for (const name of copied) cpSync(join(dataFolder, name), join(folder, name), { recursive: true });
    return { folder, copied };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StationError('DATA_FOLDER_UNWRITABLE', `${folder} can't be made anew: ${why}`, { cause });
  } finally {
    lock.release();
  }
}
