import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import type { FollowerLimits } from '../../daemon/api/frame-followers.ts';
import { benchApi, heldTime } from './bench.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
});

async function station(followerLimits?: FollowerLimits) {
  const bench = await benchApi(followerLimits ? { followerLimits } : {});
  const url = await bench.api.listen(0);
  closers.push(() => bench.api.close());
  return {
    ...bench,
    async connect(query = '', headers: Record<string, string> = {}) {
      const [answer] = (await once(get(`${url}/api/frames/events${query}`, { headers }), 'response')) as [
        IncomingMessage,
      ];
      closers.push(() => void answer.destroy());
      /** What is not a whole event yet. */
      let text = '';
      const events: string[] = [];
      let wake = () => {};
      answer.on('data', (data) => {
        const pieces = (text + data).split('\n\n');
        text = pieces.pop()!;
        events.push(...pieces);
        wake();
      });
      answer.on('error', () => {});
      const seen = async (pattern: RegExp) => {
        while (!events.some((event) => pattern.test(event))) await new Promise<void>((resolve) => (wake = resolve));
      };
      const ids = () => events.flatMap((event) => /^id: (\d+)$/m.exec(event)?.[1] ?? []).map(Number);
      return { answer, events, seen, ids };
    },
  };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('each event is a stored frame under its seq: replay, then live', async () => {
  const { api, ledger, connect } = await station();
  ledger.add(200);
  const client = await connect('?since=50');
  expect(client.answer.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  await client.seen(/retry/);
  api.announce(ledger.add(100));
  await client.seen(/^id: 300$/m);
  expect(client.ids()).toEqual(upTo(300, 51));
  const data = /^id: 300\ndata: (.*)$/.exec(client.events.at(-1)!)![1]!;
  expect(JSON.parse(data)).toEqual(ledger.frames_[299]);
});

test('a browser that connects again tells the last id, which counts more than the since of its address', async () => {
  const { api, ledger, connect } = await station();
  api.announce(ledger.add(20));
  const client = await connect('?since=3', { 'last-event-id': '17' });
  await client.seen(/^id: 20$/m);
  expect(client.ids()).toEqual([18, 19, 20]);
});

test('the filters are those of the other interfaces', async () => {
  const { api, ledger, connect } = await station();
  const client = await connect('?satellite=AO-73&simulated=false');
  await client.seen(/retry/);
  api.announce(ledger.add(12, 4, (seq) => ({ satellite: seq % 2 ? 'GOMX-3' : 'AO-73', simulated: seq % 3 === 0 })));
  await client.seen(/^id: 10$/m);
  expect(client.ids()).toEqual([2, 4, 8, 10]);
});

test('a quiet connection gets a comment now and then', async () => {
  const { connect } = await station({ slowMs: 60_000, pingMs: 50, clients: 10 });
  await (await connect()).seen(/^: /);
});

test('a client that does not read is cut off and slows nobody else', async () => {
  vi.useFakeTimers({ toFake: [...heldTime] });
  const { api, ledger, connect } = await station({ slowMs: 10_000, pingMs: 60_000, clients: 10 });
  const slow = await connect('?since=0');
  const quick = await connect('?since=0');
  slow.answer.pause();
  // More than the operating system buffers for a connection.
  for (let i = 1; i <= 40; i++) {
    api.announce(ledger.add(64, 8000));
    while (quick.ids().at(-1) !== 64 * i) await new Promise(setImmediate);
  }
  expect(quick.ids()).toEqual(upTo(64 * 40));
  const clients = async () => (await api.app.inject('/api/status')).json().stream_clients;
  expect(await clients()).toBe(2);
  vi.advanceTimersByTime(20_000);
  expect(await clients()).toBe(1);
  api.announce(ledger.add(1));
  await quick.seen(new RegExp(`^id: ${64 * 40 + 1}$`, 'm'));
});

test('bad queries and too many clients are refused with a code', async () => {
  const { api, connect } = await station({ slowMs: 600_000, pingMs: 600_000, clients: 1 });
  for (const [query, headers, code] of [
    ['?since=x', {}, 'BAD_QUERY'],
    ['', { 'last-event-id': '1.5' }, 'BAD_QUERY'],
    ['?satellite=GOMX3', {}, 'SATELLITE_UNKNOWN'],
  ] as const) {
    const answer = await api.app.inject({ url: `/api/frames/events${query}`, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code });
  }
  await connect();
  const refused = await connect();
  expect(refused.answer.statusCode).toBe(503);
});

test('a station that stops sends what is stored already, and ends the answer', async () => {
  const { api, ledger, connect } = await station();
  const client = await connect();
  await client.seen(/retry/);
  const end = once(client.answer, 'end');
  api.announce(ledger.add(1));
  await api.close();
  await end;
  expect(client.ids()).toEqual([1]);
});
