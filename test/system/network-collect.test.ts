/** Frames out of the stream of a real nats-server into a real PostgreSQL server, by the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { needGroup } from '../../daemon/network/group.ts';
import { type NetworkFrame, subjectOf } from '../../daemon/network/message.ts';
import { postgresStore } from '../../daemon/network/postgres-store.ts';
import { type NatsServer, natsPackages, startNatsServer } from '../network/nats-server.ts';
import { type PostgresServer, postgresPackages, startPostgres } from '../network/postgres-server.ts';
import { asMessage, sky } from '../network/station-frames.ts';
import { collect, downlinkd, execute, folderForAll, jsonLines, launcher } from './command-line.ts';
import { needPackages } from './debian.ts';
import { endOf } from './station-process.ts';

const folder = folderForAll();
let nats: NatsServer;
let database: PostgresServer;
let connection: NatsConnection;
let manager: JetStreamManager;
const members: { child: ChildProcess; texts: ReturnType<typeof collect> }[] = [];

beforeAll(async () => {
  needPackages([...natsPackages, ...postgresPackages]);
  [nats, database] = await Promise.all([startNatsServer(folder), startPostgres(folder)]);
  connection = await connect({ servers: nats.address, maxReconnectAttempts: -1 });
  manager = await jetstreamManager(connection);
  return async () => {
    await connection.close();
    await nats.stop();
    await database.stop();
  };
});
beforeEach(async () => {
  await database.query('DROP TABLE IF EXISTS receptions, transmissions, sweeps, downlinkd_schema');
  await downlinkd('network', 'init', '--servers', nats.address, '--replicas', '1');
});
afterEach(async () => {
  for (const { child } of members) child.kill('SIGTERM');
  for (const { child } of members.splice(0)) await endOf(child);
  await manager.streams.delete('FRAMES');
});

function member(...words: string[]): (typeof members)[number] {
  const child = spawn(process.execPath, [launcher, 'collect', '--servers', nats.address, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const one = { child, texts: collect(child) };
  members.push(one);
  return one;
}

async function publish(frames: readonly NetworkFrame[]): Promise<void> {
  const stream = jetstream(connection);
  await Promise.all(
    frames.map((frame) =>
      stream.publish(subjectOf(frame.norad, frame.station), JSON.stringify(frame), { msgID: frame.id }),
    ),
  );
}

async function counts(): Promise<{ receptions: number; transmissions: number }> {
  const [row] = await database.query<{ receptions: number; transmissions: number }>(
    'SELECT (SELECT count(*)::int FROM receptions) AS receptions, (SELECT count(*)::int FROM transmissions) AS transmissions',
  );
  return row!;
}

/** Until the group has nothing left. */
async function settled(group = 'collectors'): Promise<void> {
  for (;;) {
    const info = await manager.consumers.info('FRAMES', group).catch(() => null);
    if (info !== null && info.num_pending === 0 && info.num_ack_pending === 0) return;
    for (const { child, texts } of members)
      if (child.exitCode !== null && child.exitCode !== 0) throw new Error(texts().stderr);
    await sleep(100);
  }
}

const heard = sky({ stations: 20, transmissions: 100, hearers: 8, satellites: 5 });
const messages = [...heard.byLedger].flatMap(([ledger, frames]) => frames.map((frame) => asMessage(ledger, frame)));

test('several that store the same transmissions at the same time make each once, whoever comes first', async () => {
  const stores = Array.from({ length: 6 }, () =>
    postgresStore({ url: database.url, mergeWithinMs: 2000, onLost() {}, onBack() {} }),
  );
  // All stores meet over the same transmissions in every round; half of the frames go to two of them.
  for (let from = 0; from < messages.length; from += 80) {
    const round = messages.slice(from, from + 80);
    await Promise.all(stores.map((store, i) => store.store(round.filter((_, j) => j % 6 === i || j % 12 === i))));
  }
  expect(await counts()).toEqual({ receptions: heard.frames, transmissions: heard.transmissions });
  await Promise.all(stores.map((store) => store.close()));
});

