import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecodedFrame } from '../../daemon/api/wire.ts';
import { findSatellite, loadCatalogue, shippedSatellites } from '../../daemon/satellites/catalogue.ts';
import { rangeRateFrom } from '../../daemon/tracking/doppler-curve.ts';
import { flatHorizon } from '../../daemon/tracking/horizon.ts';
import { dopplerHz } from '../../daemon/tracking/observer.ts';
import { ommOf } from '../../daemon/tracking/omm.ts';
import { findPasses } from '../../daemon/tracking/passes.ts';
import { propagator } from '../../daemon/tracking/propagator.ts';
import { dopplerNco } from '../../dsp/filter/doppler-nco.ts';
import { formatMode } from '../../dsp/mode.ts';
import { fromMs, places, satellites } from '../tracking/vectors.ts';
import { inProcess } from './fake-io.ts';
import { ax25Frame, iqOfFrames, iqWav } from './recording.ts';

const rate = 48_000;
const place = places[0]!;
const satellite = findSatellite(loadCatalogue(shippedSatellites()), 'FALCONSAT-3');
const { frequencyHz, id: transmitter, mode } = satellite.transmitters[0]!;
/** An orbit of the vectors, flown by a satellite of the catalogue. */
const elements = {
  ...satellites.find(({ name }) => name === 'SUN-SYNCHRONOUS 500')!.elements,
  norad: satellite.norad!,
};
const pass = findPasses({ elements, place, horizon: flatHorizon(0), fromMs, toMs: fromMs + 2 * 86_400_000 }).reduce(
  (best, next) => (next.highest.elevationDeg > best.highest.elevationDeg ? next : best),
);
const frames = Array.from({ length: 15 }, (_, i) => ax25Frame(`frame ${i}`));
/** When the shift changes fastest. */
const startMs = Math.floor(pass.highest.timeMs / 1000) * 1000 - 15_000;
const everyS = 2;
const carrierErrorHz = 2500;
const hex = frames.map((frame) => Buffer.from(frame).toString('hex'));
const location = `${place.latitudeDeg},${place.longitudeDeg},${place.altitudeM}`;

let folder = '';
const path = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-doppler-'));
  const iq = iqOfFrames(formatMode(mode), frames, rate, everyS);
  const rangeRate = rangeRateFrom(propagator(elements), place);
  const shiftHzAt = (sample: number) =>
    carrierErrorHz + dopplerHz(frequencyHz, rangeRate(startMs + (1000 * sample) / rate));
  dopplerNco({ sampleRate: rate, pointEvery: 1280, shiftHzAt }).process(iq, iq.length / 2, iq);
  writeFileSync(path('pass.wav'), iqWav(iq, rate));
  writeFileSync(path('short.wav'), iqWav(iq.slice(0, 2 * rate), rate));
  writeFileSync(path('pass.sigmf-data'), Buffer.from(iq.buffer));
  const capture = {
    'core:sample_start': 0,
    'core:frequency': frequencyHz,
    'core:datetime': new Date(startMs).toISOString(),
  };
  const geolocation = { type: 'Point', coordinates: [place.longitudeDeg, place.latitudeDeg, place.altitudeM] };
  const global = { 'core:datatype': 'cf32_le', 'core:sample_rate': rate, 'core:geolocation': geolocation };
  writeFileSync(path('pass.sigmf-meta'), JSON.stringify({ global, captures: [capture] }));
  writeFileSync(path('no-place.sigmf-data'), Buffer.from(iq.buffer, 0, 8000));
  const { 'core:geolocation': _left, ...placeless } = global;
  writeFileSync(path('no-place.sigmf-meta'), JSON.stringify({ global: placeless, captures: [capture] }));
  writeFileSync(path('elements.json'), JSON.stringify(ommOf(elements)));
  writeFileSync(path('others.json'), JSON.stringify(ommOf({ ...elements, norad: 12345 })));
  // 6 s later along the track than the satellite is.
  const late = {
    ...elements,
    meanAnomalyDeg: elements.meanAnomalyDeg + (6 / 86_400) * elements.meanMotionRevPerDay * 360,
  };
  writeFileSync(path('late.json'), JSON.stringify(ommOf({ ...late, meanAnomalyDeg: late.meanAnomalyDeg % 360 })));
  writeFileSync(path('old.json'), JSON.stringify(ommOf({ ...elements, epochMs: startMs - 20 * 86_400_000 })));
});
afterAll(() => rmSync(folder, { recursive: true }));

const decode = (input: string, ...argv: string[]) =>
  inProcess('decode', path(input), '--satellite', satellite.name, '--transmitter', transmitter, ...argv);
const lines = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DecodedFrame);

