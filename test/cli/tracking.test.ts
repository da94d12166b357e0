import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ommOf } from '../../daemon/tracking/omm.ts';
import { file, satellites } from '../tracking/vectors.ts';
import { inProcess } from './fake-io.ts';

const munich = file.stations[0]!;
const location = ['--location', `${munich.latitude},${munich.longitude},${munich.altitude_m}`];
/** In the catalogue, by number. */
const gomx = satellites.find((s) => s.norad === 40949)!;
const iso = (s: number) => new Date(Date.parse(file.from) + s * 1000).toISOString();

let folder: string;
let tle: string;
let config: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-tracking-'));
  tle = join(folder, 'elements.txt');
  writeFileSync(tle, satellites.map((s) => [s.name, ...s.lines].join('\n')).join('\n'));
  config = join(folder, 'station.yaml');
  const { latitude, longitude, altitude_m } = munich;
  const station = `station: { latitude: ${latitude}, longitude: ${longitude}, altitude_m: ${altitude_m} }`;
  writeFileSync(config, `${station}\nsdrs: [{ driver: simulator, receive: [GOMX-3] }]\n`);
  const track = (sources: string) =>
    `track: [GOMX-3]\nelements: { sources: [${sources}] }\nsdrs: [{ driver: simulator }]`;
  writeFileSync(join(folder, 'new.yaml'), `${station}\ndata_folder: new\n${track('https://example.org/')}`);
  writeFileSync(join(folder, 'files.yaml'), `${station}\ndata_folder: new\n${track('elements.txt, missing.txt')}`);
  writeFileSync(join(folder, 'nowhere.yaml'), 'sdrs: [{ driver: simulator, receive: [GOMX-3] }]\n');
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'elements.json'), JSON.stringify([ommOf(gomx.elements)]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('passes', () => {
  const asked = ['passes', '--from', file.from, '--hours', String(file.hours), '--json'];

  test('as JSON: those of the vectors', async () => {
    const argv = [...asked, '--elements', tle, ...location, '--satellite', 'gomx-3', '--min-elevation', '10'];
    const { code, stdout, stderr } = await inProcess(...argv);
    expect([code, stderr]).toEqual([0, '']);
    const search = gomx.searches.find((s) => s.station === 0 && s.min_elevation_deg === 10)!;
    const passes = JSON.parse(stdout) as Record<string, string | number>[];
    expect(passes).toHaveLength(search.passes.length);
    const [aos, , los, elevation, aosAzimuth, losAzimuth] = search.passes[0]!;
    expect(passes[0]).toEqual({
      norad: 40949,
      name: 'GOMX-3',
      aos: expect.stringMatching(/^2026-11-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      tca: expect.any(String),
      los: expect.any(String),
      max_elevation_deg: expect.closeTo(elevation, 1),
      aos_azimuth_deg: expect.closeTo(aosAzimuth!, 1),
      los_azimuth_deg: expect.closeTo(losAzimuth!, 1),
    });
    expect(Math.abs(Date.parse(String(passes[0]!['aos'])) - Date.parse(iso(aos!)))).toBeLessThan(1000);
    expect(Math.abs(Date.parse(String(passes[0]!['los'])) - Date.parse(iso(los!)))).toBeLessThan(1000);
  });

  test('elements and place of the settings; the same as given by options', async () => {
    const own = await inProcess(...asked, '--config', config);
    expect(own).toMatchObject({ code: 0, stderr: '' });
    const given = await inProcess(...asked, '--elements', tle, ...location, '--satellite', '40949');
    const seconds = (text: string) =>
      (JSON.parse(text) as { aos: string }[]).map((pass) => Math.round(Date.parse(pass.aos) / 5000));
    expect(seconds(own.stdout)).toEqual(seconds(given.stdout));
  });

  test('elements of the files that the settings name; one that is missing is told', async () => {
    const own = await inProcess(...asked, '--satellite', 'gomx-3', '--config', join(folder, 'files.yaml'));
    expect([own.code, own.stderr]).toEqual([0, `downlinkd: ${join(folder, 'missing.txt')}: no such file\n`]);
    const given = await inProcess(...asked, '--elements', tle, ...location, '--satellite', '40949');
    expect(own.stdout).toBe(given.stdout);
  });

  test('without --satellite all of the file, in the order of rising; several may be named', async () => {
    const all = JSON.parse((await inProcess(...asked, '--elements', tle, ...location)).stdout) as {
      name: string;
      norad: number;
      aos: string | null;
    }[];
    expect(new Set(all.map((pass) => pass.norad)).size).toBeGreaterThan(10);
    const starts = all.map((pass) => pass.aos ?? '');
    expect(starts).toEqual([...starts].sort());
    const some = ['--satellite', 'molniya', '--satellite', '123456', '--satellite', 'MOLNIYA'];
    const { stdout } = await inProcess(...asked, '--elements', tle, ...location, ...some);
    const passes = JSON.parse(stdout) as { name: string }[];
    expect(new Set(passes.map((pass) => pass.name))).toEqual(new Set(['MOLNIYA', 'RETROGRADE']));
    const expected = all.filter((pass) => ['MOLNIYA', 'RETROGRADE'].includes(pass.name));
    expect(passes).toHaveLength(expected.length);
  });

  test('a geostationary satellite has neither rising nor setting', async () => {
    const place = ['--location', '0,0'];
    const argv = ['--elements', tle, '--satellite', 'geostationary', '--min-elevation', '-10'];
    const longitudes = [0, 90, 180, -90].map((longitude) => [...place.slice(0, 1), `0,${longitude}`]);
    const answers = await Promise.all(longitudes.map((at) => inProcess(...asked, ...argv, ...at)));
    const passes = answers.flatMap((answer) => JSON.parse(answer.stdout) as object[]);
    expect(passes.length).toBeGreaterThan(0);
    for (const pass of passes) expect(pass).toMatchObject({ aos: null, los: null, aos_azimuth_deg: null });
  });

  test('as a table', async () => {
    const argv = ['--elements', tle, ...location, '--satellite', 'gomx-3', '--from', file.from, '--hours', '3'];
    const lines = (await inProcess('passes', ...argv)).stdout.trimEnd().split('\n');
    expect(lines[0]!.split(/ {2,}/)).toEqual(['SATELLITE', 'AOS', 'AZIMUTH', 'TCA', 'ELEVATION', 'LOS', 'AZIMUTH']);
    expect(lines[1]).toMatch(/^GOMX-3 {5}2026-11-25T[\d:]{8}Z {2}\d+° +[\d:]{8}Z {2}[\d.]+° +[\d:]{8}Z {2}\d+°$/);
    const none = [...argv.slice(0, -1), '0.01'];
    expect((await inProcess('passes', ...none)).stdout).toBe('no pass\n');
  });
});

test('in the table TCA and LOS have their day where it is not that of AOS', async () => {
  const asked = ['passes', '--from', file.from, '--hours', '48', '--elements', tle, ...location];
  const passes = JSON.parse((await inProcess(...asked, '--json')).stdout) as { aos: string; los: string }[];
  const rows = (await inProcess(...asked)).stdout.trimEnd().split('\n').slice(1);
  const overMidnight = passes.map(({ aos, los }) => aos?.slice(0, 10) !== los?.slice(0, 10));
  expect(overMidnight).toContain(true);
  expect(overMidnight).toContain(false);
  rows.forEach((row, i) => {
    const { los } = passes[i]!;
    if (los === null) return;
    const end = `${los.slice(0, 19)}Z`;
    expect(row).toContain(overMidnight[i] ? `  ${end}` : `  ${end.slice(11)}`);
    expect(row.includes(`  ${end}  `)).toBe(overMidnight[i]);
  });
});

describe('track', () => {
  test('a name that only the file has, of a satellite that the catalogue knows by its number', async () => {
    const own = join(folder, 'renamed.json');
    writeFileSync(own, JSON.stringify(ommOf({ ...gomx.elements, name: 'MY CUBE' })));
    const argv = ['track', 'my-cube', '--elements', own, ...location, '--at', file.from, '--json'];
    expect(JSON.parse((await inProcess(...argv)).stdout)).toMatchObject({ name: 'GOMX-3', frequency_hz: 437250000 });
  });

  test('as JSON: a view of the vectors', async () => {
    const [, s, azimuth, elevation, range, rate] = gomx.views.find(([station]) => station === 0)!;
    const argv = ['GOMX-3', '--elements', tle, ...location, '--at', iso(s), '--json'];
    const { code, stdout, stderr } = await inProcess('track', ...argv);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      norad: 40949,
      name: 'GOMX-3',
      time: iso(s),
      elements_epoch: '2026-11-24T00:00:00.000Z',
      elements_age_days: expect.any(Number),
      elements_note: null,
      azimuth_deg: expect.closeTo(azimuth, 2),
      elevation_deg: expect.closeTo(elevation, 2),
      range_km: expect.closeTo(range, 1),
      range_rate_km_s: expect.closeTo(rate, 5),
      frequency_hz: 437250000,
      doppler_hz: expect.closeTo((-rate / 299792.458) * 437250000, 0),
      latitude_deg: expect.any(Number),
      longitude_deg: expect.any(Number),
      altitude_km: expect.any(Number),
      sunlit: expect.any(Boolean),
    });
  });

  test('no Doppler without a known transmitter; a place south and west', async () => {
    const argv = ['MOLNIYA', '--elements', tle, '--location', '-33.9,-70.6,500', '--at', file.from, '--json'];
    expect(JSON.parse((await inProcess('track', ...argv)).stdout)).toMatchObject({
      frequency_hz: null,
      doppler_hz: null,
    });
  });

  test('as lines, without --at now', async () => {
    const { code, stdout } = await inProcess('track', 'GOMX-3', '--config', config);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^satellite {2}GOMX-3 \(40949\)$/m);
    expect(stdout).toMatch(/^Doppler {4}-?\d+ Hz at 437\.2500 MHz$/m);
  });

  test('old elements: a warning with their age', async () => {
    const argv = ['track', 'GOMX-3', '--elements', tle, ...location, '--at'];
    const { code, stderr } = await inProcess(...argv, '2027-01-02T00:00:00Z');
    expect(code).toBe(0);
    expect(stderr).toBe('downlinkd: the elements of GOMX-3 are 39 days old (2026-11-24)\n');
    expect((await inProcess(...argv, '2026-10-01T00:00:00Z')).stderr).toBe(
      'downlinkd: the elements of GOMX-3 are from 54 days later (2026-11-24)\n',
    );
  });
});

