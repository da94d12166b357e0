/** A real PostgreSQL server on a free port, its data in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePorts, listening } from './nats-server.ts';

export const postgresPackages = ['postgresql'] as const;

export interface PostgresServer {
  readonly url: string;
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** As a power cut. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const debianVersions = '/usr/lib/postgresql';

export async function startPostgres(folder: string): Promise<PostgresServer> {
  const versions = readdirSync(debianVersions).sort((a, b) => Number(b) - Number(a));
  const program = (name: string) => join(debianVersions, versions[0]!, 'bin', name);
  const data = join(folder, 'postgres');
  mkdirSync(data);
  const owner = unprivileged();
  if (owner !== null) {
    chownSync(data, owner.uid, owner.gid);
    // It must get through to its data.
    chmodSync(folder, 0o755);
  }
  const as = { ...owner, cwd: data };
  execFileSync(program('initdb'), ['-D', data, '-A', 'trust', '-U', 'downlinkd', '-E', 'UTF8'], {
    ...as,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [port] = await freePorts(1);
  const url = `postgres://downlinkd@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = spawn(program('postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''], {
      ...as,
      stdio: 'ignore',
    });
    await listening(port!, child);
    while (
      !(await query('SELECT 1').then(
        () => true,
        () => false,
      ))
    )
      await sleep(50);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill(signal);
    await once(ending, 'exit');
  }
  async function query<Row extends object>(sql: string): Promise<Row[]> {
    const client = new Client(url);
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  await start();
  return { url, query, kill: () => end('SIGQUIT'), restart: start, stop: () => end('SIGINT') };
}

/** PostgreSQL refuses to run as root: somebody else then. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
