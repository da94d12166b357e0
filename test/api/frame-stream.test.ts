import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { FollowerLimits } from '../../daemon/api/frame-followers.ts';
import { closeCodes } from '../../daemon/api/frame-web-socket.ts';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { benchApi, heldTime } from './bench.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
});

async function station(followerLimits?: FollowerLimits) {
  const bench = await benchApi(followerLimits ? { followerLimits } : {});
  const url = (await bench.api.listen(0)).replace('http', 'ws');
  closers.push(() => bench.api.close());
  return {
    ...bench,
    announce: (count: number, bytes?: number) => bench.api.announce(bench.ledger.add(count, bytes)),
    connect(query = '', headers: Record<string, string> = {}) {
      const socket = new WebSocket(`${url}/api/frames/stream${query}`, { headers });
      closers.push(() => socket.terminate());
      const seqs: number[] = [];
      let wake = () => {};
      socket.on('message', (data) => {
        seqs.push((JSON.parse(String(data)) as StoredFrame).seq);
        wake();
      });
      const until = async (count: number) => {
        while (seqs.length < count) await new Promise<void>((resolve) => (wake = resolve));
      };
      return { socket, seqs, until, opened: once(socket, 'open') };
    },
  };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('replay, then live: every frame once and in order, however fast frames come meanwhile', async () => {
  const { ledger, announce, connect } = await station();
  ledger.add(1000);
  // Announcements fall before, into and behind the replay.
  announce(1);
  const client = connect('?since=100');
  for (let i = 0; i < 500; i++) {
    announce(1 + (i % 100 === 0 ? 99 : i % 3));
    if (i % 10 === 0) await new Promise(setImmediate);
  }
  const last = ledger.lastSeq();
  await client.until(last - 100);
  expect(client.seqs).toEqual(upTo(last, 101));
});

test('without since only new frames come', async () => {
  const { ledger, announce, connect } = await station();
  ledger.add(10);
  announce(1);
  const client = connect();
  await client.opened;
  announce(2);
  await client.until(2);
  expect(client.seqs).toEqual([12, 13]);
});

test('a client that reconnects with since=<last> misses nothing and gets nothing twice', async () => {
  const { ledger, announce, connect } = await station();
  const all: number[] = [];
  for (let round = 0; round < 5; round++) {
    const client = connect(`?since=${all.at(-1) ?? 0}`);
    await client.opened;
    announce(200);
    await client.until(120);
    client.socket.terminate();
    all.push(...client.seqs);
    announce(7);
  }
  const last = connect(`?since=${all.at(-1)}`);
  await last.until(ledger.lastSeq() - all.length);
  all.push(...last.seqs);
  expect(all).toEqual(upTo(ledger.lastSeq()));
});

test('a filtered client gets what it wants, once and in order, through a long ledger, and resumes', async () => {
  const { api, ledger, connect } = await station();
  const wanted = (seq: number) => seq % 3001 === 0 || seq > 40_900;
  const add = (count: number) =>
    ledger.add(count, 4, (seq) => ({ satellite: seq % 2 ? 'GOMX-3' : 'AO-73', simulated: !wanted(seq) }));
  add(40_000);
  api.announce(ledger.frames_.slice(-10));
  const query = 'satellite=ao-73&simulated=false';
  const expected = () => ledger.frames_.filter((f) => f.satellite === 'AO-73' && !f.simulated).map(({ seq }) => seq);
  const first = connect(`?since=0&${query}`);
  await first.until(3);
  first.socket.terminate();
  const second = connect(`?since=${first.seqs.at(-1)}&${query}`);
  for (let i = 0; i < 20; i++) {
    api.announce(add(50));
    await new Promise(setImmediate);
  }
  await second.until(expected().length - first.seqs.length);
  expect([...first.seqs, ...second.seqs]).toEqual(expected());
});

test('a client that comes later gets frames as they are now', async () => {
  const { api, ledger, connect } = await station();
  api.announce(ledger.add(2));
  ledger.frames_[0] = { ...ledger.frames_[0]!, time: '2026-02-01T00:00:00.000Z', clock: 'restamped' };
  api.framesChanged();
  const client = connect('?since=0');
  const [message] = await once(client.socket, 'message');
  expect(JSON.parse(String(message))).toEqual(ledger.frames_[0]);
});

// The length of a WebSocket message is written in two ways.
test.each([4, 40_000])('a message is the stored frame as it is, of %i bytes', async (length) => {
  const { api, ledger, connect } = await station();
  const client = connect();
  await client.opened;
  const message = once(client.socket, 'message');
  const frames = ledger.add(1, length);
  api.announce(frames);
  expect(JSON.parse(String((await message)[0]))).toEqual(frames[0]);
});

test('a client that does not read is disconnected with a code and slows nobody else', async () => {
  vi.useFakeTimers({ toFake: [...heldTime] });
  const { announce, connect, api } = await station({ slowMs: 10_000, pingMs: 60_000, clients: 10 });
  const slow = connect('?since=0');
  const quick = connect('?since=0');
  await Promise.all([slow.opened, quick.opened]);
  slow.socket.pause();
  const closed = once(slow.socket, 'close');
  // More than the operating system buffers for a connection.
  const rounds = 40;
  for (let i = 1; i <= rounds; i++) {
    announce(64, 8000);
    await quick.until(64 * i);
  }
  expect(quick.seqs).toEqual(upTo(64 * rounds));
  const clients = async () => (await api.app.inject('/api/status')).json().stream_clients;
  expect(await clients()).toBe(2);
  vi.advanceTimersByTime(20_000);
  expect(await clients()).toBe(1);
  announce(1);
  await quick.until(64 * rounds + 1);
  slow.socket.resume();
  const [code] = await closed;
  expect([closeCodes.tooSlow, 1006]).toContain(code);
  expect(slow.seqs).toEqual(upTo(slow.seqs.length));
});

test('a client that answers no ping is ended', async () => {
  const { connect, api } = await station({ slowMs: 60_000, pingMs: 80, clients: 10 });
  const silent = connect('', {});
  await silent.opened;
  silent.socket.pause();
  const clients = async () => (await api.app.inject('/api/status')).json().stream_clients;
  while ((await clients()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a client that sends pings and does not read the answers is cut off', async () => {
  const { connect, api } = await station({ slowMs: 60_000, pingMs: 60_000, clients: 10 });
  const { socket, opened } = connect();
  await opened;
  socket.on('error', () => {});
  socket.pause();
  const clients = async () => (await api.app.inject('/api/status')).json().stream_clients;
  const ping = Buffer.alloc(125);
  while ((await clients()) > 0) {
    for (let i = 0; i < 1000 && socket.readyState === socket.OPEN && socket.bufferedAmount < 1e6; i++)
      socket.ping(ping);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});

test('too many clients, foreign pages and bad queries are turned away', async () => {
  const { connect } = await station({ slowMs: 600_000, pingMs: 600_000, clients: 1 });
  await connect().opened;
  const [code] = await once(connect().socket, 'close');
  expect(code).toBe(closeCodes.tooManyClients);

  for (const [query, headers, status] of [
    ['', { origin: 'http://evil.example' }, 403],
    ['', { host: 'evil.example' }, 403],
    ['?since=x', {}, 400],
    ['?satellite=GOMX3', {}, 400],
  ] as const) {
    const { socket, opened } = connect(query, headers);
    opened.catch(() => {});
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(status);
    // The connection is closed too: nobody keeps the station from stopping.
    response.resume();
    await once(response, 'close');
  }
});

test('a station that stops says so', async () => {
  const { api, connect } = await station();
  const client = connect();
  await client.opened;
  const closed = once(client.socket, 'close');
  await api.close();
  expect((await closed)[0]).toBe(closeCodes.goingAway);
});

test('a port in use, and an address that is not ours, are one clear error', async () => {
  const { api } = await benchApi();
  closers.push(() => api.close());
  const port = Number(new URL(await api.listen(0)).port);
  const second = (await benchApi()).api;
  closers.push(() => second.close());
  await expect(second.listen(port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringMatching(/in use/),
  });
  const foreign = (await benchApi({ host: '192.0.2.1' })).api;
  closers.push(() => foreign.close());
  await expect(foreign.listen(0)).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
});
