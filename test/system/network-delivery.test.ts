/** Frames of a station into the stream of a real nats-server, through the delivery that a station has. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { Collector } from '../../daemon/forward/collector.ts';
import { natsCollector } from '../../daemon/forward/nats.ts';
import { planStream } from '../../daemon/network/stream.ts';
import { type NatsServer, natsPackages, startNatsServer } from '../network/nats-server.ts';
import { collectorContext, natsSettings, networkFrames } from '../network/station-frames.ts';
import { folderForAll } from './command-line.ts';
import { needPackages } from './debian.ts';

const folder = folderForAll();
const never = new AbortController().signal;
const users = `authorization { users: [
  { user: admin, password: a },
  { user: station, password: s, permissions: {
    publish: ["frames.*.DL1ABC_P", "$JS.API.STREAM.MSG.GET.FRAMES"], subscribe: "_INBOX.>" } },
  { user: blind, password: b, permissions: { publish: "frames.*.DL1ABC_P", subscribe: "_INBOX.>" } },
] }`;

let server: NatsServer;
let admin: NatsConnection;
let manager: JetStreamManager;
const open: Collector[] = [];

beforeAll(async () => {
  needPackages(natsPackages);
  server = await startNatsServer(folder, users);
  admin = await connect({ servers: server.address, user: 'admin', pass: 'a', maxReconnectAttempts: -1 });
  manager = await jetstreamManager(admin);
  return async () => {
    await admin.close();
    await server.stop();
  };
});
beforeEach(() => makeStream(7200));
afterEach(async () => {
  for (const collector of open.splice(0)) await collector.close();
  await manager.streams.delete('FRAMES').catch(() => {});
});

async function makeStream(dedupWindowS: number): Promise<void> {
  const plan = { name: 'FRAMES', replicas: 1, maxAgeDays: null, maxBytes: null, dedupWindowS };
  await planStream(manager, plan);
}

async function collector(change: Partial<Parameters<typeof natsCollector>[0]> = {}): Promise<Collector> {
  const settings = natsSettings([server.address], { user: 'station', password: 's', ...change });
  const made = await natsCollector(settings, collectorContext());
  open.push(made);
  return made;
}

async function stored(): Promise<{ subject: string; id: string; frame: StoredFrame }[]> {
  const { state } = await manager.streams.info('FRAMES');
  const messages = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await manager.streams.getMessage('FRAMES', { seq });
    if (message !== null)
      messages.push({
        subject: message.subject,
        id: message.header.get('Nats-Msg-Id'),
        frame: message.json<StoredFrame>(),
      });
  }
  return messages;
}

const frames = networkFrames(600);
const accepted = { kind: 'accepted' };

test('frames lie in the stream as the ledger has them, with their station, in order', async () => {
  const unnumbered = { ...frames[1]!, norad: null };
  const to = await collector();
  expect(await to.deliver([frames[0]!, unnumbered], never)).toEqual([accepted, accepted]);
  const { station } = collectorContext();
  const { altitudeM, ...place } = station;
  const common = { ledger: 'ledger-1', station: { ...place, altitude_m: altitudeM } };
  expect(await stored()).toEqual([
    { subject: 'frames.40949.DL1ABC_P', id: frames[0]!.id, frame: { ...frames[0], ...common } },
    { subject: 'frames.unknown.DL1ABC_P', id: unnumbered.id, frame: { ...unnumbered, ...common } },
  ]);
});

test('behind a frame that is not taken all wait; the stream tells what it has, also when its own memory of ids is over', async () => {
  await manager.streams.delete('FRAMES');
  await makeStream(0.2);
  const first = await collector();
  expect(await first.delivered!(frames.slice(0, 256), never)).toEqual(new Set());
  await first.deliver(frames.slice(0, 10), never);
  // Number 15 never came to the stream, those behind it did: an acknowledgement says so, or it is lost.
  const [lost, ...others] = frames.slice(14, 30);
  await first.deliver([...frames.slice(10, 14), ...others], never);
  await first.close();
  await sleep(500);
  const second = await collector();
  // The first ten are settled: nobody asks for them any more.
  const batch = frames.slice(10, 266);
  const known = await second.delivered!(batch, never);
  expect(known.size).toBe(19);
  expect(known.has(lost!.id)).toBe(false);
  await second.deliver(
    batch.filter(({ id }) => !known.has(id)),
    never,
  );
  expect((await stored()).map(({ id }) => id).sort()).toEqual(
    frames
      .slice(0, 266)
      .map(({ id }) => id)
      .sort(),
  );
});

test('a frame sent twice is stored once', async () => {
  const to = await collector();
  await to.deliver(frames.slice(0, 50), never);
  expect(await to.deliver(frames.slice(0, 60), never)).toEqual(Array(60).fill(accepted));
  expect(await stored()).toHaveLength(60);
});

test('a station asks only for its own frames, and looks no further back than it has to', async () => {
  const to = await collector();
  for (let i = 0; i < 600; i += 200) await to.deliver(frames.slice(i, i + 200), never);
  // Those before the last batch are settled.
  expect((await to.delivered!(frames.slice(100, 300), never)).size).toBe(0);
  expect((await to.delivered!(frames.slice(400, 600), never)).size).toBe(200);
});

test('what a server refuses is said in plain words', async () => {
  const huge = { ...frames[0]!, frame: 'ab'.repeat(40_000) };
  const to = await collector();
  expect(await to.deliver([huge, frames[1]!], never)).toEqual([
    { kind: 'refused', reason: 'larger than the stream takes (its max_msg_size)' },
    accepted,
  ]);
  const beyond = { ...frames[0]!, frame: 'ab'.repeat(2_000_000) };
  expect(await to.deliver([beyond], never)).toEqual([
    { kind: 'refused', reason: 'larger than the servers take in a message' },
  ]);
  const other = await natsCollector(natsSettings([server.address], { user: 'station', password: 's' }), {
    ...collectorContext(),
    station: { ...collectorContext().station, callsign: 'OTHER' },
  });
  open.push(other);
  expect(await other.deliver([frames[0]!], never)).toEqual([
    { kind: 'later', scope: 'collector', reason: 'this user has no right to publish to frames.40949.OTHER' },
  ]);
  await expect((await collector({ password: 'wrong' })).deliver([frames[0]!], never)).rejects.toThrow(
    `the NATS servers ${server.address} can't be used: they don't accept these credentials (Authorization Violation)`,
  );
  await expect((await collector({ servers: ['127.0.0.1:1'] })).deliver([frames[0]!], never)).rejects.toThrow(
    /^the NATS servers 127\.0\.0\.1:1 can't be used: .*refused/,
  );
  await manager.streams.delete('FRAMES');
  const [outcome] = await to.deliver([frames[0]!], never);
  expect(outcome).toMatchObject({ kind: 'later', scope: 'collector', reason: /'downlinkd network init' makes it/ });
});

test('without the right to read the stream its window of ids has to do', async () => {
  const to = await collector({ user: 'blind', password: 'b' });
  expect(await to.delivered!(frames.slice(0, 5), never)).toEqual(new Set());
  expect(await to.deliver(frames.slice(0, 5), never)).toEqual(Array(5).fill(accepted));
});

test('a server that goes is said at once, and used again when it is back', async () => {
  const to = await collector();
  await to.deliver(frames.slice(0, 5), never);
  await server.kill();
  while (true) {
    const outcome = await to.deliver([frames[5]!], never).then(
      ([one]) => one,
      (error: Error) => error.message,
    );
    if (typeof outcome === 'string' && /the connection to .* was lost/.test(outcome)) break;
    await sleep(20);
  }
  await server.restart();
  await waitFor(async () => (await to.deliver([frames[5]!], never))[0]?.kind === 'accepted');
  await waitFor(async () => (await stored()).length === 6);
  expect((await stored()).map(({ id }) => id)).toEqual(frames.slice(0, 6).map(({ id }) => id));
});

async function waitFor(look: () => Promise<boolean>): Promise<void> {
  while (!(await look().catch(() => false))) await sleep(100);
}
