import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logPage } from '../../daemon/api/log-routes.ts';
import { modesAnswer } from '../../daemon/api/satellite-routes.ts';
import { settingsCheck, settingsReport } from '../../daemon/api/settings-routes.ts';
import type {
  ErrorAnswer,
  LogPage,
  ModesReport,
  SatelliteEntry,
  SettingsCheck,
  SettingsReport,
  SettingsSaved,
  StatusReport,
} from '../../daemon/api/wire.ts';
import { downlinkd, type Running } from './process.ts';

let folder: string;
let file: string;
let station: Running;
let url: string;
let token: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  file = join(folder, 'station.yaml');
});
afterEach(async () => {
  station.child.kill('SIGTERM');
  await station.exit();
  rmSync(folder, { recursive: true, force: true });
});

const simulator =
  '{ driver: simulator, sample_rate: 96000, frame_interval_s: 0.3, start: mid-pass, receive: [GOMX-3] }';
const yaml = `# my station
station:
  name: Before   # as the neighbours call it
data_folder: data
sdrs:
  - ${simulator}
collectors:
  - { id: own, type: mqtt, url: "mqtt://127.0.0.1:9", password: hunter2, enabled: false }
`;

async function start(text: string): Promise<void> {
  writeFileSync(file, text);
  station = downlinkd('run', '--config', file, '--port', '0');
  url = (await station.seen(/listens on (http:\S+)/))[1]!;
  token = readFileSync(join(folder, 'data', 'operator-token'), 'utf8').trim();
}

async function ask<T>(path: string, method = 'GET', body?: unknown): Promise<{ status: number; answer: T }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/${path}`, {
    method,
    ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as T };
}

/** Asks until the station, which may be away, has come to that. */
async function until<T>(path: string, there: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const got = await ask<T>(path).catch(() => null);
    if (got?.status === 200 && there(got.answer)) return got.answer;
    await sleep(50);
  }
}

/** 224 bytes of data are one more than a code word has. */
const senseless = { kind: 'ccsds-reed-solomon', frame_size: 224 };

const saved = () => until<SettingsReport>('settings', ({ last_change }) => last_change !== null);

test('a change starts the station anew on its port: the ledger goes on, comments and secrets stay', async () => {
  await start(yaml);
  const before = await until<StatusReport>('status', ({ ledger }) => ledger.last_seq > 0);
  const { answer: shown } = await ask<SettingsReport>('settings');
  expect(readFileSync(shown.operator_token_file, 'utf8').trim()).toBe(token);
  expect(shown.yaml).toContain('password: "********"');
  const settings = structuredClone(shown.settings) as { station: { name: string }; collectors: object[] };
  settings.station.name = 'After';
  const { answer: check } = await ask<SettingsCheck>('settings/check', 'POST', { settings });
  expect(check.problems).toEqual([]);
  expect([...Value.Errors(settingsReport, shown), ...Value.Errors(settingsCheck, check)]).toEqual([]);
  expect(check.diff).toContain('-  name: Before   # as the neighbours call it\n+  name: After');
  expect(JSON.stringify(check)).not.toContain('hunter2');

  const put = await ask<SettingsSaved>('settings', 'PUT', { settings, hash: shown.hash });
  expect(put).toMatchObject({ status: 200, answer: { restarts: true } });
  expect((await saved()).last_change).toMatchObject({ outcome: 'applied', reason: null });
  const { answer: anew } = await ask<StatusReport>('status');
  expect(anew.station.name).toBe('After');
  const after = await until<StatusReport>('status', ({ ledger }) => ledger.last_seq > anew.ledger.last_seq);
  expect(after.ledger.id).toBe(before.ledger.id);
  expect(readFileSync(file, 'utf8')).toBe(yaml.replace('Before   #', 'After #'));
  expect(readFileSync(`${file}.bak`, 'utf8')).toBe(yaml);

  const late = await ask<ErrorAnswer>('settings', 'PUT', { settings, hash: shown.hash });
  expect(late).toMatchObject({ status: 409, answer: { code: 'SETTINGS_CHANGED' } });
  // It is said when the last radio runs too.
  const log = await until<LogPage>('log?level=info', ({ lines }) =>
    lines.some(({ message }) => message === 'the station runs with the changed settings'),
  );
  expect([...Value.Errors(logPage, log)]).toEqual([]);
  const again = await ask<LogPage>(`log?since=${log.lines.at(-1)!.seq}&level=fatal`);
  expect(again.answer.lines).toEqual([]);
});

test('bad settings are refused with their places, and nothing changes', async () => {
  await start(yaml);
  const { answer: shown } = await ask<SettingsReport>('settings');
  const bad = shown.yaml.replace('96000', 'fast').replace('GOMX-3', 'GOMX-33').replace('id: own', 'id: other');
  const put = await ask<ErrorAnswer>('settings', 'PUT', { yaml: bad, hash: shown.hash });
  expect(put).toMatchObject({ status: 422, answer: { code: 'SETTINGS_INVALID' } });
  expect(put.answer.problems!.map(({ path }) => path)).toEqual(['sdrs[0].sample_rate', 'sdrs[0].receive[0]']);
  const broken = await ask<SettingsCheck>('settings/check', 'POST', { yaml: 'sdrs: [' });
  expect(broken.answer.problems[0]!.message).toMatch(/^line 1: /);
  const refused = await fetch(`${url}/api/settings`, { method: 'PUT', body: '{}' });
  expect(refused.status).toBe(401);
  expect(readFileSync(file, 'utf8')).toBe(yaml);
  expect((await ask<SettingsReport>('settings')).answer.last_change).toBeNull();
});

test('settings with which the station does not start are taken back, and that is told', async () => {
  await start(yaml);
  const { answer: shown } = await ask<SettingsReport>('settings');
  const text = `${shown.yaml}data_folder: /proc/downlinkd\n`.replace('data_folder: data\n', '');
  expect((await ask('settings', 'PUT', { yaml: text, hash: shown.hash })).status).toBe(200);
  const { last_change, hash } = await saved();
  expect(last_change).toMatchObject({ outcome: 'undone', reason: expect.stringContaining('/proc/downlinkd') });
  expect(hash).toBe(shown.hash);
  expect(readFileSync(file, 'utf8')).toBe(yaml);
  expect(readFileSync(`${file}.refused`, 'utf8')).toContain('/proc/downlinkd');
});

test('satellites are followed, and not, without a new start; one of one’s own is added', async () => {
  await start(`station: { name: S, latitude: 48, longitude: 11 }
