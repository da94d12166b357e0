import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openStream, retryStreams } from '../../web/src/stream.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Every connection is handed to `answer`. */
async function serve(answer: (client: WebSocket, tries: number) => void) {
  const sockets = new WebSocketServer({ noServer: true });
  let tries = 0;
  const server = createServer().on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => answer(client, ++tries)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubGlobal('location', { href: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  return {
    async stop() {
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('every stream that waits to connect again connects at once when the station answers', async () => {
  let tries = 0;
  const { stop } = await serve((client, count) => {
    tries = count;
    if (count <= 2) client.terminate();
    else client.send('hello');
  });
  // It never comes back by itself.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const messages: unknown[] = [];
  const streams = ['frames/stream', 'live/stream'].map((path) =>
    openStream({ path: () => path, message: () => messages.push(path) }),
  );
  while (messages.length < 2) {
    retryStreams();
    await new Promise(setImmediate);
  }
  expect(messages.sort()).toEqual(['frames/stream', 'live/stream']);
  expect(tries).toBe(4);
  for (const stream of streams) stream.close();
  await stop();
});

test('a stream that has nothing to tell is asked again when its owner says, and not before', async () => {
  const { stop } = await serve((client) => client.close(4004));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const waits = vi.spyOn(globalThis, 'setTimeout');
  const codes: number[] = [];
  const stream = openStream({
    path: () => 'tracking/stream',
    closed(code) {
      codes.push(code);
      return 60_000;
    },
    message: () => {},
  });
  const closed = async (count: number) => {
    while (codes.length < count) await new Promise(setImmediate);
  };
  await closed(1);
  expect(waits.mock.calls.at(-1)?.[1]).toBe(60_000);
  vi.advanceTimersByTime(60_000);
  await closed(2);
  expect(codes).toEqual([4004, 4004]);
  stream.close();
  await stop();
});