test('many old elements: some are told, and how many more', async () => {
  const argv = ['--elements', tle, ...location, '--from', '2027-01-02T00:00:00Z', '--hours', '0.01'];
  const all = (await inProcess('passes', ...argv)).stderr.trimEnd().split('\n');
  const decayed = all.filter((line) => line.includes('has decayed'));
  const lines = all.filter((line) => !decayed.includes(line));
  expect(lines).toHaveLength(6);
  expect(lines[5]).toBe(
    `downlinkd: those of ${satellites.length - decayed.length - 5} more satellites are over 30 days away too`,
  );
});

test('several files count together, the newest epoch of each satellite, but none of a year ahead', async () => {
  const [own, ahead] = [join(folder, 'own.json'), join(folder, 'ahead.json')];
  const year = 365 * 86_400_000;
  writeFileSync(own, JSON.stringify(ommOf({ ...gomx.elements, norad: 99_001, name: 'OWN' })));
  const wrong = { ...gomx.elements, epochMs: gomx.elements.epochMs + 10 * year };
  writeFileSync(ahead, JSON.stringify(ommOf(wrong)));
  const files = ['--elements', own, '--elements', tle, '--elements', ahead];
  for (const [name, norad] of [
    ['OWN', 99_001],
    ['GOMX-3', 40949],
  ] as const) {
    const { code, stdout, stderr } = await inProcess(
      ...['track', name, ...files, ...location, '--at', file.from, '--json'],
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ norad, elements_epoch: '2026-11-24T00:00:00.000Z' });
  }
});

