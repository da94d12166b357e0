import type { ClientBase } from 'pg';
import { StationError } from '../core/error.ts';

/** One step a version; a step is never changed once it was published. */
const steps: readonly string[] = [
  `CREATE TABLE transmissions (
     id text PRIMARY KEY,
     merge_key uuid NOT NULL,
     norad integer,
     satellite text,
     payload bytea NOT NULL,
     time timestamptz,
     comparable boolean NOT NULL,
     simulated boolean NOT NULL
   );
   CREATE INDEX transmissions_merge ON transmissions (merge_key, time);
   CREATE INDEX transmissions_time ON transmissions (norad, time);
   CREATE TABLE receptions (
     id text PRIMARY KEY,
     transmission text NOT NULL REFERENCES transmissions DEFERRABLE INITIALLY DEFERRED,
     station text NOT NULL,
     ledger text NOT NULL,
     seq bigint NOT NULL,
     time timestamptz,
     clock text NOT NULL,
     transmitter text,
     mode text NOT NULL,
     snr_db double precision,
     offset_hz double precision,
     integrity jsonb NOT NULL,
     latitude double precision,
     longitude double precision,
     altitude_m double precision,
     stored_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE (transmission, ledger)
   );
   CREATE TABLE sweeps (
     stream text PRIMARY KEY,
     reached bigint NOT NULL,
     holder text NOT NULL,
     leased_until timestamptz NOT NULL
   );
   CREATE INDEX receptions_station ON receptions (station, time);
   COMMENT ON TABLE transmissions IS 'what satellites sent, once each; id is that of the reception stored first';
   COMMENT ON TABLE receptions IS 'who heard it; id is that of the frame in the ledger of the station';
   COMMENT ON TABLE sweeps IS 'how far each stream was checked against receptions';
   COMMENT ON COLUMN transmissions.time IS 'of the reception stored first';
   COMMENT ON COLUMN transmissions.comparable IS 'false: by a clock that was not set, so that nothing is merged with it';`,
];

/** Any number; who holds it changes the tables. */
const schemaLock = 7_240_511;

/**
 * Makes the tables, or brings those of an older version up to date; several may try at once.
 * @throws StationError DATABASE_NEWER
 */
export async function migrateDatabase(client: ClientBase): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [schemaLock]);
    await client.query('CREATE TABLE IF NOT EXISTS downlinkd_schema (version integer NOT NULL)');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM downlinkd_schema');
    const version = rows[0]?.version ?? 0;
    if (version > steps.length)
      throw new StationError(
        'DATABASE_NEWER',
        `the tables are of schema ${version}, this downlinkd knows ${steps.length}: update it`,
      );
    for (const step of steps.slice(version)) await client.query(step);
    if (version < steps.length) {
      await client.query('DELETE FROM downlinkd_schema');
      await client.query('INSERT INTO downlinkd_schema VALUES ($1)', [steps.length]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
