/** The published package: packed, installed in an empty folder on a bare machine, and run from node_modules. */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { DecodedFrame, StoredFrame, TelemetryReport } from '../../daemon/api/wire.ts';
import { execute, folderForAll, jsonLines, type Outcome, root } from './command-line.ts';
import { endOf, firstMatch } from './station-process.ts';

/** All that is on the PATH: no python3, no make, no compiler. */
const programs = ['node', 'npm', 'npx', 'sh', 'env', 'dirname', 'basename', 'uname', 'cat'];
/** How this machine reaches the registry; nothing else of its surroundings is kept. */
const network = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'http_proxy', 'https_proxy', 'no_proxy'];

const folder = folderForAll();
const tools = join(folder, 'tools');
const home = join(folder, 'home');
const installed = join(folder, 'installed');
const environment = { PATH: tools, HOME: home, ...kept(network) };

beforeAll(async () => {
  for (const path of [tools, home, installed]) mkdirSync(path);
  for (const program of programs) symlinkSync(onPath(program), join(tools, program));
  const pack = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  if (pack.exitCode !== 0) throw new Error(`npm pack: ${pack.stderr}${pack.stdout}`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(join(installed, 'package.json'), '{ "private": true }\n');
  const install = await bare('npm', 'install', join(folder, `downlinkd-${version}.tgz`));
  if (install.exitCode !== 0) throw new Error(`npm install: ${install.stderr}`);
});

function bare(program: string, ...args: string[]): Promise<Outcome> {
  return execute(join(tools, program), args, { cwd: installed, env: environment });
}

test('npx downlinkd --version', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await bare('npx', 'downlinkd', '--version')).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
});

test('npx downlinkd decode gives the frames of a recording', async () => {
  const recording = join(root, 'test/recordings/gomx_3.wav');
  const { exitCode, stdout, stderr } = await bare('npx', 'downlinkd', 'decode', recording, '--satellite', 'GOMX-3');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const frames = jsonLines<DecodedFrame>(stdout);
  expect(frames.length).toBeGreaterThanOrEqual(2);
  expect(frames.every(({ satellite }) => satellite === 'GOMX-3')).toBe(true);
});

test('npx downlinkd decode --telemetry has the compiled definitions', async () => {
  const recording = join(root, 'test/recordings/ao73.wav');
  const { stdout } = await bare('npx', 'downlinkd', 'decode', recording, '--satellite', 'AO-73', '--telemetry');
  const [frame] = jsonLines<DecodedFrame & { telemetry: TelemetryReport }>(stdout);
  expect(frame?.telemetry).toMatchObject({ definition: 'funcube_1', reason: null });
});

test('npx downlinkd run serves frames of the simulated station', async () => {
  const child = spawn(join(tools, 'npx'), ['downlinkd', 'run', '--port', '0', '--data-folder', join(folder, 'data')], {
    cwd: installed,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    const url = await firstMatch(child, /listens on (\S+)/);
    const frame = await firstFrame(`${url.replace(/^http/, 'ws')}/api/frames/stream?since=0`);
    expect(frame).toMatchObject({ seq: 1, simulated: true, satellite: 'GOMX-3' });
  } finally {
    // Like Ctrl-C on a terminal, to the whole process group: npx doesn't hand every signal on.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await endOf(child);
  }
});

/** The first message of a stream of frames. */
function firstFrame(url: string): Promise<StoredFrame> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => {
      done(JSON.parse(String(data)) as StoredFrame);
      socket.close();
    };
    socket.onerror = () => failed(new Error(`${url} failed`));
    socket.onclose = () => failed(new Error(`${url} was closed without a frame`));
  });
}

function kept(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** The machine's own program: npm's scripts put those of node_modules first. */
function onPath(program: string): string {
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    if (place === '' || place.includes('node_modules') || place.includes('node-gyp-bin')) continue;
    try {
      accessSync(join(place, program), constants.X_OK);
      return join(place, program);
    } catch {
      // Not there: the next one.
    }
  }
  throw new Error(`${program} is not on the PATH`);
}