test('bad records are told, the others used', async () => {
  const damaged = join(folder, 'damaged.txt');
  writeFileSync(damaged, ['BAD', gomx.lines[0], gomx.lines[1].slice(0, 30), 'GOOD', ...gomx.lines].join('\n'));
  const { code, stderr } = await inProcess('track', 'GOMX-3', '--elements', damaged, ...location, '--at', file.from);
  expect(code).toBe(0);
  expect(stderr).toBe(`downlinkd: ${damaged}:3: 30 characters instead of 69: truncated\n`);
});

test('a clock that was never set predicts nothing, and is told; a time that is given counts', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 60_000 });
  try {
    for (const [argv, option] of [
      [['passes'], '--from'],
      [['track', 'GOMX-3'], '--at'],
    ] as const) {
      const { code, stdout, stderr } = await inProcess(...argv, '--config', config);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        `downlinkd: this computer's clock is not set, it says 1970-01-01T00:01:00.000Z: set it, or give a time with ${option} ISO\n`,
      );
      const given = await inProcess(...argv, '--config', config, option, file.from);
      expect([given.code, given.stderr]).toEqual([0, '']);
    }
    const { stdout } = await inProcess('check', '--config', join(folder, 'files.yaml'));
    expect(stdout).toContain("warning  elements: this computer's clock is not set");
    expect(stdout).not.toContain('decayed');
  } finally {
    vi.useRealTimers();
  }
});

