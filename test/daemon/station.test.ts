import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FramesPage, StatusReport } from '../../daemon/api/wire.ts';
import { startStation } from '../../daemon/main.ts';
import { parseSettings } from '../../daemon/settings/settings.ts';
import { ledgerPath } from '../../daemon/store/ledger.ts';
import { downlinkd } from './process.ts';

const log = pino({ level: 'silent' });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (sdr: string, dataFolder = 'data') =>
  parseSettings(`data_folder: ${dataFolder}\napi: { port: 0 }\nsdrs:\n  - ${sdr}\n`, join(folder, 'station.yaml'));

/** Runs a station on a file until the file is read, and gives its frames. */
async function replay(sdr: string, dataFolder: string): Promise<FramesPage & { status: StatusReport }> {
  const station = await startStation(settings(sdr, dataFolder), { log });
  while (station.status().sdrs[0]!.state !== 'ended') await sleep(20);
  // The end of the file is decoded and stored while the station stops at the latest; here it is asked for before.
  let page: FramesPage;
  do {
    await sleep(50);
    page = (await (await fetch(`${station.url}/api/frames`)).json()) as FramesPage;
  } while (page.frames.length < 3);
  const status = (await (await fetch(`${station.url}/api/status`)).json()) as StatusReport;
  await station.stop();
  return { ...page, status };
}

test('a recording through the whole station gives the same frames at the same times, those of the recording', async () => {
  const recording = join(folder, 'pass_20240131_120000Z_437250000Hz_IQ.wav');
  const simulator = downlinkd(
    ...['simulate', '--output', recording, '--sample-rate', '96000', '--mode', 'fsk:9600:ax25-g3ruh'],
    ...['--frequency-hz', '437250000', '--start', 'mid-pass', '--frames', '3', '--frame-interval-s', '0.5'],
  );
  expect(await simulator.exit()).toBe(0);
  const sent = simulator.output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const own = `name: TESTSAT
norad: 99001
transmitters:
  - frequency_hz: 437250000
    modulation: { kind: fsk, symbol_rate: 9600 }
    framing: { kind: ax25-g3ruh }
`;
  const runs: (FramesPage & { status: StatusReport })[] = [];
  for (const data of ['a', 'b']) {
    const satellites = join(folder, data, 'config', 'satellites');
    mkdirSync(satellites, { recursive: true });
    writeFileSync(join(satellites, 'testsat.yaml'), own);
    runs.push(await replay(`{ driver: file, path: ${recording}, receive: [TESTSAT] }`, data));
  }
  const withoutId = runs.map(({ frames }) => frames.map(({ id, ...frame }) => frame));
  expect(withoutId[0]).toEqual(withoutId[1]);
  expect(withoutId[0]!.map(({ frame }) => frame)).toEqual(sent.map(({ frame }) => frame));
  for (const [i, { time, sample, simulated }] of withoutId[0]!.entries()) {
    expect(Date.parse(time!)).toBe(Math.floor(Date.UTC(2024, 0, 31, 12) + (sample / 96_000) * 1000));
    expect(sample / 96_000).toBeGreaterThan(sent[i].start_s);
    expect(sample / 96_000).toBeLessThan(sent[i].end_s);
    expect(simulated).toBe(false);
  }
  expect(runs[0]!.status.sdrs[0]).toMatchObject({ driver: 'file', centre_hz: 437_250_000, sample_rate: 96_000 });
});

test('a simulated station says so everywhere, decodes what arrived before it stops, and starts again', async () => {
  const simulator = '{ driver: simulator, sample_rate: 96000, frame_interval_s: 0.3, receive: [GOMX-3] }';
  const first = await startStation(settings(simulator), { log });
  expect(first.simulated).toBe(true);
  while (first.status().ledger.last_seq < 2) await sleep(50);
  const { frames } = (await (await fetch(`${first.url}/api/frames`)).json()) as FramesPage;
  expect(frames.every(({ simulated }) => simulated)).toBe(true);
  expect(first.status()).toMatchObject({ simulated: true, sdrs: [{ simulated: true, state: 'streaming' }] });
  await first.stop();

  const second = await startStation(settings(simulator), { log });
  const status = second.status();
  expect(status.ledger.last_seq).toBeGreaterThanOrEqual(2);
  await second.stop();
});

test('what a satellite sends that is not received is named', async () => {
  const sdr =
    '{ driver: simulator, sample_rate: 96000, centre_hz: 100000000, signals: [{ satellite: GOMX-3 }], receive: [GOMX-3, DIER-5] }';
  const station = await startStation(settings(sdr), { log });
  const [{ channels, not_received }] = station.status().sdrs as [StatusReport['sdrs'][number]];
  await station.stop();
  expect(channels).toEqual([]);
  expect(not_received).toContainEqual({
    satellite: 'GOMX-3',
    transmitter: 'fsk-19200-ax100-reed-solomon',
    mode: 'fsk:19200:ax100-reed-solomon',
    reason: expect.stringContaining('outside of the capture'),
  });
  expect(not_received).toContainEqual({
    satellite: 'DIER-5',
    transmitter: null,
    mode: null,
    reason: expect.stringMatching(/\w/),
  });
});

test('the command ends cleanly on SIGTERM, having said where it listens and that it is simulated', async () => {
  const config = join(folder, 'station.yaml');
  writeFileSync(config, 'sdrs:\n  - { driver: simulator, sample_rate: 96000, receive: [GOMX-3] }\n');
  const station = downlinkd('run', '--config', config, '--port', '0');
  await station.seen(/listens on .*\n/);
  expect(station.output.stdout).toMatch(/^downlinkd listens on http:\/\/127\.0\.0\.1:\d+ \(SIMULATED\)\n$/);

  const second = downlinkd('run', '--config', config, '--port', '0');
  expect(await second.exit()).toBe(1);
  expect(second.output.stderr).toMatch(/^downlinkd: another downlinkd is running on the data folder .*\n$/);

  station.child.kill('SIGTERM');
  expect(await station.exit()).toBe(0);
});

test('a broken world is one clear line and exit code 1', async () => {
  const config = join(folder, 'station.yaml');
  writeFileSync(config, 'sdrs:\n  - { driver: simulator, receive: [GOMX-3] }\n');
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(ledgerPath(damaged), 'x'.repeat(5000));
  const gone = join(folder, 'gone.yaml');
  writeFileSync(gone, 'sdrs:\n  - { driver: file, path: nowhere.wav, receive: [GOMX-3] }\n');

  for (const [argv, message] of [
    [['--config', config, '--port', String(port)], `port ${port} on 127.0.0.1 is in use`],
    [['--config', config, '--port', '0', '--kiss-port', String(port)], 'kiss.port'],
    [['--config', config, '--data-folder', '/proc/downlinkd'], 'data folder /proc/downlinkd cannot be written'],
    [['--config', config, '--data-folder', damaged], 'damaged'],
    [['--config', gone, '--port', '0'], 'nowhere.wav'],
  ] as const) {
    const { exit, output } = downlinkd('run', '--log-level', 'silent', ...argv);
    expect(await exit()).toBe(1);
    expect(output.stdout).toBe('');
    expect(output.stderr).toContain(message);
    expect(output.stderr.trim().split('\n')).toHaveLength(1);
  }
  taken.close();
});
