import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Integrity } from '../../dsp/core/types.ts';
import type { FrameClock, FrameCopy, StoredFrame } from '../api/wire.ts';
import { StationError } from '../core/error.ts';
import { iso } from '../core/iso.ts';
import { busyTimeoutMs, inTransaction, isDamage, writeDurably } from '../core/sqlite.ts';
import { checkLedger, createLedger, hasCopies, migrateLedger, missingColumns } from './schema.ts';

export type UnstoredFrame = Omit<StoredFrame, 'seq' | 'id' | 'copies'> & {
  /** By what the time of a frame of an unsynchronised clock can be corrected later. */
  readonly stamp?: ClockStamp;
};

/** How a computer's clock stood to its monotonic clock, which counts from its start. */
export interface ClockStamp {
  /** Names the start of the computer. */
  readonly boot: string;
  readonly utcMinusMonotonicMs: number;
}

export interface FrameQuery {
  /** Gives seq > since. */
  readonly since: number;
  readonly limit: number;
  /** Gives seq ≤ upTo. */
  readonly upTo?: number | undefined;
  /** Exact name, or several, without regard to case. */
  readonly satellite?: string | readonly string[] | undefined;
  readonly simulated?: boolean | undefined;
  /** ISO 8601 UTC: gives frames received then or later; frames of unknown time are left out. */
  readonly fromTime?: string | undefined;
}

export interface FrameReader {
  readonly ledgerId: string;
  lastSeq(): number;
  /** In order of seq. */
  frames(query: FrameQuery): StoredFrame[];
  close(): void;
}

export interface Ledger extends FrameReader {
  /** All or nothing, on disk when it returns. @throws StationError LEDGER_WRITE_FAILED; then nothing is stored. */
  append(frames: readonly UnstoredFrame[]): StoredFrame[];
  /** Notes another reception of a stored frame. @throws StationError LEDGER_WRITE_FAILED */
  addCopy(seq: number, copy: FrameCopy): void;
  /**
   * Corrects the times of frames that were received before the clock was synchronised, since the same start of the computer:
   * the only change that frames ever see. Frames that would lie behind `nowMs` then are given up: their time stays unknown.
   * @returns how many there were. @throws StationError LEDGER_WRITE_FAILED
   */
  restamp(now: ClockStamp, clockSource: string | null, nowMs: number): number;
  /** Whether a frame was received since that start of the computer, so that its time can be corrected. */
  isSince(boot: string, seq: number): boolean;
  /**
   * Drops frames up to `seq`, the oldest first, at most `limit` of them; the newest stays in any case, which keeps the
   * numbers going. @returns how many went
   */
  drop(seq: number, limit: number): number;
  /** Bytes that the frames take on disk, without what is free for new ones. */
  size(): number;
}

interface Row {
  seq: number;
  id: string;
  time: string | null;
  sample: number;
  satellite: string | null;
  transmitter: string | null;
  mode: string;
  frame: Uint8Array;
  integrity: string;
  snr_db: number | null;
  offset_hz: number | null;
  modulation_index: number | null;
  clock_ppm: number | null;
  sync_quality: number | null;
  norad: number | null;
  sdr: string | null;
  pass: string | null;
  clock: FrameClock | null;
  clock_source: string | null;
  simulated: number;
}

/** In the order of the fields of a frame. */
const columns = [
  'seq',
  'id',
  'time',
  'sample',
  'satellite',
  'transmitter',
  'mode',
  'frame',
  'integrity',
  'snr_db',
  'offset_hz',
  'modulation_index',
  'clock_ppm',
  'sync_quality',
  'norad',
  'sdr',
  'pass',
  'clock',
  'clock_source',
  'simulated',
] as const satisfies readonly (keyof Row)[];

/** A frame can end a moment before its first bit is told. */
const futureMs = 5000;

export const ledgerPath = (dataFolder: string): string => join(dataFolder, 'ledger.sqlite');

/**
 * Opens the ledger of a data folder for writing, made if need be. One process at a time: see folder-lock.ts.
 * @param station what the frames' ids are bound to besides ledger, number and bytes: the callsign or name
 * @param newId what a ledger that is made is called
 * @throws StationError LEDGER_CORRUPT, LEDGER_NEWER, DATA_FOLDER_UNWRITABLE
 */
