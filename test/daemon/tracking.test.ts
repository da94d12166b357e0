import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode } from 'fast-png';
import { pino } from 'pino';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { checkReport } from '../../daemon/api/check-route.ts';
import { offsetsReport } from '../../daemon/api/pass-offsets.ts';
import {
  elementsReport,
  groundReport,
  passList,
  passTrack,
  planReport,
  rigList,
  rotatorList,
  statusReport,
  trackingState,
  trackReport,
} from '../../daemon/api/schemas.ts';
import type {
  CheckReport,
  FramesPage,
  GroundReport,
  PassList,
  PassTrack,
  RigReport,
  SatelliteEntry,
  StatusReport,
  TrackingState,
  TrackReport,
} from '../../daemon/api/wire.ts';
import { makeVirtualClock } from '../../daemon/core/virtual-clock.ts';
import { simulatedRotator } from '../../daemon/drivers/rotator/simulated-rotator.ts';
import { makeSource, systemDeps } from '../../daemon/drivers/sdr/index.ts';
import { startStation } from '../../daemon/main.ts';
import type { SdrSettings } from '../../daemon/settings/settings.ts';

import { parseSettings } from '../../daemon/settings/settings.ts';
import { maskedHorizon } from '../../daemon/tracking/horizon.ts';
import { ommOf } from '../../daemon/tracking/omm.ts';
import { fakeServer } from '../drivers/hamlib/fake-server.ts';
import { upNow } from '../tracking/up-now.ts';
import { downlinkd } from './process.ts';

