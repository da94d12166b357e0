import { existsSync } from 'node:fs';
import { replaceFile } from '../core/atomic-file.ts';
import { systemCode } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { Elements } from '../tracking/elements.ts';
import {
  digest,
  elementsPath,
  elementsText,
  readState,
  type StoredState,
  setAside,
  statePath,
  writeState,
} from './elements-state.ts';

/** What is written in one go. */
export interface Snapshot extends Omit<StoredState, 'written'> {
  /** The elements that count. */
  readonly current: ReadonlyMap<number, Elements>;
}

/** The two files of the elements in a data folder; this is their only writer. */
export interface ElementsDisk {
  readonly stored: StoredState;
  /** Why the state of earlier runs could not be read; null when it could or there was none. */
  readonly damage: string | null;
  /** Whether a text of elements.json is ours. */
  wrote(text: string): boolean;
  /** Somebody else's is there now: the next write replaces it. */
  overwritten(): void;
  /** Writes what `snapshot` gives then; several calls at a time are one write. False when the state could not be written. */
  save(snapshot: () => Snapshot): Promise<boolean>;
  settled(): Promise<void>;
}

const nothing: StoredState = { sources: new Map(), pasted: [], pinned: [], written: [] };

export function elementsDisk(dataFolder: string, log: Pick<Log, 'warn'>): ElementsDisk {
  const state = statePath(dataFolder);
  const found = readState(state);
  const damage = found !== null && 'unreadable' in found ? `${state} ${found.unreadable}` : null;
  if (damage !== null) log.warn({ path: state }, `elements: ${damage}; what it had is given up`);
  const stored = found === null || 'unreadable' in found ? nothing : found;
  let written: readonly string[] = stored.written;
  let inPlace = written.at(-1) ?? null;
  let moveAside = damage !== null;
  let wanted: (() => Snapshot) | null = null;
  let good = true;
  let writing: Promise<boolean> = Promise.resolve(true);

  async function write({ current, ...rest }: Snapshot): Promise<void> {
    const text = elementsText(current.values());
    const next = digest(text);
    // Both are known before either is in place: after a crash between the two files it must not look like the user's.
    if (next !== inPlace) written = [...(inPlace === null ? [] : [inPlace]), next];
    if (moveAside) await setAside(state).catch(() => {});
    moveAside = false;
    await writeState(state, { ...rest, written });
    const path = elementsPath(dataFolder);
    const unchanged = next === inPlace && existsSync(path);
    const nothingYet = current.size === 0 && inPlace === null;
    if (unchanged || nothingYet) return;
    await replaceFile(path, text);
    inPlace = next;
  }

  return {
    stored,
    damage,
    wrote: (text) => written.includes(digest(text)),
    overwritten() {
      inPlace = null;
    },
    save(snapshot) {
      wanted = snapshot;
      writing = writing.then(async () => {
        if (wanted === null) return good;
        const make = wanted;
        wanted = null;
        try {
          await write(make());
          good = true;
        } catch (error) {
          good = false;
          log.warn({ code: systemCode(error) }, `elements: ${dataFolder} can't be written (${systemCode(error)})`);
        }
        return good;
      });
      return writing;
    },
    async settled() {
      await writing;
    },
  };
}
