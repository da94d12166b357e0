import { type ClientBase, Pool } from 'pg';
import { comparableMs, type KnownTransmission, mergeKey, transmissionOf } from './merge.ts';
import type { NetworkFrame } from './message.ts';
import { stationOf } from './parse-message.ts';
import { migrateDatabase } from './postgres-schema.ts';
import type { ReceptionStore } from './reception-store.ts';

export interface PostgresOptions {
  /** postgres://user@host/database; what it leaves out comes from PGHOST, PGPASSWORD and their like. */
  readonly url: string;
  /** Receptions of the same bytes so near in time are one transmission. */
  readonly mergeWithinMs: number;
  /** Told of a connection that broke while it was not used, */
  readonly onLost: (error: Error) => void;
  /** and of the first work that the database did after that. */
  readonly onBack: () => void;
}

const connectMs = 10_000;
/** A statement that takes longer has met with something else than frames. */
const statementMs = 60_000;

type Row = Record<string, unknown>;

/**
 * Receptions into PostgreSQL, those of the same transmission merged. Whoever looks for a transmission to merge with holds a
 * lock on its bytes until its own is committed, so that two members never make it twice.
 */
export function postgresStore({ url, mergeWithinMs, onLost, onBack }: PostgresOptions): ReceptionStore {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs,
    // A member whose computer vanished shall not hold its locks for hours.
    idle_in_transaction_session_timeout: statementMs,
    keepAlive: true,
    application_name: 'downlinkd collect',
  });
  let lost = false;
  pool.on('error', (error) => {
    if (!lost) onLost(error);
    lost = true;
  });
  let migrated = false;

  async function within<T>(use: (client: ClientBase) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    // A server that goes away in the middle of a statement tells the client too; unheard it would end the program.
    const note = (error: Error) => {
      broken = error;
    };
    client.on('error', note);
    try {
      if (!migrated) await migrateDatabase(client);
      migrated = true;
      await client.query('BEGIN');
      const result = await use(client);
      await client.query('COMMIT');
      if (lost) onBack();
      lost = false;
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.off('error', note);
      client.release(broken);
    }
  }

  return {
    store: (frames) =>
      within(async (client) => {
        const keyed = frames.map((frame) => ({ frame, key: mergeKey(frame) }));
        await lock(client, keyed);
        const fresh = await withoutStored(client, keyed);
        const known = await nearTransmissions(client, fresh, mergeWithinMs);
        const transmissions: Row[] = [];
        const receptions: Row[] = [];
        for (const { frame, key } of fresh) {
          const same = known.get(key) ?? [];
          const found = transmissionOf(frame, same, mergeWithinMs);
          const timeMs = comparableMs(frame);
          const to = found ?? { id: frame.id, key, timeMs, ledgers: new Set<string>() };
          if (found === null) {
            transmissions.push(transmissionRow(frame, key));
            known.set(key, [...same, to]);
          }
          to.ledgers.add(frame.ledger);
          receptions.push(receptionRow(frame, to.id));
        }
        if (transmissions.length > 0) await client.query(insertTransmissions, [JSON.stringify(transmissions)]);
        if (receptions.length > 0) await client.query(insertReceptions, [JSON.stringify(receptions)]);
        return { receptions: receptions.length, transmissions: transmissions.length };
      }),
    // Classes 22 (data exception), 23 (integrity constraint) and 54 (program limit exceeded) of SQLSTATE.
    sweep: {
      lease: (stream, holder) =>
        within(async (client) => {
          await client.query(beginSweep, [stream, holder]);
          const { rows } = await client.query<{ reached: string }>(leaseSweep, [stream, holder]);
          return rows[0] === undefined ? null : Number(rows[0].reached);
        }),
      reach: (stream, holder, seq) =>
        within(async (client) => {
          const values = [stream, holder, seq];
          await client.query(
            'UPDATE sweeps SET reached = $3 WHERE stream = $1 AND holder = $2 AND reached < $3',
            values,
          );
        }),
      stored: (ids) => within((client) => storedIds(client, ids)),
    },
    isDataError: (error) => /^(22|23|54)...$/.test(String((error as { code?: unknown }).code)),
    close: () => pool.end(),
  };
}

interface Keyed {
  readonly frame: NetworkFrame;
  readonly key: string;
}

/**
 * Locks on the bytes: in the same order everywhere, so that nobody waits in a circle, and in a statement of its own, so that
 * the next one sees what the holder before committed.
 */
