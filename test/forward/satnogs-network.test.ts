import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { Collector, CollectorContext, Outcome } from '../../daemon/forward/collector.ts';
import { satnogsNetwork } from '../../daemon/forward/satnogs-network.ts';
import { collectorContext, storedFrame } from './collector-context.ts';
import { networkJob, satnogsNetworkServer } from './servers/satnogs-network-server.ts';

type Server = Awaited<ReturnType<typeof satnogsNetworkServer>>;
const common = {
  id: 'net',
  type: 'satnogs-network',
  enabled: true,
  satellites: null,
  except: [],
  start: 'now',
} as const;
let server: Server;
let dataFolder: string;
let running: Collector[];
const jobsFile = () => join(dataFolder, 'collectors', 'net', 'jobs.json');

beforeEach(async () => {
  server = await satnogsNetworkServer({ token: 'right', jobs: [networkJob()] });
  dataFolder = mkdtempSync(join(tmpdir(), 'downlinkd-network-'));
  running = [];
});
afterEach(async () => {
  for (const collector of running) await collector.close();
  await server.close();
  rmSync(dataFolder, { recursive: true });
});

async function start(change: Partial<CollectorContext> = {}, pollIntervalS = 60): Promise<Collector> {
  const settings = { ...common, url: server.url, token: 'right', groundStation: 5, pollIntervalS };
  const collector = await satnogsNetwork(settings, collectorContext({ dataFolder, ...change }));
  running.push(collector);
  return collector;
}

async function deliver(collector: Collector, frame: StoredFrame): Promise<Outcome> {
  return (await collector.deliver([frame], new AbortController().signal))[0]!;
}

/** What becomes of a frame once the first poll is through. */
async function settled(collector: Collector, frame: StoredFrame): Promise<Outcome> {
  for (;;) {
    const outcome = await deliver(collector, frame);
    if (!('reason' in outcome && /is to be asked first/.test(outcome.reason))) return outcome;
    await sleep(5);
  }
}

async function polled(count: number): Promise<void> {
  while (server.polls.length < count) await sleep(5);
}

const notCovered = { kind: 'refused', reason: 'no observation of the network covers it' };

test('the poll says which station it is and where', async () => {
  await start();
  await polled(1);
  expect(Object.fromEntries(server.polls[0]!)).toEqual({ ground_station: '5', lat: '49.7', lon: '8.9', alt: '120' });
});

test('the station is heard of again and again without any frame, until it stops', async () => {
  const collector = await start({}, 0.01);
  await polled(3);
  await collector.close();
  // A request that was on its way when the station stopped may still arrive, before one that is made now.
  const answered = async () => void (await (await fetch(server.url)).text());
  await answered();
  const polls = server.polls.length;
  await sleep(100);
  await answered();
  expect(server.polls.length).toBe(polls);
});

test('a frame goes to the observation of its satellite at its time, as a file of its own', async () => {
  server.jobs.push(
    networkJob({ id: 78, norad_cat_id: 100_001, tle1: '1 A0001U' }),
    networkJob({ id: 79, tle1: '1 A0002U' }),
  );
  const collector = await start();
  expect(await settled(collector, storedFrame(1))).toEqual({ kind: 'accepted' });
  // Two frames of the same second are two files.
  expect(await deliver(collector, storedFrame(2, { frame: 'beef' }))).toEqual({ kind: 'accepted' });
  expect(await deliver(collector, storedFrame(3, { norad: 100_001 }))).toEqual({ kind: 'accepted' });
  expect(await deliver(collector, storedFrame(4, { norad: 100_002 }))).toEqual({ kind: 'accepted' });
  expect([...server.files].map(([name, bytes]) => [name, bytes.toString('hex')])).toEqual([
    ['data_77_2026-01-31T12-00-00_1', 'c0ffee'],
    ['data_77_2026-01-31T12-00-00_2', 'beef'],
    ['data_78_2026-01-31T12-00-00_3', 'c0ffee'],
    ['data_79_2026-01-31T12-00-00_4', 'c0ffee'],
  ]);
});