test('three members share the work; another group finds all there already', async () => {
  for (let i = 0; i < 3; i++) member('--postgres', database.url);
  await publish(messages);
  await settled();
  expect(await counts()).toEqual({ receptions: heard.frames, transmissions: heard.transmissions });
  const [most] = await database.query<{ heard: number; stations: number }>(
    `SELECT count(*)::int AS heard, count(DISTINCT station)::int AS stations FROM receptions
     GROUP BY transmission ORDER BY 1 DESC LIMIT 1`,
  );
  expect(most).toEqual({ heard: 8, stations: 8 });
  const other = member('--postgres', database.url, '--group', 'again');
  await settled('again');
  expect(await counts()).toEqual({ receptions: heard.frames, transmissions: heard.transmissions });
  other.child.kill('SIGTERM');
  expect(await endOf(other.child)).toBe(0);
  expect(jsonLines<object>(other.texts().stderr).at(-1)).toMatchObject({
    receptions: 0,
    known: heard.frames,
    msg: 'left',
  });
});

test('garbage is dropped once and told; what PostgreSQL can’t take harms nothing else', async () => {
  const odd = { ...messages[0]!, id: 'f'.repeat(32), integrity: { crc: 'ok\0' } } as unknown as NetworkFrame;
  const one = member('--postgres', database.url);
  await jetstream(connection).publish('frames.1.ENEMY', 'not json');
  await publish([odd, ...messages.slice(0, 20)]);
  await jetstream(connection).publish('frames.1.ENEMY', JSON.stringify(messages[21]));
  await settled();
  expect((await counts()).receptions).toBe(20);
  one.child.kill('SIGTERM');
  await endOf(one.child);
  const lines = jsonLines<{ msg: string; problem?: string; bad?: number }>(one.texts().stderr);
  expect(lines.at(-1)).toMatchObject({ bad: 3, receptions: 20 });
  expect(lines.find(({ problem }) => problem !== undefined)).toMatchObject({ subject: 'frames.1.ENEMY' });
});

test('a database that is away is waited for, and nothing is lost', async () => {
  const one = member('--postgres', database.url);
  await publish(messages.slice(0, 100));
  await settled();
  await database.kill();
  await publish(messages.slice(100, 300));
  while (!one.texts().stderr.includes('frames cannot be stored')) await sleep(50);
  await database.restart();
  await settled();
  expect((await counts()).receptions).toBe(300);
  expect(one.texts().stderr).toContain('frames are stored again');
  expect(one.texts().stderr).toContain('the database works again');
});

test('what a member leaves undone another gets', async () => {
  const first = member('--postgres', database.url);
  await publish(messages.slice(0, 400));
  while ((await counts().catch(() => ({ receptions: 0 }))).receptions === 0) await sleep(10);
  first.child.kill('SIGKILL');
  await manager.consumers.update('FRAMES', 'collectors', { ack_wait: 1e9 });
  member('--postgres', database.url);
  await settled();
  expect((await counts()).receptions).toBe(400);
});

test('what the servers count as settled and nobody stored is found and stored', async () => {
  // A group that settles frames without storing them stands for servers that forget them.
  await publish(messages.slice(0, 300));
  const plan = { stream: 'FRAMES', name: 'collectors', ackWaitMs: 60_000, mostInWork: 5000 };
  await needGroup(manager, plan);
  const consumer = await jetstream(connection).consumers.get('FRAMES', 'collectors');
  for await (const message of await consumer.fetch({ max_messages: 300 })) message.ack();
  await publish(messages.slice(300, 310));
  member('--postgres', database.url);
  await settled();
  while ((await counts()).receptions < 310) await sleep(100);
  expect(members[0]!.texts().stderr).toContain('the servers had not handed out frames');
});

/** The test's own connection is back too. */
async function reachable(): Promise<void> {
  const answers = () =>
    manager.streams.info('FRAMES').then(
      () => true,
      () => false,
    );
  while (!(await answers())) await sleep(100);
}

test('servers that are away are waited for, at the start and later, with a line each; it leaves also meanwhile', async () => {
  await nats.kill();
  const early = member('--output', join(folder, 'early.jsonl'), '--group', 'early');
  const one = member('--output', join(folder, 'waiting.jsonl'));
  const said = async (words: string) => {
    while (!one.texts().stderr.includes(words)) await sleep(20);
  };
  await said('the network cannot be reached, trying again until it can');
  while (!early.texts().stderr.includes('cannot be reached')) await sleep(20);
  early.child.kill('SIGTERM');
  expect(await endOf(early.child)).toBe(0);
  await nats.restart();
  await said('collecting');
  await nats.kill();
  await said('the connection to the NATS servers was lost, trying again');
  await nats.restart();
  await said('the connection to the NATS servers is back');
  await reachable();
  await publish(messages.slice(0, 10));
  await settled();
  await nats.kill();
  one.child.kill('SIGTERM');
  expect(await endOf(one.child)).toBe(0);
  expect(jsonLines<object>(one.texts().stderr).at(-1)).toMatchObject({ receptions: 10, msg: 'left' });
  await nats.restart();
  await reachable();
});

