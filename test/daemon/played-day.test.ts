import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataFolder } from '../../daemon/store/folder-lock.ts';
import { openLedgerForReading } from '../../daemon/store/ledger.ts';
import { openPassStore } from '../../daemon/store/pass-store.ts';
import { ommOf } from '../../daemon/tracking/omm.ts';
import { downlinkd } from './process.ts';

const startMs = Date.UTC(2026, 10, 26);
const hours = 6;
const norads = [99_001, 99_002, 99_003];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  const satellites = join(folder, 'data', 'config', 'satellites');
  mkdirSync(satellites, { recursive: true });
  for (const norad of norads)
    writeFileSync(
      join(satellites, `test-${norad}.yaml`),
      `name: TEST-${norad}
norad: ${norad}
transmitters:
  - id: beacon
    frequency_hz: ${437e6 + (norad % 10) * 100e3}
    modulation: { kind: fsk, symbol_rate: 9600 }
    framing: { kind: ax25-g3ruh }
`,
    );
  writeFileSync(
    join(folder, 'data', 'elements.json'),
    JSON.stringify(
      norads.map((norad, i) =>
        ommOf({
          ...{ norad, name: `TEST-${norad}`, epochMs: startMs, source: 'test', pinned: false },
          ...{ meanMotionRevPerDay: 15.2, eccentricity: 0.001, inclinationDeg: 97.5, bstar: 0 },
          ...{ raanDeg: 120 * i, argumentOfPerigeeDeg: 0, meanAnomalyDeg: 40 * i },
        }),
      ),
    ),
  );
  writeFileSync(
    join(folder, 'data', 'calibrations.json'),
    JSON.stringify([{ norad: norads[0], offsetPpm: 3, pass: 'x', takenAt: '2026-11-25T00:00:00.000Z' }]),
  );
  writeFileSync(
    join(folder, 'station.yaml'),
    `station: { name: Test, latitude: 48, longitude: 11, altitude_m: 500 }
data_folder: data
track: [${norads.join(', ')}]
rotators: [{ id: mast, driver: simulator }]
sdrs: [{ id: a, driver: simulator, rotator: mast }, { id: b, driver: simulator, sample_rate: 250000 }]
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const play = (...more: string[]) =>
  downlinkd(
    ...['run', '--config', join(folder, 'station.yaml'), '--port', '0'],
    ...['--at', new Date(startMs).toISOString(), '--hours', String(hours), '--speed', 'max', ...more],
  );

/** Frames with their ids, and passes, of the day that was played last. */
function outcome() {
  const played = join(folder, 'data', 'played');
  const ledger = openLedgerForReading(played);
  const passes = openPassStore(played);
  const all = { frames: ledger.frames({ since: 0, limit: 10_000 }), passes: passes.list({ limit: 1000 }) };
  passes.close();
  ledger.close();
  return all;
}

test('a played day has the same outcome every time, in a folder of its own made anew', async () => {
  const before = readFileSync(join(folder, 'data', 'elements.json'), 'utf8');
  const day = play();
  expect(await day.exit(), day.output.stderr).toBe(0);
  const first = outcome();
  expect(first.frames.length).toBeGreaterThan(50);
  expect(first.passes.length).toBeGreaterThan(5);
  const again = play();
  expect(await again.exit(), again.output.stderr).toBe(0);
  expect(outcome()).toEqual(first);

  // Calibrations of the station are there, and nothing of it is touched.
  const calibrations = (...at: string[]) => readFileSync(join(folder, 'data', ...at, 'calibrations.json'), 'utf8');
  expect(calibrations('played')).toBe(calibrations());
  expect(readdirSync(join(folder, 'data')).sort()).toEqual(['calibrations.json', 'config', 'elements.json', 'played']);
  expect(readFileSync(join(folder, 'data', 'elements.json'), 'utf8')).toBe(before);

  const lines = day.output.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({
    folder: join(folder, 'data', 'played'),
    copied: ['elements.json', 'calibrations.json', join('config', 'satellites')],
  });
  const over = lines.filter(({ msg }) => msg === 'pass over');
  expect(over.length).toBe(first.passes.length);
  for (const { played } of lines) {
    expect(Date.parse(played)).toBeGreaterThanOrEqual(startMs);
    expect(Date.parse(played)).toBeLessThanOrEqual(startMs + hours * 3_600_000);
  }
});

test('a day that is being played is not removed by another', async () => {
  mkdirSync(join(folder, 'data', 'played'));
  writeFileSync(join(folder, 'data', 'played', 'kept'), '');
  const lock = lockDataFolder(join(folder, 'data', 'played'));
  const day = play();
  expect(await day.exit()).toBe(1);
  expect(day.output.stderr).toContain('another downlinkd is running on the data folder');
  expect(readdirSync(join(folder, 'data', 'played'))).toContain('kept');
  lock.release();
});

test('what stands in the way is told before the day played last is removed', async () => {
  const kept = join(folder, 'data', 'played', 'kept');
  mkdirSync(join(folder, 'data', 'played'));
  writeFileSync(kept, '');
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const { port } = busy.address() as AddressInfo;
  const file = join(folder, 'station.yaml');
  const yaml = readFileSync(file, 'utf8');
  const refused = async (...more: string[]) => {
    const day = play(...more);
    expect(await day.exit()).not.toBe(0);
    expect(readdirSync(join(folder, 'data', 'played'))).toEqual(['kept']);
    return day.output.stderr;
  };
  expect(await refused('--port', String(port), '--kiss-port', '0')).toContain(`port ${port} on 127.0.0.1 is in use`);
  busy.close();
  expect(await refused('--hours', '0')).toContain("--hours '0' should be a number above 0");
  writeFileSync(
    file,
    yaml
      .replace('id: mast, driver: simulator', 'id: mast')
      .replace('b, driver: simulator', '$&, receive: [GOMX-3]')
      .replace('a, driver: simulator', 'a, driver: rtl_tcp'),
  );
  const told = await refused();
  expect(told).toContain("give sdr a (rtl_tcp), rotator mast (rotctld) 'driver: simulator'");
  expect(told).toContain("leave 'receive' of sdr b out");
  writeFileSync(file, yaml.replace(String(norads[0]), 'GOMX-33'));
  expect(await refused()).toContain("unknown satellite 'GOMX-33'");
});
