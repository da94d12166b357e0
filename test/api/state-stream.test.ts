import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { makeStateStream } from '../../daemon/api/state-stream.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

test('a client that answers no ping is ended, one that does stays', async () => {
  const state = { time: '2026-11-26T00:00:00.000Z', in_view: [], receiving: [], next_pass: null, rotators: [] };
  const stream = makeStateStream(() => state, { pingMs: 80, clients: 10 });
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
    const [first] = await once(socket, 'message');
    expect(JSON.parse(String(first))).toEqual(state);
    return socket;
  };
  const silent = await connect();
  const alive = await connect();
  expect(stream.clients).toBe(2);
  silent.pause();
  while (stream.clients > 1) await once(alive, 'ping');
  for (let pings = 0; pings < 3; pings++) await once(alive, 'ping');
  expect(stream.clients).toBe(1);
});