test('the shift of a recorded pass is taken out: what remains is the carrier’s error', async () => {
  const { code, stdout, stderr } = await decode('pass.sigmf-meta', '--elements', path('elements.json'));
  expect(code).toBe(0);
  const found = lines(stdout);
  expect(found.map(({ frame }) => frame)).toEqual(hex);
  for (const { offset_hz } of found) expect(Math.abs(offset_hz! - carrierErrorHz)).toBeLessThan(10);
  const fit = /by 15 frames the satellite comes ([\d.]+) s \w+ than predicted .*carrier (\d+) Hz/.exec(stderr)!;
  expect(Number(fit[1])).toBeLessThan(0.1);
  expect(Math.abs(Number(fit[2]) - carrierErrorHz)).toBeLessThan(10);
});

test('elements that lead are found out, and cost no frame', async () => {
  const { stdout, stderr } = await decode('pass.sigmf-meta', '--elements', path('late.json'));
  expect(lines(stdout).map(({ frame }) => frame)).toEqual(hex);
  const fit = /comes ([\d.]+) s later than predicted .*carrier (\d+) Hz/.exec(stderr)!;
  expect(Math.abs(Number(fit[1]) - 6)).toBeLessThan(0.2);
  expect(Math.abs(Number(fit[2]) - carrierErrorHz)).toBeLessThan(20);
});

test('time and place from the command line do the same for a WAV', async () => {
  const argv = ['--elements', path('elements.json'), '--location', location];
  const told = await decode('pass.wav', ...argv, '--start-time', new Date(startMs).toISOString());
  expect(lines(told.stdout).map(({ frame }) => frame)).toEqual(hex);
  for (const { offset_hz } of lines(told.stdout)) expect(Math.abs(offset_hz! - carrierErrorHz)).toBeLessThan(10);
});

test('what is missing is told', async () => {
  const known = ['--elements', path('elements.json')];
  const place = ['--location', location];
  const at = (ms: number) => ['--start-time', new Date(ms).toISOString()];
  for (const [input, argv, code, message] of [
    ['pass.wav', [...known, ...place], 2, /when was .*pass\.wav recorded\? Give --start-time/],
    ['no-place.sigmf-meta', known, 2, /where was .*recorded\? Give --location/],
    ['pass.wav', place, 2, /--location .* goes with --elements/],
    ['pass.wav', ['--elements', path('none.json')], 1, /none\.json: no such file/],
    ['pass.wav', ['--elements', path('others.json')], 1, /no elements for FALCONSAT-3/],
    ['no-place.sigmf-meta', ['--elements', path('old.json'), ...place], 0, /are 20 days old/],
    ['no-place.sigmf-meta', [...known, ...place, ...at(startMs + 2_000_000)], 0, /below the horizon in all of it/],
  ] as const) {
    const outcome = await decode(input, ...argv);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
  }
  const mode = await inProcess('decode', path('pass.wav'), '--mode', 'fsk:9600:ax25-g3ruh', ...known);
  expect([mode.code, mode.stderr]).toEqual([2, expect.stringMatching(/--elements .* goes with --satellite/)]);
});

test('in audio there is nothing to take out, which is no error', async () => {
  const argv = ['--elements', path('elements.json'), '--audio'];
  const { code, stderr } = await decode('short.wav', ...argv);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/is audio, no Doppler shift is taken out/)]);
});

test('a simulated stream of a real pass is decoded with the elements that made it: every frame, no shift left', async () => {
  const given = ['--elements', path('elements.json'), '--location', location];
  const at = ['--start-time', new Date(startMs).toISOString()];
  const of = ['--satellite', satellite.name, ...given, ...at];
  const stream = ['--sample-rate', '48000', '--frame-interval-s', '4', '--duration-s', '60'];
  const sent = await inProcess('simulate', '--output', path('simulated.wav'), ...of, ...stream);
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  const sentFrames = lines(sent.stdout).filter((line) => 'in_capture' in line && line.in_capture);
  const found = lines((await decode('simulated.wav', ...given, ...at)).stdout);
  expect(found.length).toBeGreaterThan(10);
  expect(found.map(({ frame }) => frame)).toEqual(sentFrames.map(({ frame }) => frame));
  for (const { offset_hz } of found) expect(Math.abs(offset_hz!)).toBeLessThan(20);

  const wrong = (...argv: string[]) => inProcess('simulate', '--output', path('none.wav'), ...argv);
  const later = ['--start-time', new Date(pass.set!.timeMs + 600_000).toISOString()];
  for (const [argv, message] of [
    [['--satellite', satellite.name, ...given, ...later], /neither rises nor is up then; its next pass begins at 20/],
    [['--satellite', satellite.name, ...given], /--elements needs --start-time/],
    [[...of, '--start', 'rise'], /--start does not go with --elements/],
    [[...given, ...at], /--elements goes with one --satellite/],
    [at, /--start-time goes with --elements FILE/],
  ] as const) {
    const { code, stderr } = await wrong(...argv);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }
});
