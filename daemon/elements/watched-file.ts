import { readFileSync, statSync } from 'node:fs';
import { diskReason } from '../core/disk-reason.ts';
import { systemCode } from '../core/error.ts';
import { MOST_BYTES } from './fetch-elements.ts';

/** A file that is read again when it has changed, and then stayed the same for one look: so not in the middle of a write. */
export interface WatchedFile {
  readonly path: string;
  /** What is new since the last look; null when nothing is. The first look reads at once. */
  look(): { readonly text: string } | { readonly reason: string } | null;
}

export function watchFile(path: string): WatchedFile {
  let seen: string | null = null;
  let read: string | null = null;
  return {
    path,
    look() {
      const state = stateOf(path);
      const settled = state === seen || seen === null;
      seen = state;
      if (!settled || state === read) return null;
      read = state;
      if (state.startsWith('!')) return { reason: state.slice(1) };
      try {
        return { text: readFileSync(path, 'utf8') };
      } catch (error) {
        return { reason: `can't be read: ${diskReason(error)}` };
      }
    },
  };
}

/** Changes with every change of the file; begins with `!` when it can't be read. */
function stateOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return size > MOST_BYTES ? `!larger than ${MOST_BYTES / 1e6} MB` : `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? '!no such file' : `!can't be read: ${diskReason(error)}`;
  }
}
