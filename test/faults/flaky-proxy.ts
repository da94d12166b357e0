import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What a network does to a connection. */
export type Weather = 'fair' | 'refuses' | 'stalls' | 'dropsAnswers' | 'away';

export interface FlakyProxy {
  readonly port: number;
  /** Changes the weather; connections that are open have it too. */
  set(weather: Weather): Promise<void>;
  close(): Promise<void>;
}

/** A TCP proxy in front of a real server, whose weather a test makes. */
export async function flakyProxy(targetPort: number): Promise<FlakyProxy> {
  let weather: Weather = 'fair';
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => {});
    if (weather === 'refuses') {
      client.resetAndDestroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    open.add(target);
    target.on('close', () => {
      open.delete(target);
      client.destroy();
    });
    client.on('close', () => target.destroy());
    target.on('error', () => client.destroy());
    client.on('data', (data) => {
      if (weather === 'fair' || weather === 'dropsAnswers') target.write(data);
    });
    target.on('data', (data) => {
      if (weather === 'fair') client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };

  return {
    port,
    async set(next) {
      const before = weather;
      weather = next;
      if (next === before) return;
      if (next === 'away') {
        for (const socket of open) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      } else if (before === 'away') {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      }
      // Half a message behind another's weather is no message: connections begin anew when it is fair again.
      if (next === 'fair' || next === 'refuses') for (const socket of open) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      if (weather !== 'away') await new Promise((resolve) => server.close(resolve));
    },
  };
}
