import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  allSatellites,
  findSatellite,
  loadCatalogue,
  normalised,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../../daemon/satellites/catalogue.ts';
import { frameTelemetry } from '../../daemon/satellites/frame-telemetry.ts';
import type { ConfigError } from '../../daemon/settings/config-error.ts';
import { formatMode } from '../../dsp/mode.ts';

const catalogue = loadCatalogue(shippedSatellites());
let dataFolder = '';
beforeAll(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  mkdirSync(ownSatellites(dataFolder), { recursive: true });
});
afterAll(() => rmSync(dataFolder, { recursive: true }));

function own(file: string, text: string) {
  rmSync(ownSatellites(dataFolder), { recursive: true });
  mkdirSync(ownSatellites(dataFolder), { recursive: true });
  writeFileSync(join(ownSatellites(dataFolder), file), text);
  return loadCatalogue(shippedSatellites(), ownSatellites(dataFolder));
}

test('all shipped satellites are valid', () => {
  const all = allSatellites(catalogue);
  // Lower bounds: who adds a satellite adds one file.
  expect(all.length).toBeGreaterThanOrEqual(426);
  expect(all.flatMap((satellite) => satellite.transmitters).length).toBeGreaterThanOrEqual(686);
  for (const { name, transmitters } of all) {
    const ids = transmitters.map((t) => t.id);
    expect(new Set(ids).size, name).toBe(ids.length);
  }
});

test('every satellite is found by its name, its number and each other name', () => {
  const all = allSatellites(catalogue);
  const namesakes = (name: string) =>
    all.filter((s) => [s.name, ...s.alternativeNames].some((other) => normalised(other) === normalised(name)));
  for (const satellite of all) {
    expect(findSatellite(catalogue, satellite.name).name).toBe(satellite.name);
    if (satellite.norad !== null) expect(findSatellite(catalogue, satellite.norad).name).toBe(satellite.name);
    for (const name of satellite.alternativeNames) {
      if (namesakes(name).length === 1) expect(findSatellite(catalogue, name).name).toBe(satellite.name);
      else expect(() => findSatellite(catalogue, name)).toThrow(/may be/);
    }
  }
});

test.each(['AL-FARABI-2', 'al farabi 2', ' Al-Farabi 2 ', 'un1gwa', '43805'])('%s is al-Farabi-2', (name) => {
  const satellite = findSatellite(catalogue, name);
  expect(satellite.name).toBe('al-Farabi-2');
  expect(satellite.transmitters.map((t) => [t.id, t.frequencyHz, formatMode(t.mode)])).toEqual([
    ['fsk-4800-ax25-g3ruh', 436500000, 'fsk:4800:ax25-g3ruh,deviation_hz=1200'],
  ]);
});

test('a placeholder is no catalogue number but finds its satellite', () => {
  expect(findSatellite(catalogue, '98864')).toMatchObject({ name: 'AEPEX', norad: null, temporaryId: 98864 });
});

test('an ambiguous name lists all that bear it', () => {
  expect(() => findSatellite(catalogue, 'R0AJU-1')).toThrow(
    expect.objectContaining({
      code: 'SATELLITE_AMBIGUOUS',
      message: expect.stringMatching(/SKOLTECH-B1.*SKOLTECH-B2/),
    }),
  );
});

test('an unknown name suggests near ones', () => {
  expect(() => findSatellite(catalogue, 'GOMX3')).toThrow(
    new SatelliteNotFound('SATELLITE_UNKNOWN', "unknown satellite 'GOMX3'; did you mean GOMX-3?"),
  );
  expect(() => findSatellite(catalogue, '12')).toThrow("unknown satellite '12'");
});

test('DIER-5 is known, has no transmitter and says why', () => {
  const satellite = findSatellite(catalogue, 'dier 5');
  expect(satellite.transmitters).toEqual([]);
  expect(satellite.note).toMatch(/2025-12-13 at 01:08 UTC .* has not published its downlink/);
});