describe('one line on standard error', () => {
  const time = 'should be like 2026-11-26T12:34:56Z';
  const hours = 'should be a number above 0 and up to 744 (a month)';
  test.each<[string, number, (f: string) => string[], string]>([
    ['no satellite', 2, () => ['track'], 'track what? Give a satellite, by name or catalogue number'],
    ['a stray word', 2, () => ['passes', 'x'], "passes takes no 'x'; a satellite goes behind --satellite"],
    ['a time without zone', 2, () => ['passes', '--from', '2026-11-26T12:00'], `--from '2026-11-26T12:00' ${time}`],
    ['no time', 2, () => ['track', 'x', '--at', 'noon'], `--at 'noon' ${time}`],
    ['no such day', 2, () => ['track', 'x', '--at', '2026-02-30T12:00:00Z'], `--at '2026-02-30T12:00:00Z' ${time}`],
    ['negative hours', 2, () => ['passes', '--hours', '-1'], `--hours '-1' ${hours}`],
    ['no hours', 2, () => ['passes', '--hours', '0'], `--hours '0' ${hours}`],
    ['hours that are no number', 2, () => ['passes', '--hours', 'NaN'], `--hours 'NaN' ${hours}`],
    ['too many hours', 2, () => ['passes', '--hours', '1e9'], `--hours '1e9' ${hours}`],
    [
      'min elevation',
      2,
      () => ['passes', '--min-elevation', '90'],
      "--min-elevation '90' should be a number from -10 to 89",
    ],
    [
      'a place that is none',
      2,
      () => ['passes', '--location', '91,0'],
      "--location '91,0' should be like 48.1,11.6,520: degrees north and east, metres",
    ],
    [
      'no place',
      2,
      (f) => ['passes', '--config', join(f, 'nowhere.yaml')],
      'where? Give --location LAT,LON,ALT_M or station.latitude and station.longitude in FOLDER/nowhere.yaml',
    ],
    [
      'no file',
      1,
      (f) => ['passes', '--elements', join(f, 'none.json'), ...location],
      'FOLDER/none.json: no such file',
    ],
    ['a folder', 1, (f) => ['passes', '--elements', f, ...location], "FOLDER: can't be read: it is a folder"],
    [
      'no elements yet',
      1,
      (f) => ['passes', '--config', join(f, 'new.yaml')],
      "no orbital elements yet: start 'downlinkd run', which keeps them in FOLDER/new/elements.json, or give a file with --elements FILE",
    ],
    [
      'no elements for it',
      1,
      (f) => ['track', 'AO-73', '--elements', join(f, 'elements.txt')],
      'no elements for AO-73 (39444) in FOLDER/elements.txt; give a file that has them with --elements FILE',
    ],
    [
      'unknown to both',
      2,
      (f) => ['track', 'gomx-33', '--elements', join(f, 'elements.txt')],
      "unknown satellite 'gomx-33'; did you mean GOMX-3, GOMX-1?",
    ],
  ])('%s', async (_what, exitCode, argv, line) => {
    const { code, stdout, stderr } = await inProcess(...argv(folder));
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr.replace(folder, 'FOLDER').split('\n')[0]).toContain(`downlinkd: ${line}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('an orbit that has decayed, of a satellite that was named or one of many', async () => {
    const late = ['--from', '2027-12-24T18:00:00Z', '--hours', '1', '--elements', tle, ...location];
    const named = await inProcess('passes', '--satellite', 'VERY-LOW', ...late);
    expect([named.code, named.stdout]).toEqual([1, '']);
    const told = 'downlinkd: VERY LOW has no passes: by its elements of 2026-11-24 it has decayed\n';
    expect(named.stderr).toBe(told);
    const all = await inProcess('passes', ...late);
    expect(all.code).toBe(0);
    expect(all.stderr).toContain(told);
    const argv = ['track', 'VERY-LOW', '--elements', tle, ...location, '--at', '2027-12-24T18:00:00Z'];
    const { code, stdout, stderr } = await inProcess(...argv);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^downlinkd: VERY LOW has no place at 2027-12-24T18:00:00\.000Z: .*$/m);
  });
});
