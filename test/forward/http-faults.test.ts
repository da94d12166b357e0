import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Collector, Outcome } from '../../daemon/forward/collector.ts';
import { makeCollector } from '../../daemon/forward/index.ts';
import type { CollectorSettings } from '../../daemon/settings/settings.ts';
import { collectorContext, storedFrame } from './collector-context.ts';
import { type Fault, faultyServer } from './servers/faulty-server.ts';
import { networkJob, satnogsNetworkServer } from './servers/satnogs-network-server.ts';
import { sidsServer } from './servers/sids-server.ts';
import { webhookServer } from './servers/webhook-server.ts';

let seq = 0;
interface Bench {
  /** With the server's address and the right secret, and with patience, unless told otherwise. */
  collector(told?: { address?: string; secret?: string; timeoutS?: number }): Promise<Collector>;
  readonly server: { url: string; fault: Fault | null; close(): Promise<void> };
  /** How often the server has taken the frame. */
  taken(): number;
}

const common = { id: 'test', enabled: true, satellites: null, except: [], start: 'now' } as const;
/** Of a server that does answer. */
const patienceS = 120;
const folders: string[] = [];
const closed: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closed.splice(0)) await close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-collector-'));
  folders.push(folder);
  return folder;
}

async function made(settings: CollectorSettings, dataFolder = newFolder()): Promise<Collector> {
  const collector = await makeCollector(settings, collectorContext({ dataFolder }));
  closed.push(() => collector.close());
  return collector;
}

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  async sids() {
    const server = await sidsServer({ token: 'right' });
    return {
      server,
      collector: ({ address: url = server.url, secret: token = 'right', timeoutS = patienceS } = {}) =>
        made({ ...common, type: 'sids', url, token, timeoutS }),
      taken: () => server.taken.length,
    };
  },
  async webhook() {
    const server = await webhookServer({ secret: 'right' });
    return {
      server,
      collector: ({ address: url = server.url, secret = 'right', timeoutS = patienceS } = {}) =>
        made({ ...common, type: 'webhook', url, secret, timeoutS }),
      taken: () => server.taken.length,
    };
  },
  async 'satnogs-network'() {
    const server = await satnogsNetworkServer({ token: 'right', jobs: [networkJob()] });
    // Jobs that one collector was told of are known to the next one.
    const dataFolder = newFolder();
    const jobsFile = join(dataFolder, 'collectors', common.id, 'jobs.json');
    return {
      server,
      async collector({ address: url = server.url, secret: token = 'right', timeoutS = patienceS } = {}) {
        const settings = { ...common, type: 'satnogs-network', url, token, timeoutS, groundStation: 5 } as const;
        const collector = await made(settings, dataFolder);
        // The faults are to meet the upload; test/forward/satnogs-network.test.ts has those of the poll.
        if (url === server.url && token === 'right') while (!existsSync(jobsFile)) await sleep(5);
        return collector;
      },
      taken: () => server.files.size,
    };
  },
};

