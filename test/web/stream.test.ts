import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { openStream } from '../../web/src/stream.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a stream that waits to connect again connects at once when it is told to', async () => {
  const sockets = new WebSocketServer({ noServer: true });
  let tries = 0;
  const server = createServer().on('upgrade', (request, socket, head) => {
    tries++;
    if (tries === 1) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (client) => client.send('hello'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubGlobal('location', { href: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  // It never comes back by itself.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const messages: unknown[] = [];
  const stream = openStream({ path: () => 'frames/stream', message: (data) => messages.push(data) });
  while (messages.length === 0) {
    stream.retryNow();
    await new Promise(setImmediate);
  }
  expect(messages).toEqual(['hello']);
  expect(tries).toBe(2);
  stream.close();
  for (const client of sockets.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});
