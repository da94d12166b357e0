import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

/** A nats-server of Debian with JetStream, on a free port and in a folder of its own. */
export interface NatsServer {
  readonly port: number;
  connect(): Promise<NatsConnection>;
  close(): Promise<void>;
}

export async function natsServer(folder: string): Promise<NatsServer> {
  const port = await freePort();
  const child: ChildProcess = spawn(
    '/usr/sbin/nats-server',
    ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', folder],
    { stdio: 'ignore' },
  );
  const server = {
    port,
    connect: () => connect({ servers: `127.0.0.1:${port}`, maxReconnectAttempts: -1 }),
    async close() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  for (let left = 100; ; left--) {
    try {
      const connection = await server.connect();
      await jetstreamManager(connection);
      await connection.close();
      return server;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
