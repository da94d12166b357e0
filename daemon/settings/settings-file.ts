import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { replaceFile } from '../core/atomic-file.ts';
import { systemCode } from '../core/error.ts';
import { makeFolder } from '../core/make-folder.ts';
import { baseFolder, exampleName } from './settings.ts';

export interface FileText {
  readonly text: string;
  /** Names this text: who saves says which one was changed. */
  readonly hash: string;
}

/** Not written: the file is another one than what was changed. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
}

/** @throws the error of the system */
export function readSettingsText(file: string): FileText {
  const text = readFileSync(file, 'utf8');
  return { text, hash: createHash('sha256').update(text).digest('hex') };
}

/** Where changed settings go: the file itself; the example of the project stays, and `config/station.yaml` is made. */
export function savedTo(file: string): string {
  return basename(file) === exampleName ? join(baseFolder(file), 'config', 'station.yaml') : file;
}

/** Why a file can't be written; null when it can. A file is replaced as a whole: its folder has to be writable. */
export function whyNotWritable(named: string): string | null {
  const file = behindLinks(named);
  let folder = dirname(file);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
    return null;
  } catch (error) {
    return `${file} can't be written (${systemCode(error)}): change its owner or that of its folder`;
  }
}

/**
 * Replaces the settings, with the ones before beside them as `.bak`.
 * @param hash of the text that was changed
 * @returns what takes the change back: what was written is kept as `.refused` then
 * @throws FileChanged; the error of the system, and nothing has changed
 */
export async function writeSettings(named: string, hash: string, text: string): Promise<() => Promise<void>> {
  const target = savedTo(named);
  const before = readSettingsText(named);
  if (before.hash !== hash) throw new FileChanged(`${named} was changed meanwhile: look at it again`);
  const refused = `${target}.refused`;
  if (target !== named) {
    if (existsSync(target)) throw new FileChanged(`${target} is there meanwhile: start the station anew to use it`);
    makeFolder(dirname(target));
    await replaceFile(target, text);
    return () => rename(target, refused);
  }
  const file = behindLinks(named);
  // Who may not read the secrets in one may not read them in the others.
  const mode = statSync(file).mode & 0o777;
  await replaceFile(`${file}.bak`, before.text, mode);
  await replaceFile(file, text, mode);
  return async () => {
    await rm(refused, { force: true });
    await rename(file, refused);
    await replaceFile(file, before.text, mode);
  };
}

/** A link stays one: what it leads to is replaced. */
function behindLinks(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}
