/** A whole network on this computer: three servers, many stations, members of a group, and servers that are killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliverPolicy, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { systemClock, systemTimers } from '../../daemon/core/clock.ts';
import { findProject } from '../../daemon/core/project.ts';
import { type Delivery, makeDelivery } from '../../daemon/forward/delivery.ts';
import { openDeliveryStore } from '../../daemon/forward/delivery-store.ts';
import { natsCollector } from '../../daemon/forward/nats.ts';
import { usualFalseAlarmsPerHour } from '../../daemon/forward/withholding.ts';
import { planStream } from '../../daemon/network/stream.ts';
import { type NatsServer, startNatsCluster } from './nats-server.ts';
import { startPostgres } from './postgres-server.ts';
import { collectorContext, natsSettings, sky, stationOfLedger } from './station-frames.ts';

export interface ExperimentOptions {
  readonly folder: string;
  readonly stations: number;
  readonly transmissions: number;
  readonly hearers: number;
  readonly members: number;
  /** Servers are killed one after the other, so often, until as many were. */
  readonly kills: number;
  readonly killEveryMs: number;
  readonly downMs: number;
  /** One line of progress. */
  readonly tell: (line: string) => void;
}

export interface ExperimentResult {
  readonly frames: number;
  readonly transmissions: number;
  /** Messages of the stream, and how many different ids they have. */
  readonly inStream: number;
  readonly differentInStream: number;
  readonly receptions: number;
  readonly transmissionsStored: number;
  readonly kills: number;
  /** Times that a station was told to wait. */
  readonly waits: number;
  /** The first half of the frames while no server is killed: frames a second into the stream, then out of it into the database. */
  readonly calmStreamRate: number;
  readonly calmDatabaseRate: number;
  /** From the first frame of the second half to the last one stored, s. */
  readonly troubledS: number;
  readonly streamBytes: number;
  readonly databaseBytes: number;
}

interface Station {
  readonly delivery: Delivery;
  readonly release: (share: number) => void;
  readonly left: () => number;
  readonly close: () => Promise<void>;
}

const streamName = 'FRAMES';

