import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProject } from '../../daemon/core/project.ts';
import { downlinkd, launcher } from './downlinkd.ts';

let folder = '';
let oldNode = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-launcher-'));
  oldNode = join(folder, 'old-node.cjs');
  // Pretends to be Node 18 in the launcher; what it starts is not affected.
  writeFileSync(
    oldNode,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.0.0' } });",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test('under an old Node the pinned one takes over, with arguments and exit code', async () => {
  const version = await downlinkd(['--version'], { nodeArguments: ['--require', oldNode] });
  expect([version.code, version.stdout.toString(), version.stderr]).toEqual([0, `${findProject().version}\n`, '']);
  const usage = await downlinkd(['decode'], { nodeArguments: ['--require', oldNode] });
  expect([usage.code, usage.stdout.length]).toEqual([2, 0]);
});

test('a signal reaches the program through the launcher', async () => {
  const marker = join(folder, 'started.cjs');
  // Tells when the program, not the launcher, waits for its input.
  writeFileSync(
    marker,
    `if (process.argv[1].endsWith('main.ts')) {
      const { read } = process.stdin;
      process.stdin.read = function (...size) {
        process.stdin.read = read;
        process.stderr.write('reading\\n');
        return read.apply(this, size);
      };
    }`,
  );
  const argv = ['decode', '-', '--mode', 'fsk:9600:ax25', '--input-format', 'cu8', '--sample-rate', '48000'];
  const outcome = await downlinkd(argv, {
    nodeArguments: ['--require', oldNode],
    env: { NODE_OPTIONS: `--require ${marker}` },
    keepStdin: true,
    onOutput: (kill) => kill('SIGTERM'),
  });
  expect([outcome.code, outcome.signal, outcome.stderr]).toEqual([130, null, 'reading\n']);
});

test('without a runtime there is one clear line', () => {
  const copy = join(folder, 'package');
  mkdirSync(join(copy, 'daemon', 'cli'), { recursive: true });
  cpSync(join(launcher, '..'), join(copy, 'bin'), { recursive: true });
  writeFileSync(join(copy, 'daemon', 'cli', 'main.ts'), '');
  const lone = spawnSync(process.execPath, ['--require', oldNode, join(copy, 'bin', 'downlinkd')], {
    encoding: 'utf8',
  });
  expect(lone.status).toBe(1);
  expect(lone.stderr).toMatch(/^downlinkd: Node 26 or later is needed, this is 18\.0\.0: .*\n$/);
});
