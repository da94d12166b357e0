import { afterEach, describe, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { Collector, Outcome } from '../../daemon/forward/collector.ts';
import { webhook } from '../../daemon/forward/webhook.ts';
import { collectorContext, storedFrame } from './collector-context.ts';
import type { Reply } from './servers/faulty-server.ts';
import { webhookServer } from './servers/webhook-server.ts';

const frames = (count: number, first = 1): StoredFrame[] =>
  Array.from({ length: count }, (_, i) => storedFrame(first + i));
const { signal } = new AbortController();
let server: Awaited<ReturnType<typeof webhookServer>>;
afterEach(() => server.close());

async function start(judge?: (frames: readonly StoredFrame[]) => Reply | null): Promise<Collector> {
  server = await webhookServer({ secret: 'shared', ...(judge && { judge }) });
  const common = { id: 'hook', type: 'webhook', enabled: true, satellites: null, except: [], start: 'now' } as const;
  return webhook({ ...common, url: server.url, secret: 'shared' }, collectorContext());
}

/** As the engine does: on from the first frame without an outcome, until all have one that is not 'later'. */
async function deliverAll(collector: Collector, queue: readonly StoredFrame[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < queue.length) {
    const some = await collector.deliver(queue.slice(outcomes.length, outcomes.length + collector.batch), signal);
    expect(some.length).toBeGreaterThan(0);
    outcomes.push(...some);
  }
  return outcomes;
}

const sizes = () => server.batches.map(({ frames }) => frames.length);

test('a batch goes as one signed request, with the station and the ledger', async () => {
  const collector = await start();
  const sent = frames(3);
  expect(await collector.deliver(sent, signal)).toEqual(sent.map(() => ({ kind: 'accepted' })));
  expect(server.batches).toEqual([
    {
      station: { callsign: 'N0CALL', name: 'Roof', latitude: 49.7, longitude: 8.9, altitude_m: 120.4 },
      ledger: collectorContext().ledgerId,
      frames: sent,
    },
  ]);
});

test('a batch that is sent once more has the same key, another batch has another', async () => {
  const collector = await start();
  await collector.deliver(frames(3), signal);
  await collector.deliver(frames(3), signal);
  await collector.deliver(frames(2), signal);
  const keys = server.received.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test('the receiver can answer for each frame', async () => {
  const results = [
    { id: 'frame-4', status: 'later', reason: 'disk\u0007 full' },
    { id: 'frame-1', status: 'accepted' },
    { id: 'frame-2', status: 'refused', reason: 'of another mission' },
    { id: 'frame-5', status: 'perhaps' },
    { id: 'unheard of', status: 'accepted' },
    null,
  ];
  const collector = await start(() => ({ status: 200, body: JSON.stringify({ results }) }));
  expect(await collector.deliver(frames(5), signal)).toEqual([
    { kind: 'accepted' },
    { kind: 'refused', reason: 'of another mission' },
    { kind: 'later', scope: 'frame', reason: 'the answer has no result for it' },
    { kind: 'later', scope: 'frame', reason: 'disk full' },
    { kind: 'later', scope: 'frame', reason: 'the answer has an unknown status: perhaps' },
  ]);
});

describe('a successful answer', () => {
  const page = 'a page came back instead of an answer; does a login page stand in between?';
  test.each<[string, string, Outcome]>([
    ['plain text', 'ok', { kind: 'accepted' }],
    ['JSON without results', '{"received": 1}', { kind: 'accepted' }],
    ['broken JSON', '{"results": [', { kind: 'later', scope: 'collector', reason: 'its answer is broken JSON' }],
    [
      'results of another form',
      '{"results": {}}',
      { kind: 'later', scope: 'collector', reason: 'the results in its answer are no list' },
    ],
    [
      'results of nothing',
      '{"results": []}',
      { kind: 'later', scope: 'collector', reason: 'the answer has no result for it' },
    ],
    ['a page', '\n<!doctype html><title>Wi-Fi</title>', { kind: 'later', scope: 'collector', reason: page }],
  ])('%s', async (_, body, outcome) => {
    const collector = await start(() => ({ status: 200, body }));
    expect(await collector.deliver(frames(2), signal)).toEqual([outcome, outcome]);
  });
});

test('too large a batch is halved until it fits, and what follows is tried larger again', async () => {
  const collector = await start((batch) => (batch.length > 25 ? { status: 413, body: 'too large' } : null));
  const queue = frames(100);
  expect(await deliverAll(collector, queue)).toEqual(queue.map(() => ({ kind: 'accepted' })));
  expect(server.taken).toEqual(queue);
  expect(sizes().slice(0, 4)).toEqual([100, 50, 25, 50]);
  await collector.deliver(frames(1, 101), signal);
  await collector.deliver(frames(50, 102), signal);
  expect(sizes().slice(-2)).toEqual([50, 25]);
});

test('one frame that is too large by itself is refused', async () => {
  const collector = await start(() => ({ status: 413, body: 'too large' }));
  expect(await collector.deliver(frames(3), signal)).toEqual([{ kind: 'refused', reason: 'HTTP 413: too large' }]);
});

test.each([
  [400, { kind: 'refused', reason: 'HTTP 400: bad' }],
  [500, { kind: 'later', scope: 'frame', reason: 'HTTP 500: bad' }],
])('a frame that makes the receiver answer %d is found, and the others get through', async (status, outcome) => {
  const collector = await start((batch) => (batch.some(({ seq }) => seq === 37) ? { status, body: 'bad' } : null));
  const queue = frames(60);
  const outcomes = await deliverAll(collector, queue);
  expect(outcomes[36]).toEqual(outcome);
  expect(outcomes.toSpliced(36, 1)).toEqual(queue.slice(1).map(() => ({ kind: 'accepted' })));
  expect(server.taken).toEqual(queue.filter(({ seq }) => seq !== 37));
});
