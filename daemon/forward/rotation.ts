import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../core/atomic-file.ts';
import { systemCode } from '../core/error.ts';

/**
 * Moves PATH to PATH.1, what was PATH.1 to PATH.2 and so on; `keep` of them stay. Cut short by a crash it leaves a hole in
 * the numbers, which the next rotation fills.
 * @throws the error of the system
 */
export async function rotate(path: string, keep: number): Promise<void> {
  if (keep === 0) await rm(path, { force: true });
  else {
    let free = 1;
    while (free < keep && (await exists(`${path}.${free}`))) free++;
    for (let number = free; number > 1; number--) await rename(`${path}.${number - 1}`, `${path}.${number}`);
    await rename(path, `${path}.1`);
  }
  await syncFolder(dirname(path));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