const place = { latitudeDeg: 48, longitudeDeg: 11, altitudeM: 500 };
const NORAD = 99_001;
/** Up for longer than a test may take. */
const whileTested = { forMs: 400_000 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function prepare(): void {
  const satellites = join(folder, 'data', 'config', 'satellites');
  mkdirSync(satellites, { recursive: true });
  writeFileSync(
    join(satellites, 'testsat.yaml'),
    `name: TESTSAT
norad: ${NORAD}
transmitters:
  - id: beacon
    frequency_hz: 437250000
    modulation: { kind: fsk, symbol_rate: 9600 }
    framing: { kind: ax25-g3ruh }
`,
  );
}

const yaml = `station: { name: Test, latitude: 48, longitude: 11, altitude_m: 500 }
data_folder: data
api: { port: 0 }
track: [{ satellite: ${NORAD}, record: true }]
elements: { sources: [elements.json] }
sdrs: [{ driver: rtl_tcp, host: 127.0.0.1, sample_rate: 250000 }]
`;

/** The simulated radio, in the place of a dongle. */
function simulated(settings: SdrSettings) {
  const { id } = settings;
  return makeSource(
    {
      id,
      driver: 'simulator',
      sampleRate: 250_000,
      receive: [{ satellite: 'TESTSAT' }],
      frameIntervalS: 1,
      ebn0Db: 18,
      seed: 4,
    } as SdrSettings,
    systemDeps({
      findSatellite: () =>
        ({
          name: 'TESTSAT',
          norad: NORAD,
          alternativeNames: [],
          transmitters: [
            {
              id: 'beacon',
              frequencyHz: 437_250_000,
              mode: { modulation: { kind: 'fsk', symbolRate: 9600 }, framing: { kind: 'ax25-g3ruh' } },
            },
          ],
        }) as never,
      log() {},
    }),
  );
}

test('a station whose satellite is up receives it at once, records it, and keeps the pass', async () => {
  prepare();
  writeFileSync(
    join(folder, 'elements.json'),
    JSON.stringify([ommOf(upNow(place, Date.now(), undefined, whileTested))]),
  );
  const rigctld = await fakeServer((line, socket) => socket.write(`${line.slice(2).split(' ')[0]}:\nRPRT 0\n`));
  const settings = parseSettings(
    `${yaml}rigs: [{ id: rig, port: ${rigctld.port}, sdr: sdr0 }]\n`,
    join(folder, 'station.yaml'),
  );
  const station = await startStation(settings, { log: pino({ level: 'silent' }), makeSource: simulated });
  const get = async <T>(path: string) => (await (await fetch(`${station.url}${path}`)).json()) as T;
  let frames: FramesPage['frames'] = [];
  while (frames.length < 3) {
    await sleep(100);
    frames = (await get<FramesPage>('/api/frames')).frames;
  }
  expect(frames[0]).toMatchObject({ satellite: 'TESTSAT', transmitter: 'beacon', simulated: true });

  const { passes } = await get<PassList>('/api/passes');
  expect(passes[0]).toMatchObject({ norad: NORAD, received_by: [{ sdr: 'sdr0', state: 'receiving' }] });
  for (const [path, schema] of [
    ['/api/passes', passList],
    ['/api/plan', planReport],
    ['/api/elements', elementsReport],
    [`/api/track/${NORAD}`, trackReport],
    [`/api/track/${NORAD}/ground`, groundReport],
    ['/api/rotator', rotatorList],
    ['/api/rigs', rigList],
  ] as const)
    expect([...Value.Errors(schema, await get(path))], path).toEqual([]);

  // The way over the sky, from the horizon up to the highest elevation and down again.
  const { key, aos, los, max_elevation_deg } = passes[0]!;
  const way = await get<PassTrack>(`/api/passes/${key}/track`);
  expect([...Value.Errors(passTrack, way)]).toEqual([]);
  expect([way.points[0]!.time, way.points.at(-1)!.time]).toEqual([aos, los]);
  const elevations = way.points.map(({ elevation_deg }) => elevation_deg);
  expect(elevations[0]).toBeCloseTo(0, 1);
  expect(elevations.at(-1)).toBeCloseTo(0, 1);
  // The highest lies between two points.
  const missedDeg = max_elevation_deg - Math.max(...elevations);
  expect(missedDeg).toBeGreaterThan(-0.01);
  expect(missedDeg).toBeLessThan(Math.max(...elevations.slice(1).map((deg, i) => Math.abs(deg - elevations[i]!))));
  expect(way.horizon[18]).toEqual({ azimuth_deg: 90, elevation_deg: 0 });
  expect(await get('/api/passes/99001-20200101T000000Z/track')).toMatchObject({ code: 'NOT_FOUND' });

  // The ground track goes through the point below the satellite; one with too many points is refused.
  const now = new Date().toISOString();
  const { latitude_deg } = await get<TrackReport>(`/api/track/${NORAD}?at=${now}`);
  const inTenMinutes = new Date(Date.parse(now) + 600_000).toISOString();
  const { points } = await get<GroundReport>(`/api/track/${NORAD}/ground?from=${now}&to=${inTenMinutes}&step_s=60`);
  expect(points).toHaveLength(11);
  expect(points[0]!.latitude_deg).toBeCloseTo(latitude_deg, 2);
  expect(await get(`/api/track/${NORAD}/ground?step_s=1`)).toMatchObject({ code: 'BAD_QUERY' });

  const told = Number(/^\+\\set_freq (\d+)$/.exec(rigctld.received[0]!)![1]);
  const { rigs } = await get<{ rigs: RigReport[] }>('/api/rigs');
  expect(rigs).toMatchObject([{ id: 'rig', sdr: 'sdr0', state: 'tuning', reason: null, uplink_hz: null }]);
  expect(Math.abs(rigs[0]!.downlink_hz! - told)).toBeLessThan(20_000);

  const socket = new WebSocket(`${station.url.replace('http', 'ws')}/api/tracking/stream`);
  const states: TrackingState[] = [];
  socket.on('message', (data) => states.push(JSON.parse(String(data))));
  while (states.length < 2) await sleep(100);
  socket.close();
  expect([...Value.Errors(trackingState, states[1])]).toEqual([]);
  expect(states[1]).toMatchObject({ in_view: [{ norad: NORAD }], receiving: [{ norad: NORAD }] });

  // What the station uses itself is no finding.
  const { findings } = await get<CheckReport>('/api/check');
  expect([...Value.Errors(checkReport, { findings })]).toEqual([]);
  const uses = (name: string) => findings.find(({ check }) => check === name);
  expect(uses('sdr sdr0')).toMatchObject({ state: 'ok', message: 'streaming, this station uses it' });
  expect(uses('rig rig')).toMatchObject({ state: 'ok', message: 'tuning, this station uses it' });
  expect(uses('api')).toMatchObject({ state: 'ok', message: `${station.url}, this station` });

  // Others may be followed from now on: what is being received goes on.
  const other = parseSettings(yaml.replace(String(NORAD), 'GOMX-3'), join(folder, 'station.yaml'));
  expect(station.tracking!.retrack(other.track)).toBe(true);
  const heard = async () => (await get<PassList>('/api/passes')).passes[0]!.received_by[0]!;
  const { frames: before } = await heard();
  while ((await heard()).frames < before + 2) await sleep(100);
  expect(await heard()).toMatchObject({ state: 'receiving' });
  station.tracking!.retrack(settings.track);

  // What changes the station needs the token of the data folder.
  const token = readFileSync(join(folder, 'data', 'operator-token'), 'utf8').trim();
  const later = passes[1]!.key;
  const send = async (method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) => {
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(`${station.url}${path}`, { method, headers, body: JSON.stringify(body) ?? null });
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  const choose = (key: string, choice: unknown, authorization?: string) =>
    send('PUT', `/api/passes/${key}/choice`, { choice }, authorization);
  expect(await choose(later, 'skipped', 'Bearer wrong')).toMatchObject({ status: 401 });
  const unasked = await fetch(`${station.url}/api/elements`, { method: 'POST', body: 'x' });
  expect(unasked.status).toBe(401);
  const headers = { authorization: `Bearer ${token}` };
  const untyped = await fetch(`${station.url}/api/elements`, { method: 'POST', body: 'x', headers });
  expect(await untyped.json()).toMatchObject({ message: expect.stringContaining("'Content-Type: application/json'") });
  expect(await choose(later, 'later')).toMatchObject({
    status: 400,
    message: 'choice must be one of "pinned", "skipped", null',
  });
  expect(await choose(later, 'skipped')).toEqual({ status: 200, choice: 'skipped' });
  // What is being received can be neither skipped nor calibrated from.
  const running = passes[0]!.key;
  expect(await choose(running, 'skipped')).toMatchObject({ status: 409, code: 'PASS_RUNNING' });
  const calibration = (key: string) => send('PUT', `/api/passes/${key}/calibration`);
  expect(await calibration(running)).toMatchObject({ status: 409, code: 'PASS_RUNNING' });
  expect(await calibration(later)).toMatchObject({ status: 409, message: expect.stringContaining('not received yet') });
  expect(await calibration('99001-20200101T000000Z')).toMatchObject({ status: 404 });
  const skipped = (await get<PassList>('/api/passes')).passes.find(({ key }) => key === later)!;
  expect(skipped).toMatchObject({ choice: 'skipped', received_by: [], reason: 'skipped' });
  const good = ommOf({ ...upNow(place, Date.now()), norad: 99_002 });
  const bad = { ...good, ECCENTRICITY: 2 };
  const paste = (records: unknown, more = {}) =>
    send('POST', '/api/elements', { text: JSON.stringify(records), ...more });
  expect(await paste(good)).toMatchObject({
    status: 200,
    satellites: [99_002],
    in_use: [{ norad: 99_002, pinned: false }],
    bad: [],
  });
  expect(await paste([good, bad])).toMatchObject({
    status: 200,
    satellites: [99_002],
    bad: [{ line: 1, record: 2, reason: expect.any(String) }],
  });
  expect(await paste([bad])).toMatchObject({
    status: 422,
    code: 'ELEMENTS_BAD',
    message: expect.stringMatching(/ECCENTRICITY/i),
  });
  // A pin holds until it is taken away, or what was posted is forgotten.
  const newer = ommOf({ ...upNow(place, Date.now()), norad: 99_002, epochMs: Date.now() });
  expect(await paste(good, { pinned: true })).toMatchObject({ in_use: [{ pinned: true, age_days: 0.04 }] });
  expect(await paste(newer)).toMatchObject({ in_use: [{ pinned: true, age_days: 0.04 }] });
  expect(await paste(newer, { pinned: false })).toMatchObject({ in_use: [{ pinned: false, age_days: 0 }] });
  expect(await send('DELETE', '/api/elements/99002', undefined, 'Bearer wrong')).toMatchObject({ status: 401 });
  expect(await send('DELETE', '/api/elements/99002')).toMatchObject({
    status: 200,
    in_use: [{ norad: 99_002, epoch: null }],
  });
  expect(await send('DELETE', '/api/elements/99002')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  // Times are those of the calendar, and elements far from theirs are told.
  for (const time of ['2026-02-30', '5', '2026-11-26T12:00:00'])
    for (const path of [`/api/passes?since=${time}`, `/api/track/${NORAD}?at=${time}`])
      expect(await get(path)).toMatchObject({ code: 'BAD_QUERY', message: expect.stringContaining('a time like') });
  expect(await get('/api/track/iss')).toMatchObject({
    message: 'norad must be a catalogue number: up to nine digits',
  });
  expect(await get(`/api/track/${NORAD}?at=2060-01-01`)).toMatchObject({
    elements_note: expect.stringContaining('days old'),
  });
  expect(await get(`/api/track/${NORAD}`)).toMatchObject({ elements_age_days: 0.04, elements_note: null });

  await station.stop();
  const recordings = readdirSync(join(folder, 'data', 'recordings')).sort();
  expect(recordings.map((name) => name.replace(/^.*Z_/, ''))).toEqual(['TESTSAT.sigmf-data', 'TESTSAT.sigmf-meta']);

  const again = await startStation(settings, { log: pino({ level: 'silent' }), makeSource: simulated });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const list = (await (await fetch(`${again.url}/api/passes?since=${since}`)).json()) as PassList;
  const picture = await fetch(`${again.url}/api/passes/${passes[0]!.key}/waterfall.png`);
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect(decode(new Uint8Array(await picture.arrayBuffer()))).toMatchObject({ width: 512, channels: 1 });
  const none = await fetch(`${again.url}/api/passes/${later}/waterfall.png`);
  expect(await none.json()).toMatchObject({ code: 'NOT_FOUND' });
  await again.stop();
  await rigctld.stop();
  const kept = list.passes.find(({ key }) => key === passes[0]!.key)!;
  expect(kept).toMatchObject({
    simulated: true,
    waterfall: true,
    received_by: [{ sdr: 'sdr0', state: 'interrupted', whole: false }, {}],
  });
  expect(kept.received_by[0]!.frames).toBeGreaterThanOrEqual(3);
});

test('a satellite without elements, or with old ones, is told', async () => {
  prepare();
  const nowMs = Date.now();
  const old = { ...upNow(place, nowMs), epochMs: nowMs - 200 * 86_400_000 };
  writeFileSync(join(folder, 'elements.json'), '[]');
  const settings = parseSettings(yaml, join(folder, 'station.yaml'));
  const station = await startStation(settings, { log: pino({ level: 'silent' }), makeSource: simulated });
  const get = async <T>(path: string) => (await (await fetch(`${station.url}${path}`)).json()) as T;
  expect(await get('/api/passes')).toMatchObject({
    passes: [],
    not_predicted: [{ norad: NORAD, reason: 'no elements' }],
    reason: 'TESTSAT: no elements',
  });
  expect(await get(`/api/track/${NORAD}`)).toMatchObject({ code: 'NOT_FOUND' });
  const token = readFileSync(join(folder, 'data', 'operator-token'), 'utf8').trim();
  await fetch(`${station.url}/api/elements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ text: JSON.stringify(ommOf(old)) }),
  });
  const { passes } = await get<PassList>('/api/passes');
  expect(passes.length).toBeGreaterThan(3);
  expect(passes[0]!.elements_age_days).toBeGreaterThan(199);
  expect(passes[0]!.elements_note).toMatch(/200 days old/);
  await station.stop();
});

test('the status says what a simulated SDR that follows the plan does', async () => {
  prepare();
  const startMs = Date.UTC(2026, 10, 26);
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(upNow(place, startMs))]));
  const settings = parseSettings(
    yaml.replace('driver: rtl_tcp, host: 127.0.0.1', 'driver: simulator'),
    join(folder, 'station.yaml'),
  );
  const clock = makeVirtualClock(startMs);
  const station = await startStation(settings, { log: pino({ level: 'silent' }), clock, virtual: true });
  const get = async <T>(path: string) => (await (await fetch(`${station.url}${path}`)).json()) as T;
  await clock.play(startMs + 150_000);
  const status = await get<StatusReport>('/api/status');
  expect([...Value.Errors(statusReport, status)]).toEqual([]);
  const channel = { satellite: 'TESTSAT', transmitter: 'beacon', frequency_hz: 437_250_000 };
  expect(status.sdrs).toMatchObject([{ id: 'sdr0', state: 'streaming', simulated: true, channels: [channel] }]);
  const { frames } = await get<FramesPage>('/api/frames');
  expect(frames.length).toBeGreaterThan(0);
  expect(status.sdrs[0]!.channels[0]!.frames).toBe(frames.length);
  const received = async () =>
    (await get<{ satellites: SatelliteEntry[] }>('/api/satellites')).satellites.find(({ norad }) => norad === NORAD)!
      .transmitters[0];
  expect(await received()).toMatchObject({ received: true });
  await clock.play(startMs + 40 * 60_000);
  expect((await get<StatusReport>('/api/status')).sdrs).toMatchObject([
    { id: 'sdr0', state: 'closed', reason: 'waits for its next pass', channels: [] },
  ]);
  expect(await received()).toMatchObject({ received: false });
  await station.stop();
});

test('the frequency error that a pass measured is taken over, and survives a new start', async () => {
  prepare();
  const startMs = Date.UTC(2026, 10, 26);
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(upNow(place, startMs))]));
  const settings = parseSettings(
    yaml.replace('driver: rtl_tcp, host: 127.0.0.1', 'driver: simulator'),
    join(folder, 'station.yaml'),
  );
  const log = pino({ level: 'silent' });
  const clock = makeVirtualClock(startMs);
  const station = await startStation(settings, { log, clock, virtual: true });
  await clock.play(startMs + 12 * 3_600_000);
  const source = station.tracking!.source;
  const { passes } = source.passes({ sinceMs: startMs, satellite: null, limit: 100 });
  const told = passes.find(({ fit }) => fit !== null)!;
  expect([...Value.Errors(passList, source.passes({ sinceMs: startMs, satellite: null, limit: 100 }))]).toEqual([]);
  for (const { received_by, simulated, fit, fit_reason } of passes) {
    expect(simulated).toBe(true);
    const frames = received_by.reduce((sum, part) => sum + part.frames, 0);
    expect(fit_reason !== null).toBe(frames > 0 && fit === null);
  }
  // The fitted curve passes through what was measured.
  const { offsets, fitted } = source.offsets(told.key)!;
  expect([...Value.Errors(offsetsReport, { offsets, fitted })]).toEqual([]);
  expect(told.best_snr_db).toBeGreaterThan(0);
  const nearest = (time: string) =>
    fitted!.reduce((a, b) =>
      Math.abs(Date.parse(a.time) - Date.parse(time)) < Math.abs(Date.parse(b.time) - Date.parse(time)) ? a : b,
    );
  const errors = offsets.map(({ time, offset_hz }) => offset_hz - nearest(time).offset_hz).sort((a, b) => a - b);
  expect(Math.abs(errors[Math.floor(errors.length / 2)]!)).toBeLessThan(3 * told.fit!.rms_hz + 20);
  expect(source.offsets('nonsense')).toBeNull();
  const before = source.track(NORAD, null);
  const taken = await source.calibrate(told.key);
  const ppm = told.fit!.frequency_bias_ppm;
  expect(Math.abs(ppm)).toBeGreaterThan(0.01);
  expect(taken).toEqual({ norad: NORAD, offset_ppm: Math.round(ppm * 100) / 100, pass: told.key });
  const expectedHz = Math.round(437_250_000 * (1 + ppm * 1e-6));
  expect(before).toMatchObject({ frequency_hz: 437_250_000 });
  expect(source.track(NORAD, null)).toMatchObject({ frequency_hz: expectedHz });
  expect(await source.calibrate('99001-20200101T000000Z')).toBeNull();
  await station.stop();

  const again = await startStation(settings, { log, clock: makeVirtualClock(startMs), virtual: true });
  expect(again.tracking!.source.track(NORAD, null)).toMatchObject({ frequency_hz: expectedHz });
  await again.stop();
  const real = await startStation(settings, { log });
  expect(await real.tracking!.source.calibrate(told.key)).toMatchObject({ code: 'PASS_SIMULATED' });
  await real.stop();
  writeFileSync(join(folder, 'data', 'calibrations.json'), '[{"norad": "x"}]');
  await expect(startStation(settings, { log, clock: makeVirtualClock(startMs), virtual: true })).rejects.toThrow(
    /calibrations.json is damaged/,
  );
});

test('begun in the middle of a pass: the antenna comes late, which is told, and never looks below the mask', async () => {
  prepare();
  const startMs = Date.UTC(2026, 10, 26);
  const mask = [
    { azimuthDeg: 0, elevationDeg: 8 },
    { azimuthDeg: 180, elevationDeg: 20 },
  ];
  const horizon = maskedHorizon(mask);
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(upNow(place, startMs, horizon))]));
  const settings = parseSettings(
    `${yaml
      .replace('driver: rtl_tcp, host: 127.0.0.1', 'driver: simulator, rotator: mast')
      .replace('altitude_m: 500', `$&, horizon: ${JSON.stringify(mask).replaceAll('Deg', '_deg')}`)}
rotators: [{ id: mast, driver: simulator, azimuth_rate_deg_s: 2, elevation_rate_deg_s: 2 }]`,
    join(folder, 'station.yaml'),
  );
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const commanded: { azimuthDeg: number; elevationDeg: number }[] = [];
  const clock = makeVirtualClock(startMs);
  const station = await startStation(settings, {
    log,
    clock,
    virtual: true,
    rotatorHooks: { pointed: (record) => record.commanded && commanded.push(record.commanded) },
  });
  await clock.play(startMs + 12 * 3_600_000);
  const { passes } = station.tracking!.source.passes({ sinceMs: startMs, satellite: null, limit: 100 });
  await station.stop();
  const [late] = lines.filter(({ msg }) => msg === 'the antenna comes late');
  expect(late).toMatchObject({ pass: passes[0]!.key, seconds: expect.any(Number) });
  const { pointed } = passes[0]!.received_by[0]!;
  expect(pointed).toHaveLength(1);
  // From when it was there, a little off: the plan says when it will be exactly there.
  const reachedMs = Date.parse(String(late!['reached']));
  expect(Math.abs(Date.parse(pointed[0]!.from) - reachedMs)).toBeLessThan(10_000);
  expect(Date.parse(pointed[0]!.from)).toBeGreaterThan(startMs + 5000);
  expect(pointed[0]!.to).toBe(passes[0]!.received_by[0]!.to);
  expect(passes.length).toBeGreaterThan(1);
  expect(commanded.length).toBeGreaterThan(100);
  for (const { azimuthDeg, elevationDeg } of commanded)
    expect(elevationDeg).toBeGreaterThanOrEqual(horizon.at(((azimuthDeg % 360) + 360) % 360) - 1e-6);
});

test('a rotator that dies in the middle of a pass, or never answers, has not pointed', async () => {
  prepare();
  const startMs = Date.UTC(2026, 10, 26);
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(upNow(place, startMs))]));
  const settings = parseSettings(
    `${yaml.replace('driver: rtl_tcp, host: 127.0.0.1', 'driver: simulator, rotator: mast')}
rotators: [{ id: mast, driver: simulator }]`,
    join(folder, 'station.yaml'),
  );
  let deadFromMs = Number.POSITIVE_INFINITY;
  const clock = makeVirtualClock(startMs);
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line).msg) });
  const station = await startStation(settings, {
    log,
    clock,
    virtual: true,
    rotatorHooks: {
      make(own) {
        const rotator = simulatedRotator(own, clock);
        const position = async () => {
          if (clock.now() >= deadFromMs) throw new Error('rotctld: connection refused');
          return rotator.position();
        };
        return { ...rotator, position };
      },
    },
  });
  const coming = station.tracking!.source.passes({ sinceMs: null, satellite: null, limit: 100 }).passes;
  const [, second, third] = coming;
  deadFromMs = Date.parse(second!.tca);
  await clock.play(Date.parse(third!.los) + 600_000);
  const { passes } = station.tracking!.source.passes({ sinceMs: startMs, satellite: null, limit: 100 });
  await station.stop();
  const [cut] = passes.find(({ key }) => key === second!.key)!.received_by;
  expect(cut!.pointed).toHaveLength(1);
  expect(cut!.pointed[0]!.from).toBe(cut!.from);
  expect(Math.abs(Date.parse(cut!.pointed[0]!.to) - deadFromMs)).toBeLessThan(3000);
  const never = passes.find(({ key }) => key === third!.key)!;
  expect(never.received_by).toMatchObject([{ state: 'done', pointed: [] }]);
  expect(lines.filter((msg) => msg === 'the antenna comes late').length).toBeLessThan(2);
});

test('what is missing is a warning, once: elements, bad records, an SDR that reaches the satellite, the time', async () => {
  prepare();
  const startMs = Date.UTC(2026, 10, 26);
  const good = ommOf({ ...upNow(place, startMs), norad: 99_002 });
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([good, { ...good, NORAD_CAT_ID: 'none' }]));
  const file = join(folder, 'station.yaml');
  const sdr = (more: string) =>
    parseSettings(yaml.replace('driver: rtl_tcp, host: 127.0.0.1', `driver: simulator${more}`), file);
  const warnings = async (settings: ReturnType<typeof sdr>, atMs: number, last: string) => {
    const lines: Record<string, unknown>[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const clock = makeVirtualClock(atMs);
    const station = await startStation(settings, { log, clock, virtual: true });
    await clock.play(atMs + 5 * 3_600_000);
    // Elements are told to be missing when the disk has what there is: five hours may be played before.
    await expect.poll(() => lines.map(({ msg }) => msg)).toContain(last);
    await station.stop();
    return lines;
  };
  const lines = await warnings(sdr(', tuning_hz: [144e6, 146e6]'), startMs, 'passes are not predicted');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatchObject({ outcome: 'ok', bad: 1, msg: expect.stringContaining("1 record can't be used") });
  expect(lines[1]).toMatchObject({
    satellite: 'TESTSAT',
    reason: 'no SDR that follows the plan reaches 437.250 MHz',
    msg: 'not received',
  });
  expect(lines[2]).toMatchObject({ sdr: 'sdr0', msg: 'reaches no tracked satellite' });
  expect(lines[3]).toMatchObject({ satellite: 'TESTSAT', reason: 'no elements', msg: 'passes are not predicted' });
  const unset = await warnings(sdr(''), 0, 'the clock is not set: no pass is planned');
  expect(unset.filter(({ msg }) => !String(msg).startsWith('elements:'))).toMatchObject([
    { clock: '1970-01-01T00:00:00.000Z', msg: 'the clock is not set: no pass is planned' },
  ]);
});

test('passes that were not received at all are there behind their end, with the reason', async () => {
  prepare();
  const startMs = Date.UTC(2026, 10, 26);
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(upNow(place, startMs))]));
  const settings = parseSettings(
    yaml.replace('driver: rtl_tcp, host: 127.0.0.1', 'driver: simulator, tuning_hz: [144e6, 146e6]'),
    join(folder, 'station.yaml'),
  );
  const clock = makeVirtualClock(startMs);
  const station = await startStation(settings, { log: pino({ level: 'silent' }), clock, virtual: true });
  const { source } = station.tracking!;
  const key = source.passes({ sinceMs: null, satellite: null, limit: 100 }).passes[1]!.key;
  source.choose(key, 'skipped');
  await clock.play(startMs + 12 * 3_600_000);
  const { passes } = source.passes({ sinceMs: startMs, satellite: null, limit: 100 });
  expect(source.choose(key, null)).toMatchObject({ code: 'PASS_OVER' });
  await station.stop();
  const over = passes.filter(({ los }) => Date.parse(los) < clock.now());
  expect(over.length).toBeGreaterThan(2);
  for (const pass of over)
    expect(pass).toMatchObject({
      received_by: [],
      reason: pass.key === key ? 'skipped' : 'no SDR that follows the plan reaches its frequencies',
    });
});

test('a part of a pass that a power cut ended is there after the next start, as interrupted, also when newer elements move its rise', async () => {
  prepare();
  const elements = upNow(place, Date.now(), undefined, whileTested);
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(elements)]));
  const file = join(folder, 'station.yaml');
  const text = yaml.replace('driver: rtl_tcp, host: 127.0.0.1', 'driver: simulator');
  writeFileSync(file, text);
  const killed = downlinkd('run', '--config', file, '--port', '0', '--kiss-port', '0');
  await killed.seen(/capture begins/);
  const [, url] = await killed.seen(/downlinkd listens on (\S+)/);
  const list = async (base: string) =>
    (await (
      await fetch(`${base}/api/passes?since=${new Date(Date.now() - 3_600_000).toISOString()}`)
    ).json()) as PassList;
  let running = (await list(url!)).passes[0]!;
  while (running.received_by[0]?.state !== 'receiving') {
    await sleep(100);
    running = (await list(url!)).passes[0]!;
  }
  // What goes on is told once.
  expect(running.received_by).toMatchObject([{ state: 'receiving' }]);
  killed.child.kill('SIGKILL');
  await killed.exit();

  // Some seconds further on its way.
  const newer = {
    ...elements,
    epochMs: elements.epochMs + 1000,
    meanAnomalyDeg: (elements.meanAnomalyDeg + 0.4) % 360,
  };
  writeFileSync(join(folder, 'elements.json'), JSON.stringify([ommOf(newer)]));
  const settings = parseSettings(text, file);
  const again = await startStation(settings, { log: pino({ level: 'silent' }) });
  const { passes } = await list(again.url);
  await again.stop();
  const now = new Date().toISOString();
  const up = passes.filter(({ aos, los }) => aos < now && los > now);
  expect(up).toMatchObject([
    { key: running.key, received_by: [{ sdr: 'sdr0', state: 'interrupted', whole: false }, {}] },
  ]);
  expect(Math.abs(Date.parse(up[0]!.aos) - Date.parse(running.aos))).toBeGreaterThan(1000);
});

test('a start that fails leaves nothing open: the program ends with the reason', async () => {
  writeFileSync(join(folder, 'station.yaml'), yaml.replace(String(NORAD), 'GOMX-33'));
  const station = downlinkd('run', '--config', join(folder, 'station.yaml'), '--port', '0');
  expect(await station.exit()).toBe(1);
  expect(station.output.stderr).toContain("unknown satellite 'GOMX-33'");
});