export async function runExperiment(options: ExperimentOptions): Promise<ExperimentResult> {
  const { folder, stations: stationCount, transmissions, hearers, tell } = options;
  const servers = await startNatsCluster(folder);
  const database = await startPostgres(folder);
  const addresses = servers.map(({ address }) => address);
  const connection = await connect({ servers: addresses, maxReconnectAttempts: -1, reconnectTimeWait: 250 });
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await again(() =>
    planStream(manager, { name: streamName, replicas: 3, maxAgeDays: null, maxBytes: null, dedupWindowS: 7200 }),
  );
  const heard = sky({ stations: stationCount, transmissions, hearers, satellites: 20 });
  tell(`${stationCount} stations, ${transmissions} transmissions, ${heard.frames} frames, ${options.members} members`);
  let waits = 0;
  const made = [...heard.byLedger].map(([ledger, frames]) =>
    startStation({ folder, ledger, frames, servers: addresses, onWait: () => (waits += 1) }),
  );
  const members: ChildProcess[] = [];
  const count = async (table: string) =>
    (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`).catch(() => []))[0]?.n ?? 0;
  const left = () => made.reduce((sum, station) => sum + station.left(), 0);

  try {
    let begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    for (const station of made) station.release(0.5);
    const half = left();
    while (left() > 0) await sleep(20);
    const calmStreamRate = half / seconds();
    for (let i = 0; i < options.members; i++) members.push(startMember(addresses, database.url));
    let before = 0;
    while (before === 0) before = await count('receptions');
    begun = performance.now();
    while ((await count('receptions')) < half) await sleep(50);
    const calmDatabaseRate = (half - before) / seconds();
    tell(
      `calm: ${Math.round(calmStreamRate)} frames/s into the stream, ${Math.round(calmDatabaseRate)} into the database`,
    );

    begun = performance.now();
    const killing = killInTurn(servers, options, tell);
    const slices = Math.max(1, options.kills * 4);
    for (let slice = 1; slice <= slices; slice++) {
      for (const station of made) station.release(0.5 + slice / slices / 2);
      await sleep((options.kills * options.killEveryMs) / slices);
    }
    await killing;
    await stuck(
      () => left() === 0,
      () => `${left()} frames are still to be delivered: ${reasons(made)}`,
    );
    await stuck(
      async () => (await count('receptions')) >= heard.frames,
      () => 'the database does not get all',
    );
    const troubledS = seconds();
    const ids = await again(() => idsOfStream(manager));
    const { state } = await again(() => manager.streams.info(streamName));
    const [size] = await database.query<{ n: number }>(
      "SELECT (pg_total_relation_size('receptions') + pg_total_relation_size('transmissions'))::int AS n",
    );
    return {
      frames: heard.frames,
      transmissions: heard.transmissions,
      inStream: ids.length,
      differentInStream: new Set(ids).size,
      receptions: await count('receptions'),
      transmissionsStored: await count('transmissions'),
      kills: options.kills,
      waits,
      calmStreamRate,
      calmDatabaseRate,
      troubledS,
      streamBytes: state.bytes,
      databaseBytes: size!.n,
    };
  } finally {
    for (const station of made) await station.close();
    for (const member of members) member.kill('SIGTERM');
    for (const member of members) if (member.exitCode === null) await once(member, 'exit');
    await connection.close();
    for (const server of servers) await server.stop();
    await database.stop();
  }
}

function startStation(options: {
  folder: string;
  ledger: string;
  frames: readonly StoredFrame[];
  servers: string[];
  onWait: () => void;
}): Station {
  const { ledger, frames, servers, onWait } = options;
  const home = join(options.folder, ledger);
  mkdirSync(home);
  const store = openDeliveryStore(home);
  let released = 0;
  const { altitude_m, ...place } = stationOfLedger(ledger);
  const context = collectorContext({ ledgerId: ledger, station: { ...place, altitudeM: altitude_m } });
  const delivery = makeDelivery({
    id: 'network',
    connect: () => natsCollector(natsSettings(servers, { timeoutS: 5 }), context),
    frames: {
      ledgerId: ledger,
      lastSeq: () => released,
      frames: ({ since, limit }) => frames.slice(since, Math.min(since + limit, released)),
    },
    store,
    rules: {
      satellites: null,
      except: new Set(),
      weakFrames: true,
      simulatedFrames: true,
      maxFalseAlarmsPerHour: usualFalseAlarmsPerHour,
    },
    start: 'beginning',
    held: () => false,
    clock: { ...systemClock, ...systemTimers },
    random: Math.random,
    log: { info() {}, warn: onWait },
  });
  delivery.start();
  return {
    delivery,
    release(share) {
      released = Math.round(frames.length * share);
      delivery.wake();
    },
    left: () => released - store.state('network').cursor,
    async close() {
      await delivery.close();
      store.close();
    },
  };
}

function startMember(servers: readonly string[], postgres: string): ChildProcess {
  const launcher = join(findProject().folder, 'bin', 'downlinkd');
  const words = ['collect', '--servers', servers.join(','), '--postgres', postgres];
  return spawn(process.execPath, [launcher, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function killInTurn(
  servers: readonly NatsServer[],
  { kills, killEveryMs, downMs, tell }: ExperimentOptions,
  said: ExperimentOptions['tell'] = tell,
): Promise<void> {
  for (let n = 0; n < kills; n++) {
    const server = servers[n % servers.length]!;
    await server.kill();
    said(`killed ${server.address}`);
    await sleep(downMs);
    await server.restart();
    await sleep(Math.max(0, killEveryMs - downMs));
  }
}

/** Every message's id, in the order of the stream. */
async function idsOfStream(manager: JetStreamManager): Promise<string[]> {
  const { state } = await manager.streams.info(streamName);
  const consumer = await manager
    .jetstream()
    .consumers.get(streamName, { headers_only: true, deliver_policy: DeliverPolicy.All });
  const ids: string[] = [];
  if (state.messages === 0) return ids;
  for await (const message of await consumer.consume({ max_messages: 1000 })) {
    ids.push(message.headers!.get('Nats-Msg-Id'));
    if (message.seq >= state.last_seq) break;
  }
  return ids;
}

const reasons = (stations: readonly Station[]) =>
  [...new Set(stations.map(({ delivery }) => delivery.status().reason).filter((reason) => reason !== null))].join('; ');

/** What the servers can't do while they choose a leader. */
async function again<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await action();
    } catch (error) {
      if (tries === 60) throw error;
      await sleep(500);
    }
  }
}

const mostMs = 240_000;

async function stuck(done: () => boolean | Promise<boolean>, why: () => string): Promise<void> {
  const until = performance.now() + mostMs;
  while (!(await done())) {
    if (performance.now() > until) throw new Error(why());
    await sleep(50);
  }
}
