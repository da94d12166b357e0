import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { WithheldCause } from '../api/wire.ts';
import { busyTimeoutMs, inTransaction, writeDurably } from '../core/sqlite.ts';

/** Where a collector stands, as it is kept on disk. */
export interface DeliveryState {
  /** Everything up to this number is settled: accepted, refused for good, withheld or set aside. */
  readonly cursor: number;
  readonly accepted: number;
  readonly refused: number;
  readonly withheld: number;
  /** ISO 8601 UTC; null: never. */
  readonly lastAcceptedAt: string | null;
}

/** A frame that the collector does not take while it takes others: tried again now and then, out of order. */
export interface AsideFrame {
  readonly seq: number;
  readonly attempts: number;
  readonly nextMs: number;
  readonly reason: string;
}

export interface Refusal {
  readonly seq: number;
  /** The server's words. */
  readonly reason: string;
}

/** What a step of delivery changes; all of it or nothing. */
export interface Settlement {
  readonly cursor?: number;
  readonly accepted?: number;
  /** Why each frame that is withheld is. */
  readonly withheld?: readonly WithheldCause[];
  readonly refused?: readonly Refusal[];
  readonly setAside?: readonly AsideFrame[];
  /** Frames set aside before, that are settled now. */
  readonly resolved?: readonly number[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** One durable cursor per collector, on disk when an operation returns. */
export interface DeliveryStore {
  /** Where a collector stands; one that is new, or that stood in another ledger, begins behind `start`. */
  open(collector: string, ledgerId: string, start: number): DeliveryState;
  state(collector: string): DeliveryState;
  settle(collector: string, settlement: Settlement): void;
  /** Frames set aside whose time has come, in order. */
  asideDue(collector: string, nowMs: number, limit: number): AsideFrame[];
  /** When the next of them is due, ms since the epoch; null: none is set aside. */
  nextAsideMs(collector: string): number | null;
  aside(collector: string): AsideFrame[];
  /** The newest first. */
  refusals(collector: string, limit: number): (Refusal & { readonly at: string })[];
  /** How many frames were withheld from it for each cause. */
  withheldBecause(collector: string): Record<WithheldCause, number>;
  /** Null: it was not refused, or so long ago that it is forgotten. */
  refusalOf(collector: string, seq: number): Refusal | null;
  /** Up to where none of these collectors needs the frames any more. */
  settledUpTo(collectors: readonly string[]): number;
  close(): void;
}

/** Refusals kept of each collector. */
const refusalsKept = 10_000;

const tables = `
  CREATE TABLE IF NOT EXISTS collectors (
    id TEXT PRIMARY KEY,
    ledger_id TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    withheld INTEGER NOT NULL DEFAULT 0,
    last_accepted_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS refusals (
    collector TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (collector, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS aside (
    collector TEXT NOT NULL,
    seq INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_ms REAL NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (collector, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS withheld (
    collector TEXT NOT NULL,
    cause TEXT NOT NULL,
    frames INTEGER NOT NULL,
    PRIMARY KEY (collector, cause)
  ) STRICT, WITHOUT ROWID;
`;

/** Opens the deliveries of a data folder, made if need be. */
export function openDeliveryStore(dataFolder: string): DeliveryStore {
  const database = new DatabaseSync(join(dataFolder, 'deliveries.sqlite'), { timeout: busyTimeoutMs });
  writeDurably(database);
  database.exec(tables);
  const one = database.prepare(
    'SELECT ledger_id, cursor, accepted, refused, withheld, last_accepted_at AS lastAcceptedAt FROM collectors WHERE id = ?',
  );
  const create = database.prepare('INSERT INTO collectors (id, ledger_id, cursor) VALUES (?, ?, ?)');
  const restart = database.prepare('UPDATE collectors SET ledger_id = ?, cursor = ? WHERE id = ?');
  const advance = database.prepare(
    `UPDATE collectors SET cursor = coalesce(?, cursor), accepted = accepted + ?, refused = refused + ?,
       withheld = withheld + ?, last_accepted_at = coalesce(?, last_accepted_at) WHERE id = ?`,
  );
  const refuse = database.prepare('INSERT OR REPLACE INTO refusals (collector, seq, reason, at) VALUES (?, ?, ?, ?)');
  const forgetRefusals = database.prepare(
    `DELETE FROM refusals WHERE collector = ?1 AND seq <=
       (SELECT seq FROM refusals WHERE collector = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ${refusalsKept})`,
  );
  const withhold = database.prepare(
    'INSERT INTO withheld VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET frames = frames + 1',
  );
  const allWithheld = database.prepare('SELECT cause, frames FROM withheld WHERE collector = ?');
  const setAside = database.prepare(
    'INSERT OR REPLACE INTO aside (collector, seq, attempts, next_ms, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const resolve = database.prepare('DELETE FROM aside WHERE collector = ? AND seq = ?');
  const dropAside = database.prepare('DELETE FROM aside WHERE collector = ?');
  const asideColumns = 'seq, attempts, next_ms AS nextMs, reason';
  const due = database.prepare(
    `SELECT ${asideColumns} FROM aside WHERE collector = ? AND next_ms <= ? ORDER BY seq LIMIT ?`,
  );
  const allAside = database.prepare(`SELECT ${asideColumns} FROM aside WHERE collector = ? ORDER BY seq`);
  const nextDue = database.prepare('SELECT min(next_ms) AS nextMs FROM aside WHERE collector = ?');
  const refusals = database.prepare(
    'SELECT seq, reason, at FROM refusals WHERE collector = ? ORDER BY seq DESC LIMIT ?',
  );
  const refusal = database.prepare('SELECT seq, reason FROM refusals WHERE collector = ? AND seq = ?');
  const firstAside = database.prepare('SELECT min(seq) AS seq FROM aside WHERE collector = ?');

  type Row = DeliveryState & { ledger_id: string };
  const rowOf = (id: string) => one.get(id) as unknown as Row | undefined;

  function state(id: string): DeliveryState {
    const row = rowOf(id);
    if (row === undefined) throw new RangeError(`no collector '${id}' was opened`);
    const { ledger_id: _unused, ...rest } = row;
    return rest;
  }

  return {
    open(id, ledgerId, start) {
      const row = rowOf(id);
      inTransaction(database, () => {
        if (row === undefined) create.run(id, ledgerId, start);
        else if (row.ledger_id !== ledgerId) {
          // A new ledger in the place of the old one: its frames are all new.
          restart.run(ledgerId, 0, id);
          dropAside.run(id);
        }
      });
      return state(id);
    },
    state,
    settle(id, { cursor, accepted = 0, withheld = [], refused = [], setAside: aside = [], resolved = [], at }) {
      inTransaction(database, () => {
        advance.run(cursor ?? null, accepted, refused.length, withheld.length, accepted > 0 ? at : null, id);
        for (const cause of withheld) withhold.run(id, cause);
        for (const { seq, reason } of refused) refuse.run(id, seq, reason, at);
        if (refused.length > 0) forgetRefusals.run(id);
        for (const { seq, attempts, nextMs, reason } of aside) setAside.run(id, seq, attempts, nextMs, reason);
        for (const seq of resolved) resolve.run(id, seq);
      });
    },
    asideDue: (id, nowMs, limit) => due.all(id, nowMs, limit) as unknown as AsideFrame[],
    nextAsideMs: (id) => (nextDue.get(id) as { nextMs: number | null }).nextMs,
    aside: (id) => allAside.all(id) as unknown as AsideFrame[],
    refusals: (id, limit) => refusals.all(id, limit) as unknown as (Refusal & { at: string })[],
    withheldBecause(id) {
      const counts = { satellite: 0, simulated: 0, clock: 0, weak: 0 };
      for (const { cause, frames } of allWithheld.all(id) as unknown as { cause: WithheldCause; frames: number }[])
        counts[cause] = frames;
      return counts;
    },
    refusalOf: (id, seq) => (refusal.get(id, seq) as unknown as Refusal | undefined) ?? null,
    settledUpTo(ids) {
      let least = Number.MAX_SAFE_INTEGER;
      for (const id of ids) {
        const waiting = (firstAside.get(id) as { seq: number | null }).seq;
        least = Math.min(least, rowOf(id)?.cursor ?? 0, waiting === null ? least : waiting - 1);
      }
      return least;
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}