export function openLedger(dataFolder: string, station: string, newId: string = randomUUID()): Ledger {
  const path = ledgerPath(dataFolder);
  const database = connect(path, { newId });
  const written = [...columns, 'boot', 'utc_minus_monotonic_ms'];
  const insert = database.prepare(`INSERT INTO frames (${written}) VALUES (${written.map(() => '?')})`);
  const insertCopy = database.prepare(
    'INSERT INTO copies (seq, sdr, transmitter, mode, time, snr_db, offset_hz) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const unsynchronised = database.prepare(
    `SELECT seq, time, utc_minus_monotonic_ms AS offset FROM frames WHERE clock = 'unsynchronised' AND boot = ?`,
  );
  const correct = database.prepare(
    `UPDATE frames SET time = ?, clock = 'restamped', clock_source = ?, utc_minus_monotonic_ms = ? WHERE seq = ?`,
  );
  const giveUp = database.prepare('UPDATE frames SET boot = NULL WHERE seq = ?');
  const bootOf = database.prepare('SELECT boot FROM frames WHERE seq = ?');
  const oldest = database.prepare(
    'SELECT seq FROM frames WHERE seq <= ? AND seq < (SELECT max(seq) FROM frames) ORDER BY seq LIMIT ?',
  );
  const dropUpTo = database.prepare('DELETE FROM frames WHERE seq <= ?');
  const dropCopies = database.prepare('DELETE FROM copies WHERE seq <= ?');
  const reader = makeReader(database);

  function transaction<T>(action: () => T): T {
    try {
      return inTransaction(database, action);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new StationError('LEDGER_WRITE_FAILED', `frames cannot be written to ${path}: ${why}`, { cause });
    }
  }

  return {
    ...reader,
    append: (frames) =>
      transaction(() => {
        // Asked for inside the transaction: whatever was rolled back before leaves no hole.
        let seq = reader.lastSeq();
        return frames.map(({ stamp, ...frame }) => {
          seq += 1;
          const bytes = Buffer.from(frame.frame, 'hex');
          const id = frameId(station, reader.ledgerId, seq, bytes);
          const row = rowOf(frame, seq, id, bytes);
          const values = columns.map((column) => row[column]);
          insert.run(...values, stamp?.boot ?? null, stamp?.utcMinusMonotonicMs ?? null);
          return { seq, id, ...frame, copies: [] };
        });
      }),
    addCopy: (seq, { sdr, transmitter, mode, time, snr_db, offset_hz }) =>
      transaction(() => void insertCopy.run(seq, sdr, transmitter, mode, time, snr_db, offset_hz)),
    restamp: ({ boot, utcMinusMonotonicMs }, clockSource, nowMs) =>
      transaction(() => {
        const held = unsynchronised.all(boot) as unknown as { seq: number; time: string | null; offset: number }[];
        for (const { seq, time, offset } of held) {
          const corrected = time === null ? null : Date.parse(time) + utcMinusMonotonicMs - offset;
          // Then the monotonic clock is not what it should be either: no time is better than one that can't be.
          if (corrected !== null && corrected > nowMs + futureMs) giveUp.run(seq);
          else correct.run(corrected === null ? null : iso(corrected), clockSource, utcMinusMonotonicMs, seq);
        }
        return held.length;
      }),
    isSince: (boot, seq) => (bootOf.get(seq) as { boot: string | null } | undefined)?.boot === boot,
    drop: (upTo, limit) =>
      transaction(() => {
        const rows = oldest.all(upTo, limit) as unknown as { seq: number }[];
        const last = rows.at(-1);
        if (last === undefined) return 0;
        dropUpTo.run(last.seq);
        dropCopies.run(last.seq);
        return rows.length;
      }),
    size() {
      const value = (name: string) =>
        Number(Object.values(database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0]);
      return (value('page_count') - value('freelist_count')) * value('page_size');
    },
  };
}

/**
 * Opens the ledger for reading only, also while a daemon writes to it.
 * @throws StationError LEDGER_MISSING, LEDGER_CORRUPT, LEDGER_NEWER
 */
export function openLedgerForReading(dataFolder: string): FrameReader {
  const path = ledgerPath(dataFolder);
  if (!existsSync(path)) throw new StationError('LEDGER_MISSING', `no frames yet: ${path} does not exist`);
  return makeReader(connect(path, { newId: null }));
}