async function lock(client: ClientBase, keyed: readonly Keyed[]): Promise<void> {
  const locks = new Set(keyed.map(({ key }) => Number.parseInt(key.slice(0, 8), 16) | 0));
  const sorted = [...locks].sort((a, b) => a - b);
  await client.query('SELECT pg_advisory_xact_lock($1, l) FROM unnest($2::int[]) AS l', [lockSpace, sorted]);
}

/** Keeps our locks apart from others' in the same database. */
const lockSpace = 7_240_512;

const beginSweep = `
  INSERT INTO sweeps VALUES ($1, 0, $2, now()) ON CONFLICT DO NOTHING`;

const leaseSweep = `
  UPDATE sweeps SET holder = $2, leased_until = now() + interval '1 minute'
  WHERE stream = $1 AND (holder = $2 OR leased_until <= now()) RETURNING reached`;

async function storedIds(client: ClientBase, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM receptions WHERE id = ANY($1)', [ids]);
  return new Set(rows.map(({ id }) => id));
}

async function withoutStored(client: ClientBase, keyed: readonly Keyed[]): Promise<Keyed[]> {
  const seen = await storedIds(
    client,
    keyed.map(({ frame }) => frame.id),
  );
  return keyed.filter(({ frame }) => {
    const first = !seen.has(frame.id);
    seen.add(frame.id);
    return first;
  });
}

/** What may be the same transmission as one of these, by merge key. */
async function nearTransmissions(
  client: ClientBase,
  keyed: readonly Keyed[],
  withinMs: number,
): Promise<Map<string, KnownTransmission[]>> {
  const wanted = keyed.flatMap(({ frame, key }) => {
    const timeMs = comparableMs(frame);
    return timeMs === null
      ? []
      : [{ k: key, a: new Date(timeMs - withinMs).toISOString(), b: new Date(timeMs + withinMs).toISOString() }];
  });
  const known = new Map<string, KnownTransmission[]>();
  if (wanted.length === 0) return known;
  const { rows } = await client.query<{ id: string; key: string; time: Date; ledgers: string[] }>(near, [
    JSON.stringify(wanted),
  ]);
  for (const { id, key, time, ledgers } of rows) {
    const one = { id, key, timeMs: time.getTime(), ledgers: new Set(ledgers) };
    known.set(key, [...(known.get(key) ?? []), one]);
  }
  return known;
}

const near = `
  SELECT t.id, replace(t.merge_key::text, '-', '') AS key, t.time,
    (SELECT array_agg(r.ledger) FROM receptions r WHERE r.transmission = t.id) AS ledgers
  FROM (
    SELECT DISTINCT t.id, t.merge_key, t.time
    FROM jsonb_to_recordset($1::jsonb) AS w(k uuid, a timestamptz, b timestamptz)
    JOIN transmissions t ON t.merge_key = w.k AND t.time BETWEEN w.a AND w.b
    WHERE t.comparable
  ) AS t`;

const transmissionRow = (frame: NetworkFrame, key: string): Row => ({
  id: frame.id,
  merge_key: key,
  norad: frame.norad,
  satellite: frame.satellite,
  payload: `\\x${frame.frame}`,
  time: frame.time,
  comparable: comparableMs(frame) !== null,
  simulated: frame.simulated,
});

const insertTransmissions = `
  INSERT INTO transmissions
  SELECT id, merge_key, norad, satellite, payload::bytea, time, comparable, simulated
  FROM jsonb_to_recordset($1::jsonb) AS t(id text, merge_key uuid, norad integer, satellite text, payload text,
    time timestamptz, comparable boolean, simulated boolean)`;

const receptionRow = (frame: NetworkFrame, transmission: string): Row => ({
  id: frame.id,
  transmission,
  station: stationOf(frame),
  ledger: frame.ledger,
  seq: frame.seq,
  time: frame.time,
  clock: frame.clock,
  transmitter: frame.transmitter,
  mode: frame.mode,
  snr_db: frame.snr_db,
  offset_hz: frame.offset_hz,
  integrity: frame.integrity,
  latitude: frame.station.latitude,
  longitude: frame.station.longitude,
  altitude_m: frame.station.altitude_m,
});

const insertReceptions = `
  INSERT INTO receptions
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id text, transmission text, station text, ledger text, seq bigint,
    time timestamptz, clock text, transmitter text, mode text, snr_db double precision, offset_hz double precision,
    integrity jsonb, latitude double precision, longitude double precision, altitude_m double precision)`;