test('servers that do not let it in end it', async () => {
  const closed = await startNatsServer(join(folder, 'closed'), 'authorization { user: a, password: b }');
  const output = ['--output', join(folder, 'refused.jsonl')];
  const { exitCode, stderr } = await execute(process.execPath, [
    ...[launcher, 'collect', '--servers', closed.address, '--user', 'a', ...output],
  ]);
  await closed.stop();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^downlinkd: the NATS servers .* can't be used: they don't accept these credentials/);
});

test('a file gets a line a reception', async () => {
  const path = join(folder, 'frames.jsonl');
  const one = member('--output', path, '--group', 'files');
  await publish(messages.slice(0, 50));
  await settled('files');
  one.child.kill('SIGTERM');
  expect(await endOf(one.child)).toBe(0);
  const lines = jsonLines<NetworkFrame>(readFileSync(path, 'utf8'));
  expect(lines.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    messages.slice(0, 50).sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
});

test('network init tells what it did, network status what there is', async () => {
  const init = (...words: string[]) =>
    downlinkd('network', 'init', '--servers', nats.address, '--replicas', '1', ...words);
  expect(await init()).toBe('the stream FRAMES is as it should be\n');
  expect(await init('--max-bytes', '1000000000')).toBe(
    'the stream FRAMES was changed\n  max-bytes: was none, is 1000000000 now\n',
  );
  expect(await init('--max-age-days', '30')).toBe(
    'the stream FRAMES was changed\n  max-age-days: was none, is 30 now\n',
  );
  // What is left out stays.
  expect(await init()).toBe('the stream FRAMES is as it should be\n');
  expect(await init('--max-age-days', 'none')).toContain('max-age-days: was 30, is none now');
  await publish(messages.slice(0, 3));
  expect(await downlinkd('network', 'status', '--servers', nats.address)).toMatch(
    /^stream FRAMES: 3 frames, 0\.0 MB, from 20.*Z to 20.*Z\n$/,
  );
  const failing = async (...words: string[]) => {
    const { exitCode, stderr } = await execute(process.execPath, [
      ...[launcher, 'network', ...words, '--servers', nats.address],
    ]);
    return `${exitCode} ${stderr}`;
  };
  expect(await failing('status', '--stream', 'OTHER')).toBe(
    "1 downlinkd: the stream OTHER can't be used: there is no such stream: 'downlinkd network init' makes it\n",
  );
  expect(await failing('init', '--replicas', '2')).toBe("2 downlinkd: --replicas '2' should be 1, 3 or 5\n");
  for (const stream of ['FRAMES', 'NEW'])
    expect(await failing('init', '--replicas', '3', '--stream', stream)).toContain(
      'this server is alone, so it keeps one copy: say --replicas 1',
    );
  expect(await failing('init', '--replicas', '1', '--stream', 'BIG')).toContain(
    'the stream FRAMES takes the frames already, and there can be one only',
  );
});

test('a group that nobody uses is removed, one with members is not', async () => {
  const remove = (name: string) =>
    execute(process.execPath, [launcher, 'network', 'remove-group', name, '--servers', nats.address]);
  const one = member('--output', join(folder, 'group.jsonl'), '--group', 'old');
  await publish(messages.slice(0, 3));
  await settled('old');
  expect((await remove('old')).stderr).toBe('downlinkd: the group old is in use: stop its collectors first\n');
  one.child.kill('SIGTERM');
  await endOf(one.child);
  await publish(messages.slice(3, 5));
  // The servers let go of what a member had asked for when its time is over.
  while ((await manager.consumers.info('FRAMES', 'old')).num_waiting > 0) await sleep(100);
  expect((await remove('old')).stdout).toBe('the group old was removed; it had 2 frames left to store\n');
  expect((await remove('old')).stderr).toContain("there is no group old: 'downlinkd network status' lists them");
});