test("the user's own file adds a satellite or replaces one of its name", () => {
  const transmitter =
    '{ frequency_hz: 437000000, modulation: { kind: fsk, symbol_rate: 4800 }, framing: { kind: usp } }';
  const mine = own('dier-5.yaml', `name: DIER-5\nnorad: 0x1234\ntransmitters: [${transmitter}, ${transmitter}]\n`);
  expect(mine.entries).toHaveLength(catalogue.entries.length);
  expect(findSatellite(mine, 0x1234).transmitters.map((t) => t.id)).toEqual(['fsk-4800-usp', 'fsk-4800-usp-2']);
  const added = own('mine.yaml', `name: "\\x4dine"\nnorad: null\ntransmitters: [${transmitter}]\n`);
  expect(added.entries).toHaveLength(catalogue.entries.length + 1);
  expect(findSatellite(added, 'mine').name).toBe('Mine');
  const twice = own('my-gomx.yaml', `name: GOMX-3\nnorad: 40949\ntransmitters: [${transmitter}]\n`);
  expect(() => findSatellite(twice, 'GOMX-3')).toThrow(/several files, .*gomx-3\.yaml, .*my-gomx\.yaml: keep one/);
});

test('a transmitter names its telemetry, or has that of its satellite', () => {
  const transmitter = (more: string) =>
    `{ frequency_hz: 437000000, modulation: { kind: fsk, symbol_rate: 4800 }, framing: { kind: usp }${more} }`;
  const mine = own(
    'mine.yaml',
    `name: Mine\nnorad: null\ntelemetry: ax25\ntransmitters: [${transmitter('')}, ${transmitter(', telemetry: csp')}]\n`,
  );
  expect(findSatellite(mine, 'mine').transmitters.map((t) => t.telemetry)).toEqual(['ax25', 'csp']);
  const read = frameTelemetry(mine);
  const frame = { satellite: 'Mine', mode: 'fsk:4800:usp', frame: '00' };
  const definitions = ['fsk-4800-usp', 'fsk-4800-usp-2', null].map(
    (id) => read({ ...frame, transmitter: id }).definition,
  );
  expect(definitions).toEqual(['ax25', 'csp', 'ax25']);
  expect(read({ ...frame, satellite: 'Forgotten', transmitter: null })).toMatchObject({
    definition: null,
    reason: expect.stringContaining('usp'),
  });
  const simulated = { satellite: 'Mine', transmitter: null, mode: 'fsk:4800:u482c', frame: '00', simulated: true };
  expect(read(simulated).definition).toBe('ax25');
  expect(read({ ...simulated, satellite: null })).toMatchObject({
    definition: null,
    fields: [],
    reason: expect.stringContaining('simulated'),
  });
});

test('problems of a file are told with their paths', () => {
  const bad = own(
    'bad.yaml',
    `name: Bad
norad: 1234567890
transmitters:
  - frequency_hz: 437.5
    modulation: { kind: fks, symbol_rate: 0, deviation: 3 }
    framing: { kind: ax25, rs_basis: both }
`,
  );
  const file = join(ownSatellites(dataFolder), 'bad.yaml');
  const problems = (): readonly string[] => {
    try {
      findSatellite(bad, 'bad');
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };
  expect(problems()).toEqual([
    `${file}: norad: 1234567890 should be a whole number from 1 to 999999999 (catalogue number, up to nine digits) or null`,
    `${file}: transmitters[0].frequency_hz: 437.5 should be a whole number from 1 to 100000000000 (Hz)`,
    expect.stringContaining("transmitters[0].modulation.kind: 'fks' should be one of fsk, "),
    expect.stringContaining('transmitters[0].modulation.symbol_rate: 0 should be a number above 0'),
    `${file}: transmitters[0].modulation.deviation: unknown key, did you mean 'deviation_hz'?`,
    `${file}: transmitters[0].framing.rs_basis: 'both' should be one of dual, conventional`,
  ]);
});
