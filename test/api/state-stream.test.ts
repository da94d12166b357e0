import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { makeStateStream } from '../../daemon/api/state-stream.ts';
import { heldTime } from './bench.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) close();
});

test('a client that answers no ping is ended, one that does stays', async () => {
  const state = { time: '2026-11-26T00:00:00.000Z', in_view: [], receiving: [], next_pass: null, rotators: [] };
  vi.useFakeTimers({ toFake: [...heldTime] });
  const pingMs = 20_000;
  const stream = makeStateStream(() => state, { pingMs, clients: 10 });
  let pongs = 0;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    socket.on('pong', () => pongs++);
    stream.add(socket);
  });
  closers.push(
    () => stream.close(),
    () => server.close(),
  );
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    closers.push(() => socket.terminate());
    const [first] = await once(socket, 'message');
    expect(JSON.parse(String(first))).toEqual(state);
    return socket;
  };
  const silent = await connect();
  await connect();
  expect(stream.clients).toBe(2);
  silent.pause();
  for (let answers = 1; answers <= 4; answers++) {
    // The interval in which both are looked at is a part of that of the pings.
    vi.advanceTimersByTime(1.25 * pingMs);
    while (pongs < answers) await new Promise(setImmediate);
  }
  while (stream.clients > 1) await new Promise(setImmediate);
  expect(stream.clients).toBe(1);
});