test.each<[string, Partial<StoredFrame>]>([
  ['another satellite', { norad: 7530 }],
  ['before the observation', { time: '2026-01-31T11:57:59.999Z' }],
  ['behind it', { time: '2026-01-31T12:08:00.001Z' }],
])('a frame that no observation covers is refused: %s', async (_, change) => {
  expect(await settled(await start(), storedFrame(1, change))).toEqual(notCovered);
});

test('the job of another station is none of ours', async () => {
  server.jobs.splice(0, 1, networkJob({ ground_station: 6 }));
  expect(await settled(await start(), storedFrame(1))).toEqual(notCovered);
});

test('a frame without a catalogue number or a time is refused', async () => {
  const collector = await start();
  expect(await deliver(collector, storedFrame(1, { norad: null }))).toMatchObject({ kind: 'refused' });
  expect(await deliver(collector, storedFrame(1, { time: null }))).toMatchObject({ kind: 'refused' });
});

test('a frame that is newer than the last poll waits for the next one', async () => {
  let now = Date.parse('2026-01-31T13:00:00Z');
  const collector = await start({ now: () => now });
  const early = storedFrame(1, { time: '2026-01-31T12:59:59.000Z' });
  expect(await settled(collector, early)).toEqual(notCovered);
  now += 30_000;
  const outcome = await deliver(collector, storedFrame(2, { time: '2026-01-31T13:00:10.000Z' }));
  expect(outcome).toMatchObject({ kind: 'later', scope: 'collector' });
  const { retryAfterMs } = outcome as { retryAfterMs: number };
  expect(retryAfterMs).toBeGreaterThan(1000);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
});

test('a frame of the future does not stand in the way of others', async () => {
  const collector = await start({ now: () => Date.parse('2026-01-31T13:00:00Z') });
  expect(await deliver(collector, storedFrame(1, { time: '2026-02-01T00:00:00.000Z' }))).toMatchObject({
    kind: 'later',
    scope: 'frame',
  });
});

test.each([
  [{ status: 503, body: 'maintenance' }, 'HTTP 503: maintenance'],
  [{ status: 200, body: '{"detail": "?"}' }, 'its answer is no list of jobs'],
  [{ status: 200, body: '<html>' }, 'its answer is no list of jobs'],
])('a poll that fails is tried again: %o', async (fault, reason) => {
  server.fault = fault;
  const collector = await start({}, 0.05);
  expect(await settled(collector, storedFrame(1))).toEqual({
    kind: 'later',
    scope: 'collector',
    reason: `the network could not be asked for its observations: ${reason}`,
    retryAfterMs: 1000,
  });
  server.fault = null;
  await expect.poll(() => deliver(collector, storedFrame(1))).toEqual({ kind: 'accepted' });
});

test('a job that has begun is not listed any more, and is known all the same, also after a restart', async () => {
  const first = await start({}, 0.01);
  await polled(2);
  server.begun.add(77);
  await polled(server.polls.length + 2);
  expect(await deliver(first, storedFrame(1))).toEqual({ kind: 'accepted' });
  await first.close();
  expect(await deliver(await start(), storedFrame(2))).toEqual({ kind: 'accepted' });
});

test.each(['{"half', '[null, {"id": -1}]'])('a damaged file of jobs is begun anew: %s', async (text) => {
  mkdirSync(dirname(jobsFile()), { recursive: true });
  writeFileSync(jobsFile(), text);
  expect(await settled(await start(), storedFrame(1))).toEqual({ kind: 'accepted' });
});

test('a file that is there already is accepted, a deleted observation refused', async () => {
  const collector = await start();
  expect(await settled(collector, storedFrame(1))).toEqual({ kind: 'accepted' });
  expect(await deliver(collector, storedFrame(1))).toEqual({ kind: 'accepted' });
  server.jobs.splice(0);
  expect(await deliver(collector, storedFrame(2))).toEqual({
    kind: 'refused',
    reason: 'observation 77: HTTP 404: {"detail":"Not found."}',
  });
});

test('without a token it does not start', async () => {
  await expect(satnogsNetwork({ ...common, groundStation: 5 }, collectorContext({ dataFolder }))).rejects.toThrow(
    /collector net: SatNOGS Network needs a token; set token or token_file/,
  );
});
