import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../core/atomic-file.ts';
import { readPassKey } from '../tracking/pass-key.ts';

/** Pictures of the signals of passes, one a pass: `waterfalls/KEY.png` of the data folder. */
export interface WaterfallStore {
  has(key: string): boolean;
  /** Null when there is none. */
  read(key: string): Promise<Uint8Array | null>;
  /** Of the parts of a pass the longest is kept; the oldest pictures of all make room. Rejects when the disk fails. */
  keep(key: string, png: Uint8Array): Promise<void>;
}

const mostKept = 1000;
const ending = '.png';
/** The height of a PNG is told here, in four bytes. */
const heightAt = 20;

export function openWaterfallStore(dataFolder: string, most: number = mostKept): WaterfallStore {
  const folder = join(dataFolder, 'waterfalls');
  /** The oldest first. */
  const keys = new Set(keysIn(folder));
  const pathOf = (key: string) => join(folder, key + ending);
  let writing: Promise<void> = Promise.resolve();

  async function read(key: string): Promise<Uint8Array | null> {
    if (!keys.has(key)) return null;
    return readFile(pathOf(key)).catch(() => null);
  }

  async function put(key: string, png: Uint8Array): Promise<void> {
    const before = await read(key);
    if (before !== null && heightOf(before) >= heightOf(png)) return;
    mkdirSync(folder, { recursive: true });
    await replaceFile(pathOf(key), png);
    keys.delete(key);
    keys.add(key);
    for (const oldest of keys) {
      if (keys.size <= most) break;
      keys.delete(oldest);
      await rm(pathOf(oldest), { force: true });
    }
  }

  return {
    has: (key) => keys.has(key),
    read,
    keep(key, png) {
      readPassKey(key);
      const done = writing.then(() => put(key, png));
      writing = done.catch(() => {});
      return done;
    },
  };
}

function keysIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(ending) && isKey(name.slice(0, -ending.length)))
    .map((name) => ({ key: name.slice(0, -ending.length), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key);
}

function isKey(text: string): boolean {
  try {
    readPassKey(text);
    return true;
  } catch {
    return false;
  }
}

function heightOf(png: Uint8Array): number {
  return png.length < heightAt + 4 ? 0 : new DataView(png.buffer, png.byteOffset).getUint32(heightAt);
}
