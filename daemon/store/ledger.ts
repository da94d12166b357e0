import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Integrity } from '../../dsp/core/types.ts';
import type { DecodedFrame, StoredFrame } from '../api/wire.ts';
import { StationError } from '../core/error.ts';
import { checkLedger, createLedger, migrateLedger, missingColumns } from './schema.ts';

export type UnstoredFrame = DecodedFrame & { readonly simulated: boolean };

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
  'simulated',
] as const satisfies readonly (keyof Row)[];

/** Another process may be in the middle of a checkpoint. */
const busyTimeoutMs = 5000;

export const ledgerPath = (dataFolder: string): string => join(dataFolder, 'ledger.sqlite');

/**
 * Opens the ledger of a data folder for writing, made if need be. One process at a time: see folder-lock.ts.
 * @param station what the frames' ids are bound to besides ledger, number and bytes: the callsign or name
 * @throws StationError LEDGER_CORRUPT, LEDGER_NEWER, DATA_FOLDER_UNWRITABLE
 */
export function openLedger(dataFolder: string, station: string): Ledger {
  const path = ledgerPath(dataFolder);
  const database = connect(path, { readOnly: false });
  const insert = database.prepare(`INSERT INTO frames (${columns}) VALUES (${columns.map(() => '?')})`);
  const reader = makeReader(database);

  function append(frames: readonly UnstoredFrame[]): StoredFrame[] {
    try {
      database.exec('BEGIN IMMEDIATE');
      // Asked for inside the transaction: whatever was rolled back before leaves no hole.
      let seq = reader.lastSeq();
      const stored = frames.map((frame) => {
        seq += 1;
        const bytes = Buffer.from(frame.frame, 'hex');
        const id = frameId(station, reader.ledgerId, seq, bytes);
        const row = rowOf(frame, seq, id, bytes);
        insert.run(...columns.map((column) => row[column]));
        return { seq, id, ...frame };
      });
      database.exec('COMMIT');
      return stored;
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK');
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new StationError('LEDGER_WRITE_FAILED', `frames cannot be written to ${path}: ${why}`, { cause });
    }
  }

  return { ...reader, append };
}

/**
 * Opens the ledger for reading only, also while a daemon writes to it.
 * @throws StationError LEDGER_MISSING, LEDGER_CORRUPT, LEDGER_NEWER
 */
export function openLedgerForReading(dataFolder: string): FrameReader {
  const path = ledgerPath(dataFolder);
  if (!existsSync(path)) throw new StationError('LEDGER_MISSING', `no frames yet: ${path} does not exist`);
  return makeReader(connect(path, { readOnly: true }));
}

function connect(path: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
    if (!readOnly) {
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      createLedger(database, randomUUID());
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

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

function coded(path: string, cause: unknown): StationError {
  const { errcode, message } = cause as { errcode?: number; message?: string };
  const primary = (errcode ?? 0) & 0xff;
  return primary === sqliteCorrupt || primary === sqliteNotADatabase
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
      return (statement.all(since, ...values, limit) as unknown as Row[]).map(frameOf);
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

function rowOf(frame: UnstoredFrame, seq: number, id: string, bytes: Uint8Array): Row {
  const integrity = JSON.stringify(frame.integrity);
  return { ...frame, seq, id, frame: bytes, integrity, simulated: frame.simulated ? 1 : 0 };
}

function frameOf(row: Row): StoredFrame {
  return {
    ...row,
    frame: Buffer.from(row.frame.buffer, row.frame.byteOffset, row.frame.byteLength).toString('hex'),
    integrity: JSON.parse(row.integrity) as Integrity,
    simulated: row.simulated === 1,
  };
}
