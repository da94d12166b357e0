import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Project {
  /** Folder that holds package.json, web/ and config/, in a checkout and in the published package alike. */
  readonly folder: string;
  readonly version: string;
}

/** Finds the package this file belongs to: from daemon/core in a checkout, from dist/daemon/core when published. */
export function findProject(): Project {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) {
      const text = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown };
      if (text.name === 'downlinkd' && typeof text.version === 'string') return { folder, version: text.version };
    }
    if (folder === dirname(folder)) throw new Error('package.json of downlinkd not found');
  }
}
