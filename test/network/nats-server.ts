/** Real nats-servers on free ports, their stores in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const natsPackages = ['nats-server'] as const;

export interface NatsServer {
  readonly address: string;
  /** As a power cut. */
  kill(): Promise<void>;
  /** Again with the same store and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const readyMs = 120_000;

/** @param more lines of its configuration, such as users */
export async function startNatsServer(folder: string, more = ''): Promise<NatsServer> {
  const [port] = await freePorts(1);
  return startServer(folder, 'alone', port!, more);
}

/** Three servers that know each other; each keeps a copy of what has three replicas. */
export async function startNatsCluster(folder: string): Promise<NatsServer[]> {
  const ports = await freePorts(6);
  const routes = ports.slice(3).map((port) => `nats://127.0.0.1:${port}`);
  return Promise.all(
    [0, 1, 2].map((i) =>
      startServer(
        folder,
        `n${i}`,
        ports[i]!,
        `cluster { name: test, listen: "127.0.0.1:${ports[3 + i]}", routes: [${routes.map((r) => `"${r}"`).join(', ')}] }`,
      ),
    ),
  );
}

async function startServer(folder: string, name: string, port: number, more: string): Promise<NatsServer> {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  const configuration = join(home, 'nats.conf');
  writeFileSync(
    configuration,
    `server_name: ${name}\nlisten: "127.0.0.1:${port}"\njetstream { store_dir: "${join(home, 'store')}" }\n${more}\n`,
  );
  let child: ChildProcess | null = null;
  async function start(): Promise<void> {
    child = spawn('nats-server', ['-c', configuration, '-l', join(home, 'log')], { stdio: 'ignore' });
    await listening(port, child);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill(signal);
    await once(ending, 'exit');
  }
  await start();
  return {
    address: `127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: () => end('SIGTERM'),
  };
}

export async function listening(port: number, child: ChildProcess): Promise<void> {
  const until = Date.now() + readyMs;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with code ${child.exitCode}`);
    if (Date.now() > until) throw new Error(`${child.spawnfile} does not listen on port ${port}`);
    await sleep(50);
  }
}

/** Different ones, all free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as { port: number }).port);
  }
  for (const server of servers) server.close();
  return ports;
}
