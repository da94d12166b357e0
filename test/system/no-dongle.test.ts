/** The real rtl_tcp on a machine without an RTL-SDR: said clearly, tried again, and nothing else suffers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { StatusReport } from '../../daemon/api/wire.ts';
import { collect, downlinkd, execute, inFolder, jsonLines, launcher } from './command-line.ts';
import { needPackages } from './debian.ts';

beforeAll(() => needPackages(['rtl-sdr']));

const settings = `
data_folder: ledger
sdrs:
  - driver: rtl_tcp
    receive: [GOMX-3]
`;

test('rtl_tcp itself finds no dongle here', async () => {
  const { stdout, stderr } = await execute('rtl_tcp', ['-a', '127.0.0.1', '-p', '0']);
  expect(stdout + stderr).toContain('No supported devices found.');
});

test('check finds the program', async () => {
  await inFolder(async (folder) => {
    const config = join(folder, 'station.yaml');
    writeFileSync(config, settings);
    const checks = JSON.parse(await downlinkd('check', '--config', config, '--json')) as {
      check: string;
      message: string;
    }[];
    expect(checks.find(({ check }) => check === 'sdr sdr0')?.message).toMatch(/rtl_tcp$/);
  });
});

test('run says what rtl_tcp said, tries again more and more seldom, and serves its API meanwhile', async () => {
  await inFolder(async (folder) => {
    const config = join(folder, 'station.yaml');
    writeFileSync(config, settings);
    const child = spawn(process.execPath, [launcher, 'run', '--config', config, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = collect(child);
    try {
      const url = await until(child, () => /listens on (\S+)/.exec(texts().stdout)?.[1]);
      const retries = await until(child, () => {
        const events = jsonLines<LogEvent>(wholeLines(texts().stderr)).filter(({ event }) => event === 'interrupted');
        return events.length >= 4 ? events : undefined;
      });
      for (const { msg } of retries) expect(msg).toContain('No supported devices found.');
      expect(retries.at(-1)!.details!.retryInMs).toBeGreaterThan(retries[0]!.details!.retryInMs);
      const status = (await (await fetch(`${url}/api/status`)).json()) as StatusReport;
      expect(status.simulated).toBe(false);
      expect(status.sdrs[0]).toMatchObject({ driver: 'rtl_tcp', state: 'waiting', samples: 0 });
      expect(status.sdrs[0]!.reason).toContain('No supported devices found.');
    } finally {
      child.kill('SIGTERM');
    }
    const [exitCode] = await once(child, 'exit');
    expect(exitCode).toBe(0);
    expect(texts().stderr).not.toMatch(/\n\s+at /);
  });
});

interface LogEvent {
  readonly event?: string;
  readonly msg: string;
  readonly details?: { readonly retryInMs: number };
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** Waits for `look` to see something. @throws when the child ends before */
async function until<T>(child: ChildProcess, look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (child.exitCode !== null) throw new Error(`downlinkd ended with code ${child.exitCode}`);
    await sleep(50);
  }
}
