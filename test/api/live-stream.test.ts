import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { makeLiveStream } from '../../daemon/api/live-stream.ts';
import { decodeLive, type LiveRow } from '../../daemon/api/live-wire.ts';
import { makeLiveFeeds } from '../../daemon/live-feeds.ts';
import { makeLiveFeed } from '../../daemon/receiver/live-feed.ts';
import type { LiveOrder } from '../../daemon/receiver/live-order.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const channels = [
  { satellite: 'S', transmitter: 't', mode: 'fsk:9600:ax25-g3ruh', frequencyHz: 437.05e6, bandwidthHz: 14_400 },
];
const capture = { centreHz: 437e6, sampleRate: 250_000, channels };

async function bench() {
  const feeds = makeLiveFeeds([{ id: 'sdr0', reason: 'waits for its next pass' }], {
    now: () => 1234,
    monotonic: () => 0,
  });
  const stream = makeLiveStream(feeds, { pingMs: 20_000, clients: 3 });
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => stream.add(socket));
  closers.push(
    () => stream.close(),
    () => server.close(),
  );
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    closers.push(() => socket.terminate());
    const texts: Record<string, unknown>[] = [];
    const rows: LiveRow[] = [];
    socket.on('message', (data: Buffer, binary) => {
      if (!binary) texts.push(JSON.parse(String(data)));
      else rows.push(decodeLive(new Uint8Array(data).buffer) as LiveRow);
    });
    await once(socket, 'open');
    return { socket, texts, rows, wish: (wish: unknown) => socket.send(JSON.stringify(wish)) };
  };
  const orders: LiveOrder[] = [];
  const live = makeLiveFeed(capture, (order) => orders.push(order));
  const row = (id: number, timeMs: number, columns = 64) =>
    live.message({
      kind: 'row',
      id,
      row: {
        ...{ timeMs, lowHz: 436.9e6, highHz: 437.1e6, floorDb: -120, stepDb: 0.5 },
        ...{ channelsHz: Float64Array.of(437.05e6), levels: new Uint8Array(columns).fill(9) },
      },
    });
  return { stream, feeds, connect, orders, live, row };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

test('an SDR that waits is told so, and its capture when it begins and ends', async () => {
  const { feeds, connect, live, row, orders } = await bench();
  const { texts, rows, wish } = await connect();
  wish({ waterfall: { sdr: 'sdr0', bins: 64, rowsPerS: 10 } });
  await until(() => texts.length === 1);
  expect(texts[0]).toEqual({ kind: 'nothing', sdr: 'sdr0', reason: 'waits for its next pass' });
  feeds.open('sdr0', live.feed);
  await until(() => texts.length === 2);
  expect(texts[1]).toEqual({ kind: 'capture', capture: 1, sdr: 'sdr0', ...capture });
  await until(() => orders.length === 1);
  row(1, 5000);
  await until(() => rows.length === 1);
  expect(rows[0]).toMatchObject({ kind: 'row', capture: 1, timeMs: 5000, lowHz: 436.9e6, floorDb: -120 });
  expect([...rows[0]!.channelsHz]).toEqual([437.05e6]);
  feeds.close('sdr0', 'it ended');
  await until(() => texts.length === 3);
  expect(texts[2]).toMatchObject({ kind: 'nothing', reason: 'it ended' });
});

test('who begins to look, and asks for it, is sent rows of the time before first, and not again with another wish', async () => {
  const { feeds, connect, live, row, orders } = await bench();
  feeds.open('sdr0', live.feed);
  const past = (timeMs: number | null) =>
    live.message({
      kind: 'second',
      heard: [],
      row: {
        ...{ timeMs, lowHz: 436.875e6, highHz: 437.125e6, floorDb: -120, stepDb: 0.5 },
        ...{ channelsHz: Float64Array.of(437.05e6), levels: new Uint8Array(512) },
      },
    });
  for (let second = 1; second <= 200; second++) past(second === 199 ? null : 1000 * second);
  const { rows, wish } = await connect();
  const waterfall = { sdr: 'sdr0', bins: 64, rowsPerS: 10, pastRows: 3 };
  wish({ waterfall });
  await until(() => orders.length === 1);
  row(1, 200_600);
  wish({ waterfall: { ...waterfall, lowHz: 436.9e6 } });
  await until(() => orders.length === 2);
  row(2, 200_700);
  await until(() => rows.at(-1)?.timeMs === 200_700);
  expect(rows.map(({ kind, timeMs }) => [kind, timeMs])).toEqual([
    ['past', 198_000],
    ['past', 200_000],
    ['row', 200_600],
    ['row', 200_700],
  ]);
  const everything = await connect();
  everything.wish({ waterfall: { ...waterfall, pastRows: 120 } });
  await until(() => everything.rows.at(-1)?.timeMs === 200_000);
  // Two minutes, without the one that has no time.
  expect(everything.rows).toHaveLength(119);
});

