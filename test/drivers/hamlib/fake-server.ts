import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { systemClock, systemTimers } from '../../../daemon/core/clock.ts';
import type { HamlibDeps, HamlibEvent } from '../../../daemon/drivers/hamlib/hamlib-client.ts';

export interface FakeServer {
  readonly port: number;
  readonly received: string[];
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
        received.push(line);
        answer(line, socket, mine);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Real time, and what was logged. */
export function hamlibDeps(): HamlibDeps & { readonly events: HamlibEvent[] } {
  const events: HamlibEvent[] = [];
  return { clock: systemClock, timers: systemTimers, random: () => 1, log: (event) => events.push(event), events };
}

export const quick = { host: '127.0.0.1', timeoutMs: 1500, backOff: { firstMs: 20, mostMs: 40 } };