data_folder: data
elements: { sources: [none.json] }
track:
  - GOMX-3 # the old one
  - { satellite: 39444, priority: 2 } # Funcube
sdrs: [{ driver: simulator }]
`);
  const uptime = (await ask<StatusReport>('status')).answer.uptime_s;
  const tracked = async () =>
    Object.fromEntries(
      (await ask<{ satellites: SatelliteEntry[] }>('satellites')).answer.satellites
        .filter((one) => one.tracked !== null)
        .map(({ name, tracked }) => [name, tracked!.priority]),
    );
  expect(await tracked()).toEqual({ 'GOMX-3': 0, 'AO-73': 2 });
  const satellite = {
    name: 'OWNSAT',
    norad: 99_123,
    transmitters: [
      {
        frequency_hz: 437_000_000,
        modulation: { kind: 'fsk', symbol_rate: 9600 },
        framing: { kind: 'ax25-g3ruh' },
      },
    ],
  };
  expect(await ask('satellites', 'POST', { satellite })).toMatchObject({ status: 200, answer: { restarts: false } });
  expect(await ask('satellites', 'POST', { satellite })).toMatchObject({ status: 409 });
  const bad = { to: '99123', transmitter: { frequency_hz: 'x' } };
  expect(await ask('satellites', 'POST', bad)).toMatchObject({ status: 422, answer: { code: 'SATELLITE_INVALID' } });
  // Each at its place, for forms.
  const ccsds = {
    frequency_hz: 437_000_000,
    modulation: { kind: 'bpsk', symbol_rate: 0 },
    framing: { kind: 'ccsds-uncoded' },
  };
  for (const [addition, path] of [
    [{ to: '99123', transmitter: ccsds }, 'modulation.symbol_rate'],
    [{ satellite: { ...satellite, name: '', norad: 99_124 } }, 'name'],
    [
      {
        to: '99123',
        transmitter: { ...ccsds, modulation: satellite.transmitters[0]!.modulation, framing: senseless },
      },
      'framing',
    ],
  ] as const) {
    const refused = await ask<ErrorAnswer>('satellites', 'POST', addition);
    expect(refused).toMatchObject({ status: 422, answer: { code: 'SATELLITE_INVALID', problems: [{ path }] } });
  }
  const { answer: modes } = await ask<ModesReport>('modes');
  expect(Value.Errors(modesAnswer, modes)).toEqual([]);
  expect(modes.framings.find(({ kind }) => kind === 'ccsds-reed-solomon')).toEqual({
    kind: 'ccsds-reed-solomon',
    keys: ['frame_size', 'rs_basis', 'rs_interleaving', 'precoding', 'scrambler'],
  });
  const more = { to: 'GOMX-3', transmitter: { ...satellite.transmitters[0], id: 'second' } };
  expect(await ask('satellites', 'POST', more)).toMatchObject({ status: 200, answer: { name: 'GOMX-3' } });
  const twin = { to: 'GOMX-3', transmitter: satellite.transmitters[0] };
  expect(await ask('satellites', 'POST', twin)).toMatchObject({ status: 409, answer: { code: 'SATELLITE_KNOWN' } });

  for (const [name, wish] of [
    ['99123', { tracked: true, priority: 5 }],
    ['GOMX-3', { tracked: true, min_elevation_deg: 10 }],
    ['39444', { tracked: false }],
  ] as const)
    expect(await ask(`satellites/${name}/tracking`, 'PUT', wish)).toMatchObject({
      status: 200,
      answer: { restarts: false },
    });
  expect(await tracked()).toEqual({ 'GOMX-3': 0, OWNSAT: 5 });
  const { answer: passes } = await ask<{ not_predicted: { satellite: string }[] }>('passes');
  expect(passes.not_predicted.map(({ satellite }) => satellite).sort()).toEqual(['GOMX-3', 'OWNSAT']);
  expect((await ask<StatusReport>('status')).answer.uptime_s).toBeGreaterThan(uptime);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('  # the old one\n  - satellite: GOMX-3\n    min_elevation_deg: 10\n');
  expect(text).not.toContain('39444');
  for (const name of ['GOMX-3', 'OWNSAT']) {
    const last = await ask<ErrorAnswer>(`satellites/${name}/tracking`, 'PUT', { tracked: false });
    if (name === 'OWNSAT')
      expect(last).toMatchObject({
        status: 422,
        answer: { code: 'SETTINGS_INVALID', message: expect.stringContaining('OWNSAT is the last satellite') },
      });
  }
});
