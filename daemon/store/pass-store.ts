import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StationError } from '../core/error.ts';
import { busyTimeoutMs, isDamage, writeDurably } from '../core/sqlite.ts';
import { type Choice, type PassChoice, readPassKey } from '../tracking/pass-key.ts';
import { type PassRecord, thinned } from './pass-record.ts';
import { checkPasses, createPasses } from './pass-schema.ts';

export interface PassQuery {
  /** Passes that rose at this time or later, ms since 1970. */
  readonly sinceMs?: number | undefined;
  /** Passes that rose before this time. */
  readonly untilMs?: number | undefined;
  /** Passes that set at this time or later. */
  readonly endedSinceMs?: number | undefined;
  readonly norad?: number | undefined;
  readonly limit: number;
}

/** Every operation @throws StationError PASSES_CORRUPT when the file is damaged. */
export interface PassStore {
  /** Keeps a pass, in the place of one with its id; on disk when it returns. @throws StationError PASSES_WRITE_FAILED */
  upsert(pass: PassRecord): void;
  /** Keeps what is known of a part that goes on: `list` gives it from the next opening on, unless `upsert` told its end. @throws as `upsert` */
  upsertUnderWay(pass: PassRecord): void;
  get(id: string): PassRecord | null;
  /** The newest first. */
  list(query: PassQuery): PassRecord[];
  /** What the user wants of a pass to come; null forgets it. @throws RangeError for a key that is none, StationError PASSES_WRITE_FAILED */
  setChoice(key: string, choice: Choice | null): void;
  /** In order of their rise. */
  choices(): PassChoice[];
  /** Forgets choices for passes that rose before. @throws StationError PASSES_WRITE_FAILED */
  forgetChoices(beforeMs: number): void;
  close(): void;
}

interface Row {
  id: string;
  norad: number;
  satellite: string;
  aos_ms: number;
  los_ms: number;
  state: string;
  frames: number;
  simulated: number;
  details: string;
}

const columns = [
  'id',
  'norad',
  'satellite',
  'aos_ms',
  'los_ms',
  'state',
  'frames',
  'simulated',
  'details',
] as const satisfies readonly (keyof Row)[];

const always = Number.NEGATIVE_INFINITY;

export const passesPath = (dataFolder: string): string => join(dataFolder, 'passes.sqlite');

/**
 * Opens the passes of a data folder, made if need be. One process writes at a time: see folder-lock.ts.
 * @throws StationError PASSES_CORRUPT, PASSES_NEWER, DATA_FOLDER_UNWRITABLE
 */
export function openPassStore(dataFolder: string): PassStore {
  const path = passesPath(dataFolder);
  const database = connect(path);
  const insert = database.prepare(`INSERT OR REPLACE INTO passes (${columns}) VALUES (${columns.map(() => '?')})`);
  const one = database.prepare(`SELECT ${columns} FROM passes WHERE id = ?`);
  const inTime = 'aos_ms >= ? AND aos_ms < ? AND los_ms >= ?';
  const newest = 'ORDER BY aos_ms DESC, id LIMIT ?';
  const all = database.prepare(`SELECT ${columns} FROM passes WHERE ${inTime} ${newest}`);
  const ofSatellite = database.prepare(`SELECT ${columns} FROM passes WHERE norad = ? AND ${inTime} ${newest}`);
  const choose = database.prepare('INSERT OR REPLACE INTO choices (key, norad, aos_ms, choice) VALUES (?, ?, ?, ?)');
  const unchoose = database.prepare('DELETE FROM choices WHERE key = ?');
  const forget = database.prepare('DELETE FROM choices WHERE aos_ms < ?');
  const chosen = database.prepare('SELECT key, norad, aos_ms AS aosMs, choice FROM choices ORDER BY aos_ms, key');

  /** SQLite's errors as ours; what isn't damage is `otherwise`. */
  function attempt<T>(action: () => T, otherwise: 'PASSES_WRITE_FAILED' | 'PASSES_CORRUPT'): T {
    try {
      return action();
    } catch (cause) {
      if (cause instanceof RangeError) throw cause;
      const why = (cause as Error).message;
      if (isDamage(cause) || otherwise === 'PASSES_CORRUPT') throw damaged(path, why, cause);
      throw new StationError(otherwise, `passes cannot be written to ${path}: ${why}`, { cause });
    }
  }
  const read = <T>(action: () => T): T => attempt(action, 'PASSES_CORRUPT');
  const write = (action: () => unknown): void => void attempt(action, 'PASSES_WRITE_FAILED');

  const underWay = new Set<string>();
  const put = (pass: PassRecord): void =>
    write(() => {
      const row = rowOf(pass);
      insert.run(...columns.map((column) => row[column]));
    });

  return {
    upsert(pass) {
      put(pass);
      underWay.delete(pass.id);
    },
    upsertUnderWay(pass) {
      underWay.add(pass.id);
      put(pass);
    },
    get: (id) =>
      read(() => {
        const row = one.get(id) as unknown as Row | undefined;
        return row === undefined ? null : passOf(row);
      }),
    list: ({ sinceMs = always, untilMs = Number.POSITIVE_INFINITY, endedSinceMs = always, norad, limit }) =>
      read(() => {
        const times = [sinceMs, untilMs, endedSinceMs, limit + underWay.size];
        const rows = (norad === undefined ? all.all(...times) : ofSatellite.all(norad, ...times)) as unknown as Row[];
        return rows
          .filter(({ id }) => !underWay.has(id))
          .slice(0, limit)
          .map(passOf);
      }),
    setChoice(key, choice) {
      const { norad, aosMs } = readPassKey(key);
      write(() => (choice === null ? unchoose.run(key) : choose.run(key, norad, aosMs, choice)));
    },
    choices: () => read(() => (chosen.all() as unknown as PassChoice[]).map((row) => ({ ...row }))),
    forgetChoices: (beforeMs) => write(() => forget.run(beforeMs)),
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function connect(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    writeDurably(database);
    createPasses(database);
    checkPasses(database, path);
    return database;
  } catch (cause) {
    if (database?.isOpen) database.close();
    if (cause instanceof StationError) throw cause;
    const why = (cause as Error).message;
    if (isDamage(cause)) throw damaged(path, why, cause);
    throw new StationError('DATA_FOLDER_UNWRITABLE', `${path} cannot be opened: ${why}`, { cause });
  }
}

function damaged(path: string, why: string, cause: unknown): StationError {
  return new StationError('PASSES_CORRUPT', `${path} is damaged or holds no passes (${why}): move it away`, { cause });
}

function rowOf(pass: PassRecord): Row {
  const { id, norad, satellite, aosMs, losMs, state, frames, simulated, ...rest } = pass;
  const details = JSON.stringify({ ...rest, offsets: thinned(rest.offsets) });
  return { id, norad, satellite, aos_ms: aosMs, los_ms: losMs, state, frames, simulated: simulated ? 1 : 0, details };
}

function passOf(row: Row): PassRecord {
  const { id, norad, satellite, aos_ms: aosMs, los_ms: losMs, state, frames, simulated, details } = row;
  // Passes of before have no reason for a missing fit.
  const { fitReason = null, ...rest } = JSON.parse(details) as Partial<PassRecord>;
  return {
    ...rest,
    fitReason,
    id,
    norad,
    satellite,
    aosMs,
    losMs,
    state,
    frames,
    simulated: simulated === 1,
  } as PassRecord;
}
