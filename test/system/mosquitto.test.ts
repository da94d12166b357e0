/** The collector mqtt against Debian's mosquitto, with mosquitto_sub as the reader. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { Collector } from '../../daemon/forward/collector.ts';
import { makeCollector } from '../../daemon/forward/index.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import {
  contextOf,
  deliverAll,
  kinds,
  type SaidByCollector,
  storedFrames,
  unaborted,
} from '../forward/collector-world.ts';
import { needPackages } from './debian.ts';
import {
  type Broker,
  isBack,
  type Message,
  mosquittoPackages,
  type Subscriber,
  startMosquitto,
  subscribe,
  writePasswords,
} from './mosquitto-broker.ts';

beforeAll(() => needPackages([...mosquittoPackages, 'openssl']));

let folder: string;
let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true });
});

async function broker(config?: readonly string[], port?: number): Promise<Broker> {
  const started = await startMosquitto(folder, config, port);
  ends.push(() => started.kill());
  return started;
}

async function reader(of: Broker, ...argv: readonly string[]): Promise<Subscriber> {
  const subscriber = await subscribe(of, ...argv);
  ends.push(() => subscriber.stop());
  return subscriber;
}

async function station(
  of: Broker,
  change: Partial<CollectorSettingsOf<'mqtt'>> = {},
  said: SaidByCollector[] = [],
): Promise<Collector> {
  const usual = { id: 'test', enabled: true, satellites: null, except: [], start: 'now' } as const;
  const url = `mqtt://127.0.0.1:${of.port}`;
  const collector = await makeCollector({ ...usual, type: 'mqtt', url, ...change }, contextOf({}, said));
  ends.push(() => collector.close());
  return collector;
}

const isFrame = ({ topic }: Message) => topic.includes('/frames/');
const seqOf = ({ payload }: Message) => payload['seq'] as number;
const isSeq = (seq: number) => (message: Message) => isFrame(message) && seqOf(message) === seq;
const oneToN = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const statusTopic = 'downlinkd/TE5T/status';
const isState = (state: string) => (message: Message) =>
  message.topic === statusTopic && message.payload['state'] === state;

test('frames come in order, as JSON under the topic of their satellite', async () => {
  const mosquitto = await broker();
  const subscriber = await reader(mosquitto);
  const frames = storedFrames(200);
  expect(await deliverAll(await station(mosquitto), frames)).toEqual([]);
  await subscriber.until(isSeq(200));
  const messages = subscriber.messages.filter(isFrame);
  expect(messages.map(seqOf)).toEqual(oneToN(200));
  const receiver = { callsign: 'TE5T', name: 'Test station', latitude: 48.1, longitude: 11.6, altitude_m: 520 };
  expect(messages[0]).toEqual({
    topic: 'downlinkd/TE5T/frames/40949',
    retained: false,
    payload: { ...frames[0], ledger_id: contextOf().ledgerId, station: receiver },
  });
});

test('the broker is killed in the middle and comes back: nothing is lost, and the order is kept', async () => {
  // Without a limit it hands a message on before it acknowledges it: what it acknowledged, the reader has.
  const config = ['allow_anonymous true', 'max_inflight_messages 0'];
  let mosquitto = await broker(config);
  const subscriber = await reader(mosquitto);
  const collector = await station(mosquitto);
  const count = 5000;
  const frames = storedFrames(count);
  const killed = subscriber.until((message) => isFrame(message) && seqOf(message) >= 700).then(() => mosquitto.kill());
  let failures = 0;
  for (let done = 0; done < count; ) {
    const outcomes = await collector.deliver(frames.slice(done, done + collector.batch), unaborted);
    const unsettled = outcomes.findIndex(({ kind }) => kind !== 'accepted');
    done += unsettled === -1 ? outcomes.length : unsettled;
    if (unsettled === -1) continue;
    expect(outcomes[unsettled]).toMatchObject({ kind: 'later', scope: 'collector' });
    if (failures++ === 0) {
      await killed;
      expect(await collector.deliver(frames.slice(done, done + 1), unaborted)).toMatchObject([
        { kind: 'later', reason: `127.0.0.1:${mosquitto.port}: connection refused: nothing listens there` },
      ]);
      mosquitto = await broker(config, mosquitto.port);
      await isBack(mosquitto, subscriber);
    }
  }
  expect(failures).toBeGreaterThan(0);
  await subscriber.until(isSeq(count));
  const seqs = subscriber.messages.filter(isFrame).map(seqOf);
  expect([...new Set(seqs)]).toEqual(oneToN(count));
  // At most what was on its way comes twice.
  expect(seqs.length - count).toBeLessThanOrEqual(collector.batch);
});

test('a broker that stops answering: later after the time-out, and all comes when it goes on', async () => {
  const mosquitto = await broker();
  const subscriber = await reader(mosquitto);
  const collector = await station(mosquitto, { timeoutS: 1 });
  await deliverAll(collector, storedFrames(3));
  mosquitto.signal('SIGSTOP');
  const frames = storedFrames(3, 4);
  const late = {
    kind: 'later',
    scope: 'collector',
    reason: expect.stringContaining('no answer of the broker within 1 s'),
  };
  expect(await collector.deliver(frames, unaborted)).toMatchObject([late, late, late]);
  // The system takes the connection in the broker's name: that it doesn't answer shows later.
  expect(kinds(await collector.deliver(frames, unaborted))).toEqual(['later', 'later', 'later']);
  mosquitto.signal('SIGCONT');
  await deliverAll(collector, frames);
  await subscriber.until(isSeq(6));
  expect([...new Set(subscriber.messages.filter(isFrame).map(seqOf))]).toEqual(oneToN(6));
});

describe('who may do what', () => {
  test('a wrong password is told in plain words, and the right one lets in', async () => {
    const passwords = join(folder, 'passwords');
    writePasswords(passwords, 'station', 'right');
    const mosquitto = await broker(['allow_anonymous false', `password_file ${passwords}`]);
    const subscriber = await reader(mosquitto, '-u', 'station', '-P', 'right');
    const said: SaidByCollector[] = [];
    const wrong = await station(mosquitto, { user: 'station', password: 'wrong' }, said);
    // mosquitto says no more of it than that the user isn't authorised.
    const words = 'the broker does not take the user name or password, or does not let this user in';
    const reason = `127.0.0.1:${mosquitto.port}: ${words}`;
    expect(await wrong.deliver(storedFrames(1), unaborted)).toEqual([{ kind: 'later', scope: 'collector', reason }]);
    expect(said.filter(({ level }) => level === 'warn')).toHaveLength(1);
    writeFileSync(join(folder, 'secret'), 'right\n');
    const right = await station(mosquitto, { user: 'station', passwordFile: join(folder, 'secret') });
    expect(kinds(await right.deliver(storedFrames(1), unaborted))).toEqual(['accepted']);
    await subscriber.until(isSeq(1));
  });

  test('a topic that the user may not write to: later, and those behind it do not come again and again', async () => {
    const rights = join(folder, 'rights');
    writeFileSync(
      rights,
      ['topic readwrite #', 'topic deny downlinkd/TE5T/frames/1', 'topic deny downlinkd/TE5T/status', ''].join('\n'),
    );
    const mosquitto = await broker(['allow_anonymous true', `acl_file ${rights}`]);
    const subscriber = await reader(mosquitto);
    const said: SaidByCollector[] = [];
    const collector = await station(mosquitto, {}, said);
    const frames: StoredFrame[] = [...storedFrames(1), ...storedFrames(1, 2, { norad: 1 }), ...storedFrames(3, 3)];
    const reason = `127.0.0.1:${mosquitto.port}, downlinkd/TE5T/frames/1: the broker does not permit it to this user`;
    const later = { kind: 'later', scope: 'collector', reason };
    expect(await collector.deliver(frames, unaborted)).toEqual([{ kind: 'accepted' }, later, later, later, later]);
    for (let i = 0; i < 5; i++) await collector.deliver(frames.slice(1), unaborted);
    await isBack(mosquitto, subscriber);
    expect(subscriber.messages.filter(isFrame).map(seqOf)).toEqual([1, 3, 4, 5]);
    // The state is not worth as much as the frames.
    const message = 'the state of the station is not shown: the broker does not permit it to this user';
    expect(said.filter(({ level }) => level === 'warn')).toEqual([{ level: 'warn', message }]);
  });

  test('a frame above the packet size of the broker is refused, the others go on', async () => {
    const mosquitto = await broker(['allow_anonymous true', 'max_packet_size 3000']);
    const collector = await station(mosquitto);
    const frames = [...storedFrames(1), ...storedFrames(1, 2, { frame: '00'.repeat(2000) }), ...storedFrames(1, 3)];
    const refused = { kind: 'refused', reason: expect.stringMatching(/^\d+ bytes, the broker takes 3000$/) };
    expect(await collector.deliver(frames, unaborted)).toEqual([{ kind: 'accepted' }, refused, { kind: 'accepted' }]);
  });
});

describe('the state of the station', () => {
  test('is retained: online from the start, offline when it is stopped', async () => {
    const mosquitto = await broker();
    const collector = await station(mosquitto);
    const early = await reader(mosquitto);
    await early.until(isState('online'));
    await collector.close();
    expect((await early.until(isState('offline'))).payload).toMatchObject({ callsign: 'TE5T', name: 'Test station' });
    expect((await (await reader(mosquitto)).until(isState('offline'))).retained).toBe(true);
  });

  test('is offline by the last will when the station is killed', async () => {
    const mosquitto = await broker();
    const subscriber = await reader(mosquitto);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'mqtt-station.ts'), `mqtt://127.0.0.1:${mosquitto.port}`],
      { stdio: 'inherit' },
    );
    ends.push(async () => child.kill('SIGKILL'));
    await subscriber.until(isState('online'));
    child.kill('SIGKILL');
    await subscriber.until(isState('offline'));
  });

  test('comes back with the broker, also while there is nothing to deliver', async () => {
    const first = await broker();
    await station(first);
    await (await reader(first)).until(isState('online'));
    await first.kill();
    const second = await broker(undefined, first.port);
    await (await reader(second)).until(isState('online'));
  });
});

test('TLS: the authority that is named, and no other', async () => {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const argv = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  execFileSync('openssl', [...argv, ...subject], { stdio: 'ignore' });
  const mosquitto = await broker(['allow_anonymous true', `keyfile ${key}`, `certfile ${certificate}`]);
  const url = `mqtts://localhost:${mosquitto.port}`;
  const trusting = await station(mosquitto, { url, tlsCaFile: certificate });
  expect(kinds(await trusting.deliver(storedFrames(2), unaborted))).toEqual(['accepted', 'accepted']);
  const distrusting = await station(mosquitto, { url });
  expect(await distrusting.deliver(storedFrames(1), unaborted)).toMatchObject([
    { kind: 'later', scope: 'collector', reason: expect.stringContaining('self-signed certificate') },
  ]);
});