describe.each(Object.keys(benches))('%s', (protocol) => {
  async function bench(): Promise<Bench> {
    const made = await benches[protocol]!();
    closed.push(() => made.server.close());
    return made;
  }

  async function deliver(
    collector: Collector,
    { frame = storedFrame(++seq), signal = new AbortController().signal } = {},
  ): Promise<Outcome> {
    for (;;) {
      const outcome = (await collector.deliver([frame], signal))[0]!;
      // The network's answer to the first poll may still be on its way.
      if (!('reason' in outcome && /is to be asked first/.test(outcome.reason))) return outcome;
      await sleep(5);
    }
  }

  test('what the server takes is accepted', async () => {
    const { collector, taken } = await bench();
    expect(await deliver(await collector())).toEqual({ kind: 'accepted' });
    expect(taken()).toBe(1);
  });

  const faults: readonly (readonly [string, Fault, object])[] = [
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' },
      { scope: 'collector', retryAfterMs: 7000, reason: 'HTTP 429: slow down' },
    ],
    [
      'a year of Retry-After',
      { status: 503, headers: { 'retry-after': '31536000' } },
      { scope: 'collector', retryAfterMs: 86_400_000, reason: 'HTTP 503' },
    ],
    [
      'nonsense as Retry-After',
      { status: 503, headers: { 'retry-after': 'soon' } },
      { scope: 'collector', reason: 'HTTP 503' },
    ],
    ['an overloaded gateway', { status: 502 }, { scope: 'collector', reason: 'HTTP 502' }],
    ['a gateway without its server', { status: 504 }, { scope: 'collector', reason: 'HTTP 504' }],
    [
      'an error that the frame may have caused',
      { status: 500, body: '<html><title>Server Error (500)</title><h1>x' },
      { scope: 'frame', reason: 'HTTP 500: Server Error (500)' },
    ],
    ['a request that took too long', { status: 408 }, { scope: 'collector', reason: 'HTTP 408' }],
    ['a request that came too early', { status: 425 }, { scope: 'collector', reason: 'HTTP 425' }],
    ['a time-out', 'never answers', { scope: 'collector', reason: 'no answer within 0.3 s' }],
    [
      'an answer that never ends',
      'answers without end',
      {
        scope: 'collector',
        reason: expect.stringMatching(/^HTTP 20\d, but the answer is not whole: no answer within 4 s$/),
      },
    ],
    [
      'half an answer',
      'answers half',
      { scope: 'collector', reason: expect.stringMatching(/^HTTP 20\d, but the answer is not whole: /) },
    ],
    [
      'a connection that breaks',
      'breaks the connection before its work',
      { scope: 'collector', reason: 'the connection broke' },
    ],
    ['garbage', 'does not speak HTTP', { scope: 'collector', reason: expect.stringMatching(/HTTP/) }],
    [
      'long words with control characters',
      { status: 402, body: `\u001b[2J${'words '.repeat(100)}` },
      { scope: 'collector', reason: `HTTP 402: [2J${'words '.repeat(100)}`.slice(0, 310) },
    ],
  ];
  /** Of those who wait in vain: for the whole answer, or for its rest, whose beginning must come before. */
  const timeoutsS = new Map<Fault, number>([
    ['never answers', 0.3],
    ['answers without end', 4],
  ]);
  test.each(faults)('%s: later, and then the frame goes through', async (_, fault, expected) => {
    const { collector, server } = await bench();
    const made = await collector();
    expect(await deliver(made)).toEqual({ kind: 'accepted' });
    const timeoutS = timeoutsS.get(fault);
    const faced = timeoutS === undefined ? made : await collector({ timeoutS });
    server.fault = fault;
    expect(await deliver(faced)).toEqual({ kind: 'later', ...expected });
    server.fault = null;
    expect(await deliver(made)).toEqual({ kind: 'accepted' });
  });

  test('a date as Retry-After', async () => {
    const { collector, server } = await bench();
    const made = await collector();
    await deliver(made);
    server.fault = { status: 503, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } };
    const { retryAfterMs } = (await deliver(made)) as { retryAfterMs: number };
    expect(retryAfterMs / 60_000).toBeGreaterThan(50);
    expect(retryAfterMs / 60_000).toBeLessThanOrEqual(60);
  });

  test('a huge answer is not read to its end', async () => {
    const { collector, server } = await bench();
    const made = await collector();
    await deliver(made);
    server.fault = 'answers 1 MB';
    expect(await deliver(made)).toMatchObject({
      kind: 'later',
      scope: 'collector',
      reason: expect.stringMatching(/larger than 6[45] kB/),
    });
  });

  test('taken, but the connection breaks before the answer: later, and sent once more', async () => {
    const { collector, server, taken } = await bench();
    const made = await collector();
    const frame = storedFrame(++seq);
    server.fault = 'breaks the connection after its work';
    expect(await deliver(made, { frame })).toEqual({
      kind: 'later',
      scope: 'collector',
      reason: 'the connection broke',
    });
    server.fault = null;
    expect(await deliver(made, { frame })).toEqual({ kind: 'accepted' });
    // The network knows the file by its name, a receiver of the webhook by the key; SiDS has nothing of the kind.
    expect(taken()).toBe(protocol === 'satnogs-network' ? 1 : 2);
  });

  test('a redirect to another server is not followed, so that it never sees the secret', async () => {
    const { collector, server } = await bench();
    const made = await collector();
    await deliver(made);
    const other = await faultyServer(() => ({ status: 200 }));
    closed.push(() => other.close());
    server.fault = { status: 307, headers: { location: `${other.url}/elsewhere` } };
    expect(await deliver(made)).toEqual({
      kind: 'later',
      scope: 'collector',
      reason: `HTTP 307: the server redirects to ${other.url}/elsewhere; if that is right, put it in the settings`,
    });
    expect(other.received).toEqual([]);
  });

  test('a wrong token or secret is the operator’s business: later, with the words of the server', async () => {
    const { collector } = await bench();
    expect(await deliver(await collector({ secret: 'wrong' }))).toMatchObject({
      kind: 'later',
      scope: 'collector',
      reason: expect.stringMatching(
        /HTTP 401: .*(Invalid token|wrong signature).*; check the token or secret in the settings$/,
      ),
    });
  });

  test('the server is gone', async () => {
    const { collector, server } = await bench();
    const made = await collector();
    await deliver(made);
    await server.close();
    expect(await deliver(made)).toEqual({
      kind: 'later',
      scope: 'collector',
      reason: 'connection refused: nothing listens there',
    });
  });

  test('a name that nobody knows', async () => {
    const { collector } = await bench();
    expect(await deliver(await collector({ address: 'http://collector.invalid' }))).toMatchObject({
      scope: 'collector',
      reason: expect.stringMatching(/no network/),
    });
  });

  test('the station stops: a delivery under way ends at once', async () => {
    const { collector, server } = await bench();
    const made = await collector();
    await deliver(made);
    server.fault = 'never answers';
    expect(await deliver(made, { signal: AbortSignal.abort() })).toEqual({
      kind: 'later',
      scope: 'collector',
      reason: 'the station stops',
    });
  });
});