test('clients that want the same share it, and what nobody wants is not made', async () => {
  const { feeds, connect, live, orders } = await bench();
  feeds.open('sdr0', live.feed);
  const [a, b] = [await connect(), await connect()];
  const waterfall = { sdr: 'sdr0', bins: 256, rowsPerS: 5 };
  a.wish({ waterfall });
  b.wish({ waterfall, channel: { sdr: 'sdr0', satellite: 'S', transmitter: 't' } });
  await until(() => orders.at(-1)?.looks.length === 1);
  expect(orders.at(-1)).toEqual({ rows: [{ id: 1, bins: 256, rowsPerS: 5 }], looks: [0] });
  a.wish({ waterfall: { ...waterfall, lowHz: 436.95e6, highHz: 437e6 } });
  await until(() => orders.at(-1)?.rows.length === 2);
  b.wish({});
  await until(() => orders.at(-1)?.looks.length === 0);
  a.socket.close();
  await until(() => orders.at(-1)?.rows.length === 0);
});

test.each([
  ['{', 'a wish is JSON'],
  ['{"waterfall":{"sdr":"sdr0","bins":63,"rowsPerS":1}}', 'waterfall.bins'],
  ['{"waterfall":{"sdr":"sdr0","bins":64,"rowsPerS":21}}', 'waterfall.rowsPerS'],
  ['{"waterfall":{"sdr":"sdr0","bins":64,"rowsPerS":1,"lowHz":5,"highHz":5}}', 'lowHz must be below'],
  ['{"channel":{"sdr":"sdr0"}}', 'channel'],
  ['{"all":true}', 'all is no part of a wish'],
])('a wrong wish is answered with what is wrong: %s', async (text, named) => {
  const { connect } = await bench();
  const { socket, texts } = await connect();
  socket.send(text);
  await until(() => texts.length === 1);
  expect(texts[0]).toEqual({ code: 'BAD_QUERY', message: expect.stringContaining(named) });
});

test('an SDR that there is not, and a channel that is not received, are told', async () => {
  const { feeds, connect, live } = await bench();
  feeds.open('sdr0', live.feed);
  const { texts, wish } = await connect();
  wish({ waterfall: { sdr: 'sdr7', bins: 64, rowsPerS: 1 } });
  await until(() => texts.length === 1);
  expect(texts[0]).toEqual({ kind: 'nothing', sdr: 'sdr7', reason: expect.stringContaining("no SDR 'sdr7'") });
  wish({ channel: { sdr: 'sdr0', satellite: 'S', transmitter: 'other' } });
  await until(() => texts.length === 3);
  expect(texts[2]).toEqual({ code: 'NOT_FOUND', message: "'sdr0' does not receive 'other' of S now" });
});

test('a client that takes nothing gets the newest row when it does, and few of those before', async () => {
  const { feeds, connect, live, row, orders } = await bench();
  feeds.open('sdr0', live.feed);
  const { socket, rows, wish } = await connect();
  wish({ waterfall: { sdr: 'sdr0', bins: 4096, rowsPerS: 20 } });
  await until(() => orders.length === 1);
  socket.pause();
  // More than the buffers of the operating system hold.
  const sent = 400;
  for (let n = 1; n <= sent; n++) {
    row(1, n, 200_000);
    await sleep(1);
  }
  socket.resume();
  await until(() => rows.at(-1)?.timeMs === sent);
  expect(rows.length).toBeLessThan(sent / 2);
});

test('more clients than there may be are sent away', async () => {
  const { connect, stream } = await bench();
  for (let i = 0; i < 3; i++) await connect();
  const { socket } = await connect();
  const [code] = await once(socket, 'close');
  expect(code).toBe(1013);
  expect(stream.clients).toBe(3);
});