/** @param newId null: for reading only */
function connect(path: string, { newId }: { newId: string | null }): DatabaseSync {
  const readOnly = newId === null;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
    if (!readOnly) {
      writeDurably(database);
      createLedger(database, newId);
    }
    checkLedger(database, path);
    if (!readOnly) migrateLedger(database);
    return database;
  } catch (cause) {
    if (database?.isOpen) database.close();
    if (cause instanceof StationError) throw cause;
    throw coded(path, cause);
  }
}

function coded(path: string, cause: unknown): StationError {
  const { message } = cause as { message?: string };
  return isDamage(cause)
    ? new StationError('LEDGER_CORRUPT', `${path} is damaged or not a ledger (${message}): move it away`, { cause })
    : new StationError('DATA_FOLDER_UNWRITABLE', `${path} cannot be opened: ${message}`, { cause });
}

function makeReader(database: DatabaseSync): FrameReader {
  const { value: ledgerId } = database.prepare("SELECT value FROM meta WHERE key = 'ledger_id'").get() as {
    value: string;
  };
  const last = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM frames');
  const missing = missingColumns(database);
  const selected = columns.map((column) => (missing.includes(column) ? `NULL AS ${column}` : column));
  const statements = new Map<string, StatementSync>();
  function select(conditions: readonly string[]): StatementSync {
    const where = ['seq > ?', ...conditions].join(' AND ');
    let statement = statements.get(where);
    if (statement === undefined) {
      statement = database.prepare(`SELECT ${selected} FROM frames WHERE ${where} ORDER BY seq LIMIT ?`);
      statements.set(where, statement);
    }
    return statement;
  }

  const copiesOf = hasCopies(database)
    ? database.prepare(
        'SELECT seq, sdr, transmitter, mode, time, snr_db, offset_hz FROM copies WHERE seq BETWEEN ? AND ? ORDER BY rowid',
      )
    : null;

  /** The copies of the frames from one number to another. */
  function copiesBetween(first: number, last: number): Map<number, FrameCopy[]> {
    const rows = (copiesOf?.all(first, last) ?? []) as unknown as (FrameCopy & { seq: number })[];
    const bySeq = new Map<number, FrameCopy[]>();
    for (const { seq, ...copy } of rows) bySeq.set(seq, [...(bySeq.get(seq) ?? []), copy]);
    return bySeq;
  }

  return {
    ledgerId,
    lastSeq: () => (last.get() as { seq: number }).seq,
    frames({ since, limit, upTo, satellite, simulated, fromTime }) {
      const conditions: [sql: string, value: string | number][] = [];
      if (upTo !== undefined) conditions.push(['seq <= ?', upTo]);
      if (typeof satellite === 'string') conditions.push(['satellite = ? COLLATE NOCASE', satellite]);
      else if (satellite !== undefined)
        conditions.push(['satellite COLLATE NOCASE IN (SELECT value FROM json_each(?))', JSON.stringify(satellite)]);
      if (simulated !== undefined) conditions.push(['simulated = ?', simulated ? 1 : 0]);
      if (fromTime !== undefined) conditions.push(['time >= ?', fromTime]);
      const statement = select(conditions.map(([sql]) => sql));
      const values = conditions.map(([, value]) => value);
      const rows = statement.all(since, ...values, limit) as unknown as Row[];
      if (rows.length === 0) return [];
      const copies = copiesBetween(rows[0]!.seq, rows.at(-1)!.seq);
      return rows.map((row) => frameOf(row, copies.get(row.seq) ?? []));
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function frameId(station: string, ledgerId: string, seq: number, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(`${station}\n${ledgerId}\n${seq}\n`).update(bytes);
  return hash.digest('hex').slice(0, 32);
}

function rowOf(frame: Omit<UnstoredFrame, 'stamp'>, seq: number, id: string, bytes: Uint8Array): Row {
  const integrity = JSON.stringify(frame.integrity);
  return { ...frame, seq, id, frame: bytes, integrity, simulated: frame.simulated ? 1 : 0 };
}

function frameOf(row: Row, copies: readonly FrameCopy[]): StoredFrame {
  return {
    ...row,
    frame: Buffer.from(row.frame.buffer, row.frame.byteOffset, row.frame.byteLength).toString('hex'),
    integrity: JSON.parse(row.integrity) as Integrity,
    clock: row.clock ?? 'unknown',
    simulated: row.simulated === 1,
    copies,
  };
}
