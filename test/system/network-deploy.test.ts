/** The configurations in deploy/, as they stand there, but for addresses, ports and folders. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Outcome as Delivered } from '../../daemon/forward/collector.ts';
import { natsCollector } from '../../daemon/forward/nats.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { freePorts, listening, natsPackages } from '../network/nats-server.ts';
import { collectorContext, natsSettings, networkFrames } from '../network/station-frames.ts';
import { collect, execute, folderForAll, launcher, type Outcome, root } from './command-line.ts';
import { needPackages } from './debian.ts';
import { endOf } from './station-process.ts';

const folder = folderForAll();
const etc = join(folder, 'etc');
const never = new AbortController().signal;
/** Of the three servers: clients, cluster, leaf nodes, monitoring; and of the leaf node. */
let ports: number[] = [];
let leafPort = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  needPackages([...natsPackages, 'openssl']);
  makeCertificates();
  [leafPort = 0, ...ports] = await freePorts(13);
  const secrets = { admin: 'change-me-admin', collector: 'change-me-collector' };
  for (const [user, secret] of Object.entries(secrets)) writeFileSync(join(etc, user), `${secret}\n`);
  for (const i of [0, 1, 2]) writeFileSync(configuration(i), adapted('server.conf', i));
  writeFileSync(join(etc, 'users.conf'), deployed('users.conf'));
  writeFileSync(join(etc, 'leaf.conf'), adapted('leaf.conf', 3));
  return async () => {
    for (const child of children) child.kill('SIGTERM');
    for (const child of children) await endOf(child);
  };
});

const configuration = (i: number) => join(etc, `server${i}.conf`);
const deployed = (name: string) => readFileSync(join(root, 'deploy/nats', name), 'utf8');
const port = (server: number, purpose: number) => ports[4 * server + purpose]!;

/** A file of deploy/nats as server `i` of this machine has it. */
function adapted(name: string, i: number): string {
  return deployed(name)
    .replaceAll('/etc/nats', etc)
    .replaceAll('/var/lib/nats', join(folder, `store${i}`))
    .replaceAll(/nats([123])\.example\.org:6222/g, (_, n) => `127.0.0.1:${port(n - 1, 1)}`)
    .replaceAll(/nats([123])\.example\.org:7422/g, (_, n) => `127.0.0.1:${port(n - 1, 2)}`)
    .replaceAll('"0.0.0.0:4222"', `"127.0.0.1:${ports[4 * i]}"`)
    .replaceAll('"0.0.0.0:6222"', `"127.0.0.1:${ports[4 * i + 1]}"`)
    .replaceAll('"0.0.0.0:7422"', `"127.0.0.1:${ports[4 * i + 2]}"`)
    .replaceAll('127.0.0.1:8222', `127.0.0.1:${ports[4 * i + 3]}`)
    .replaceAll('"127.0.0.1:4222"', `"127.0.0.1:${leafPort}"`);
}

function makeCertificates(): void {
  const tls = join(etc, 'tls');
  mkdirSync(tls, { recursive: true });
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: tls, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=Test', '-days', '2');
  openssl('req', ...key, '-keyout', 'server-key.pem', '-out', 'server.csr', '-subj', '/CN=nats');
  writeFileSync(join(tls, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed);
}

async function start(config: string, environment: Record<string, string>, at: number): Promise<void> {
  const child = spawn('nats-server', ['-c', config, '-l', `${config}.log`], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  children.push(child);
  await listening(at, child);
}

const network = (user: string, ...words: string[]): Promise<Outcome> =>
  execute(process.execPath, [launcher, ...words, ...access(user)]);

function access(user: string): string[] {
  const servers = [0, 1, 2].map((i) => `localhost:${port(i, 0)}`).join(',');
  const login = ['--user', user, '--password-file', join(etc, user)];
  return ['--servers', servers, ...login, '--tls-ca-file', join(etc, 'tls/ca.pem')];
}

async function delivers(settings: Partial<CollectorSettingsOf<'nats'>>, from: number, callsign = 'DL1ABC') {
  const context = collectorContext();
  const station = { ...context.station, callsign };
  const collector = await natsCollector(natsSettings([], settings), { ...context, station });
  try {
    const frames = networkFrames(from + 20).slice(from);
    const had = await collector.delivered!(frames, never);
    return { had: had.size, outcomes: new Set((await collector.deliver(frames, never)).map(told)) };
  } finally {
    await collector.close();
  }
}

const told = (outcome: Delivered) => (outcome.kind === 'accepted' ? 'accepted' : outcome.reason);

test('nats-server takes the configurations', async () => {
  const env = { ...(process.env as Record<string, string>), NATS_SERVER_NAME: 'nats1' };
  for (const file of [configuration(0), join(etc, 'leaf.conf')]) {
    const { exitCode, stderr, stdout } = await execute('nats-server', ['-t', '-c', file], { env });
    expect(`${stdout}${stderr}`).toContain('is valid');
    expect(exitCode).toBe(0);
  }
});

test('a network with them: init, stations, one through a leaf node, a collector', async () => {
  for (const i of [0, 1, 2]) await start(configuration(i), { NATS_SERVER_NAME: `nats${i + 1}` }, port(i, 0));
  let made = await network('admin', 'network', 'init');
  for (; made.exitCode !== 0; made = await network('admin', 'network', 'init')) await sleep(200);
  expect(made.stdout).toBe('the stream FRAMES was made\n');

  const direct = { servers: [`localhost:${port(1, 0)}`], tlsCaFile: join(etc, 'tls/ca.pem') };
  const login = { user: 'DL1ABC', password: 'change-me-DL1ABC' };
  expect(await delivers({ ...direct, ...login }, 0)).toEqual({ had: 0, outcomes: new Set(['accepted']) });
  expect(await delivers({ ...direct, ...login }, 0, 'N0CALL')).toEqual({
    had: 0,
    outcomes: new Set(['this user has no right to publish to frames.40949.N0CALL']),
  });
  await expect(delivers({ ...direct, ...login, password: 'wrong' }, 0)).rejects.toThrow(
    /don't accept these credentials/,
  );
  await expect(delivers({ servers: direct.servers, ...login }, 0)).rejects.toThrow(/certificate/);

  await start(join(etc, 'leaf.conf'), {}, leafPort);
  const leaf = { servers: [`127.0.0.1:${leafPort}`] };
  // The link of the leaf node takes a moment; until then nobody answers.
  const tried = () => delivers(leaf, 10).catch((error: Error) => ({ had: 0, outcomes: new Set([error.message]) }));
  let through = await tried();
  for (; !through.outcomes.has('accepted'); through = await tried()) await sleep(200);
  expect(through.had).toBe(10);

  const output = join(folder, 'frames.jsonl');
  const child = spawn(process.execPath, [launcher, 'collect', '--output', output, ...access('collector')]);
  children.push(child);
  const texts = collect(child);
  const lines = () => readFileSync(output, 'utf8').split('\n').length - 1;
  while (!texts().stderr.includes('collecting') || lines() < 30) {
    if (child.exitCode !== null) throw new Error(texts().stderr);
    await sleep(100);
  }
  const status = await network('admin', 'network', 'status');
  expect(status.stdout).toMatch(/^stream FRAMES: 30 frames/);
  expect(status.stdout).toMatch(
    / {2}nats\d: leads\n( {2}nats\d: up to date\n){2} {2}group collectors: 0 frames to hand out/,
  );
});
