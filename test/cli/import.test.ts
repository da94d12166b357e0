import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { kissRecord } from '../../daemon/decode/kiss.ts';
import { lockDataFolder } from '../../daemon/store/folder-lock.ts';
import { openLedger } from '../../daemon/store/ledger.ts';
import { sampleFrame } from '../store/sample-frame.ts';
import { downlinkd } from './downlinkd.ts';
import { inProcess } from './fake-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  mkdirSync(station());
});
afterEach(() => rmSync(folder, { recursive: true }));

const time = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second, 7));
const record = (hex: string, at: Date | null) => kissRecord(Buffer.from(hex, 'hex'), at);

function kissFile(name: string, ...records: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(records));
  return path;
}

const station = () => join(folder, 'station');
const importing = (...argv: string[]) =>
  inProcess('import', '--satellite', 'gomx-3', '--data-folder', station(), ...argv);

async function stored(dataFolder = station()): Promise<StoredFrame[]> {
  const { stdout } = await inProcess('frames', '--data-folder', dataFolder);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StoredFrame);
}

test('a KISS file of another program becomes frames whose evidence is unknown', async () => {
  const path = kissFile('frames.kss', record('c0db01', time(1)), record('02', null));
  expect(await importing(path)).toMatchObject({ code: 0, stdout: `${path}: 2 frames imported\n`, stderr: '' });
  const [first, second] = await stored();
  expect(first).toEqual({
    seq: 1,
    id: expect.any(String),
    time: '2026-01-31T12:00:01.007Z',
    sample: 0,
    satellite: 'GOMX-3',
    transmitter: null,
    mode: 'import',
    frame: 'c0db01',
    integrity: { crc: 'none', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour: null },
    snr_db: null,
    offset_hz: null,
    modulation_index: null,
    clock_ppm: null,
    sync_quality: null,
    norad: 40949,
    sdr: null,
    pass: null,
    clock: 'unknown',
    clock_source: 'import',
    simulated: false,
    copies: [],
  });
  expect(second).toMatchObject({ time: null, frame: '02' });
});

test('the mode is that of the transmitter, where one is given', async () => {
  const path = kissFile('frames.kss', record('01', time(1)));
  await importing(path, '--transmitter', 'fsk-19200-ax100-reed-solomon');
  expect(await stored()).toMatchObject([
    { transmitter: 'fsk-19200-ax100-reed-solomon', mode: 'fsk:19200:ax100-reed-solomon' },
  ]);
});

test('a file that comes again, or twice at once, adds nothing; a longer one only what is new', async () => {
  const beacon = record('aa', null);
  const some = [record('01', time(1)), beacon, record('01', time(2)), beacon];
  const path = kissFile('frames.kss', ...some);
  expect((await importing(path, path)).stdout.match(/\d+ frames imported/g)).toEqual([
    '4 frames imported',
    '0 frames imported',
  ]);
  expect((await importing(path)).stdout).toContain(': 0 frames imported, 4 there already');
  const longer = kissFile('longer.kss', ...some, beacon, record('01', time(3)), record('01', time(3)));
  expect((await importing(longer)).stdout).toContain(': 2 frames imported, 5 there already');
  // Another satellite's frames are its own.
  expect((await importing(path, '--satellite', 'FALCONSAT-3')).stdout).toContain(': 4 frames imported\n');
});

test('what frames --format kiss writes comes through a pipe into another ledger', async () => {
  const ledger = openLedger(station(), 'TEST');
  const frames = [sampleFrame({ frame: 'c0dbdcdd' }), sampleFrame({ frame: '02', time: null }), sampleFrame()];
  ledger.append(frames);
  ledger.close();
  const kiss = await downlinkd(['frames', '--data-folder', station(), '--format', 'kiss']);
  const other = join(folder, 'other');
  const argv = ['import', '-', '--satellite', '40949', '--data-folder', other];
  expect(await downlinkd(argv, { stdin: kiss.stdout })).toMatchObject({ code: 0, stderr: '' });
  const bytesAndTimes = (list: readonly { frame: string; time: string | null }[]) => list.map((f) => [f.frame, f.time]);
  expect(bytesAndTimes(await stored(other))).toEqual(bytesAndTimes(frames));
  // Nothing of it is new to the station that received it.
  const back = ['import', '-', '--satellite', '40949', '--data-folder', station()];
  expect((await downlinkd(back, { stdin: kiss.stdout })).stdout.toString()).toBe(
    '-: 0 frames imported, 3 there already\n',
  );
});

test('simulated frames stay simulated when the import says so', async () => {
  const path = kissFile('frames.kss', record('01', time(1)));
  expect((await importing(path, '--simulated')).stdout).toBe(`${path}: 1 frame imported as simulated\n`);
  expect(await stored()).toMatchObject([{ frame: '01', simulated: true }]);
});

test('what is damaged is told, the rest is taken', async () => {
  const path = kissFile('frames.kss', record('01', time(1)), Buffer.from('c000db05c0c00603c0c00002', 'hex'));
  expect(await importing(path)).toMatchObject({
    code: 0,
    stdout: `${path}: 1 frame imported\n`,
    stderr: `downlinkd: ${path}: records left out: 1 with a bad escape, 1 no data, 1 cut off at the end\n`,
  });
});

test('a running station is left alone', async () => {
  const path = kissFile('frames.kss', record('01', time(1)));
  const lock = lockDataFolder(station());
  try {
    const { code, stderr } = await importing(path);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `downlinkd: another downlinkd is running on the data folder ${station()}: stop it while frames are imported\n`,
    );
  } finally {
    lock.release();
  }
});

test.each([
  [[], 2, 'a KISS file is needed'],
  [['x.kss', '--satellite', 'GOMX3'], 2, 'GOMX-3'],
  [['x.kss', '--transmitter', 'nonsense'], 2, 'it has fsk-19200-ax100-reed-solomon'],
  [['/nowhere/x.kss'], 1, 'no such file'],
  [['/tmp'], 1, '/tmp: is a folder: name the KISS files in it, such as /tmp/*.kss'],
  [[import.meta.filename], 1, 'not a KISS file'],
])('bad usage is told: %j', async (argv, code, words) => {
  const result = await importing(...argv);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(words);
});
