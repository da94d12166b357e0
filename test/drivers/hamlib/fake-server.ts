import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { HamlibDeps, HamlibEvent } from '../../../daemon/drivers/hamlib/hamlib-client.ts';
import { manualTime } from '../../elements/manual-time.ts';

export interface FakeServer {
  readonly port: number;
  readonly received: string[];
  /** Until it has been asked so many times, and what it sent has been read. */
  asked(times: number): Promise<void>;
  stop(): Promise<void>;
}

/** A server that lets `answer` say what is sent back for each line. */
export async function fakeServer(
  answer: (line: string, socket: Socket, connection: number) => void,
): Promise<FakeServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const mine = connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data: Buffer) => {
      for (const line of data.toString('latin1').split('\n').slice(0, -1)) {
        answer(line, socket, mine);
        received.push(line);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received,
    async asked(times) {
      while (received.length < times) await new Promise((resolve) => setTimeout(resolve, 5));
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Time that passes when told to, and what was logged. */
export function hamlibDeps() {
  const events: HamlibEvent[] = [];
  const log: HamlibDeps['log'] = (event) => events.push(event);
  return { ...manualTime('2026-01-31T12:00:00Z'), random: () => 1, log, events };
}

export const quick = { host: '127.0.0.1', timeoutMs: 1500, backOff: { firstMs: 20, mostMs: 40 } };
