import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { FollowerLimits } from '../../daemon/api/frame-followers.ts';
import { benchApi, heldTime } from './bench.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
});

async function station({
  timestamps = false,
  followerLimits,
}: {
  timestamps?: boolean;
  followerLimits?: FollowerLimits;
} = {}) {
  const kiss = { host: '127.0.0.1', port: 0, timestamps };
  const bench = await benchApi({ kiss, ...(followerLimits ? { followerLimits } : {}) });
  await bench.api.listen(0);
  closers.push(() => bench.api.close());
  const clients = async () => (await bench.api.app.inject('/api/status')).json().stream_clients as number;
  return {
    ...bench,
    clients,
    /** Resolves when the station knows the client. */
    async connect() {
      const before = await clients();
      const socket = connect(bench.api.kissPort!, '127.0.0.1');
      closers.push(() => void socket.destroy());
      socket.on('error', () => {});
      const received: Buffer[] = [];
      let length = 0;
      let wake = () => {};
      socket.on('data', (data: Buffer) => {
        received.push(data);
        length += data.length;
        wake();
      });
      while ((await clients()) === before) await new Promise(setImmediate);
      const until = async (count: number) => {
        while (length < count) await new Promise<void>((resolve) => (wake = resolve));
      };
      const bytes = async (count: number) => {
        await until(count);
        return Buffer.concat(received).toString('hex');
      };
      return { socket, until, bytes };
    },
  };
}

test('every new frame goes to every client as a data frame of port 0, the simulated ones too', async () => {
  const { api, ledger, connect } = await station();
  api.announce(ledger.add(3));
  const first = await connect();
  const second = await connect();
  api.announce(ledger.add(2, 2, (seq) => ({ simulated: seq === 5 })));
  for (const client of [first, second]) expect(await client.bytes(10)).toBe('c0000004c0' + 'c0000005c0');
});

test('with timestamps the time of a frame comes before it', async () => {
  const { api, ledger, connect } = await station({ timestamps: true });
  const client = await connect();
  api.announce(ledger.add(2, 1, (seq) => ({ time: seq === 1 ? '2026-01-31T12:00:00.000Z' : null })));
  const time = Date.UTC(2026, 0, 31, 12).toString(16).padStart(16, '0');
  expect(await client.bytes(19)).toBe(`c009${time}c0c00001c0c00002c0`);
});

test('what a client sends is dropped, however much it is', async () => {
  const { api, ledger, connect, clients } = await station();
  const client = await connect();
  const rubbish = Buffer.alloc(1 << 20, 0xdb);
  for (let i = 0; i < 20; i++) await new Promise((taken) => client.socket.write(rubbish, taken));
  api.announce(ledger.add(1, 1));
  expect(await client.bytes(4)).toBe('c00001c0');
  client.socket.destroy();
  while ((await clients()) > 0) await new Promise(setImmediate);
});

test('a client that does not read is disconnected and slows nobody else', async () => {
  vi.useFakeTimers({ toFake: [...heldTime] });
  const { api, ledger, connect, clients } = await station({
    followerLimits: { slowMs: 10_000, pingMs: 60_000, clients: 10 },
  });
  const slow = await connect();
  const quick = await connect();
  slow.socket.pause();
  // More than the operating system buffers for a connection.
  const frameBytes = 16_000;
  const large = '55'.repeat(frameBytes);
  for (let i = 1; i <= 40; i++) {
    api.announce(ledger.add(64, 1, () => ({ frame: large })));
    await quick.until(64 * i * (frameBytes + 3));
  }
  expect(await clients()).toBe(2);
  vi.advanceTimersByTime(20_000);
  expect(await clients()).toBe(1);
  api.announce(ledger.add(1, 1, () => ({ frame: '77' })));
  await quick.until(64 * 40 * (frameBytes + 3) + 4);
});

test('a station that stops sends what is stored already, and ends the connection', async () => {
  const { api, ledger, connect } = await station();
  const client = await connect();
  const end = once(client.socket, 'end');
  api.announce(ledger.add(1, 1));
  await api.close();
  await end;
  expect(await client.bytes(4)).toBe('c00001c0');
});

test('a client too many is turned away, and a port in use is one clear error', async () => {
  const { api, connect } = await station({ followerLimits: { slowMs: 600_000, pingMs: 600_000, clients: 1 } });
  await connect();
  await once(connectTo(api.kissPort!), 'close');

  const other = createServer().listen(0, '127.0.0.1');
  closers.push(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const second = (await benchApi({ kiss: { host: '127.0.0.1', port, timestamps: false } })).api;
  closers.push(() => second.close());
  await expect(second.listen(0)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `port ${port} on 127.0.0.1 is in use by another program: stop it, or give another kiss.port`,
  });
});

function connectTo(port: number) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  return socket.resume();
}
