import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Finding, judgeRoom, probeClock, probeDataFolder } from '../../daemon/check/probes.ts';
import { systemClock } from '../../daemon/core/clock.ts';
import { startRotctldServer } from '../../daemon/drivers/rotator/rotctld-server.ts';
import { simulatedRotator } from '../../daemon/drivers/rotator/simulated-rotator.ts';
import { int16, wav } from '../inputs/wav-file.ts';
import { inProcess } from './fake-io.ts';

let folder = '';
const servers: Server[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-check-'));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

function serve(onClient: (socket: Socket) => void): Promise<number> {
  const server = createServer(onClient);
  servers.push(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

async function check(yaml: string): Promise<{ code: number; findings: Finding[] }> {
  writeFileSync(join(folder, 'station.yaml'), yaml);
  const { code, stdout } = await inProcess('check', '--json', '--config', join(folder, 'station.yaml'));
  return { code, findings: JSON.parse(stdout) };
}

const of = (findings: readonly Finding[], name: string) =>
  findings.filter((f) => f.check.startsWith(name)).map((f) => `${f.state}: ${f.message}`);

test('a simulated station is fine, and nothing is left in its folder', async () => {
  const { code, findings } = await check('api: { port: 0 }\nsdrs: [{ driver: simulator, receive: [GOMX-3] }]');
  expect(findings.map((f) => f.check)).toEqual([
    'configuration',
    'satellite GOMX-3',
    'sdr sdr0',
    'data folder',
    'api',
    'clock',
  ]);
  expect(of(findings, 'satellite')).toEqual(['ok: fsk-19200-ax100-reed-solomon']);
  expect(of(findings, 'data')[0]).toContain(`${join(folder, 'data')} (will be made) can be written, `);
  expect(code).toBe(findings.some((f) => f.state === 'failed') ? 1 : 0);
  expect(readdirSync(folder)).toEqual(['station.yaml']);
});

test('every problem of the configuration is a finding', async () => {
  const { code, findings } = await check('sdrs: [{ driver: simulator, recieve: [GOMX-3] }]');
  expect(code).toBe(1);
  expect(of(findings, 'configuration')).toEqual([
    expect.stringMatching(/^failed: .*sdrs\[0\]\.recieve: unknown key, did you mean 'receive'\?$/),
    expect.stringMatching(/^failed: .*sdrs\[0\]\.receive: missing, /),
  ]);
});

test('satellites that are unknown or silent, a transmitter that is unknown, and one that is fine with all it has', async () => {
  const { code, findings } = await check(
    'api: { port: 0 }\nsdrs: [{ driver: simulator, receive: [GOMX3, DIER-5, Astrocast-0.2, { satellite: GOMX-3, transmitter: x }] }]',
  );
  expect(code).toBe(1);
  expect(of(findings, 'satellite')).toEqual([
    "failed: unknown satellite 'GOMX3'; did you mean GOMX-3?",
    expect.stringMatching(/^failed: DIER-5, .* has not published its downlink/),
    'ok: fsk-9600-ax25-g3ruh, fsk-1200-astrocast-fx25-nrz-i, fsk-1200-astrocast-fx25-nrz',
    "failed: has no transmitter 'x'; it has fsk-19200-ax100-reed-solomon",
  ]);
});

test('rtl_tcp: one that greets, one that is something else, one that hangs up, none', async () => {
  const good = await serve((socket) => {
    socket.write('RT');
    setImmediate(() => socket.write(Buffer.from('4c300000000500000000', 'hex')));
  });
  const other = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n'));
  const rude = await serve((socket) => socket.destroy());
  const gone = await serve(() => {});
  await new Promise((resolve) => servers.at(-1)!.close(resolve));
  const sdr = (port: number) => `  - { driver: rtl_tcp, host: 127.0.0.1, port: ${port}, receive: [GOMX-3] }`;
  const { code, findings } = await check(`api: { port: 0 }\nsdrs:\n${[good, other, rude, gone].map(sdr).join('\n')}`);
  expect(code).toBe(1);
  expect(of(findings, 'sdr')).toEqual([
    `ok: rtl_tcp at 127.0.0.1:${good} answers`,
    `failed: what answers at 127.0.0.1:${other} is not rtl_tcp`,
    expect.stringMatching(
      `^failed: rtl_tcp at 127.0.0.1:${rude} (closed the connection without a greeting|does not answer)`,
    ),
    `failed: rtl_tcp at 127.0.0.1:${gone} does not answer (ECONNREFUSED)`,
  ]);
});

test('programs and recordings', async () => {
  writeFileSync(join(folder, 'iq.wav'), wav({ channels: 2, sampleRate: 96000, data: int16(1, 2) }));
  writeFileSync(join(folder, 'audio.wav'), wav({ data: int16(1, 2) }));
  const program = (name: string) =>
    `  - { driver: command, command: [${name}], format: cu8, sample_rate: 250000, receive: [GOMX-3] }`;
  const file = (name: string) => `  - { driver: file, path: ${name}, receive: [GOMX-3] }`;
  const sdrs = [
    program(process.execPath),
    program('no-such-program'),
    file('iq.wav'),
    file('audio.wav'),
    file('none.wav'),
  ];
  const { findings } = await check(`api: { port: 0 }\nsdrs:\n${sdrs.join('\n')}`);
  expect(of(findings, 'sdr')).toEqual([
    `ok: program ${process.execPath}`,
    'failed: program no-such-program not found',
    `ok: ${join(folder, 'iq.wav')}: IQ at 96000 samples/s`,
    `failed: ${join(folder, 'audio.wav')}: is audio; a radio gives IQ`,
    `failed: ${join(folder, 'none.wav')}: no such file`,
  ]);
  rmSync(join(folder, 'iq.wav'));
  rmSync(join(folder, 'audio.wav'));
});

test('a port in use is a warning', async () => {
  const port = await serve(() => {});
  const ports = `api: { port: ${port} }\nkiss: { port: ${port} }`;
  const { findings } = await check(`${ports}\nsdrs: [{ driver: simulator, receive: [GOMX-3] }]`);
  const expected = [
    `warning: port ${port} of 127.0.0.1 is in use: if it is not this station that runs already, 'downlinkd run' fails`,
  ];
  expect(of(findings, 'api')).toEqual(expected);
  expect(of(findings, 'kiss')).toEqual(expected);
});

test('a clock that starts in 1970 fails, a folder that is none can not be written', async () => {
  expect(await probeClock(new Date(0))).toEqual({
    check: 'clock',
    state: 'failed',
    message: "1970-01-01T00:00:00Z can't be right",
  });
  expect((await probeClock(new Date('2026-12-01T00:00:00Z'))).state).not.toBe('failed');
  writeFileSync(join(folder, 'file'), '');
  expect(probeDataFolder(join(folder, 'file'))).toMatchObject({
    state: 'failed',
    message: `${join(folder, 'file')} can't be written: a part of the path is not a folder`,
  });
});

test('a disk without room fails, and says nothing of what can be written', () => {
  expect(judgeRoom('/data', 1e6)).toEqual({
    state: 'failed',
    message: '/data has no room: 0.00 GB free, 0.05 GB are needed at least; make room on its disk',
  });
  expect(judgeRoom('/data', 5e8).state).toBe('warning');
  expect(judgeRoom('/data', 5e9)).toEqual({ state: 'ok', message: '/data can be written, 5.00 GB free' });
});

test('a callsign that is too short is told how long it should be', async () => {
  const { findings } = await check('station: { callsign: T2 }\nsdrs: [{ driver: simulator, receive: [GOMX-3] }]');
  expect(of(findings, 'configuration')[0]).toContain("'T2' should be text (3 to 20 letters, digits, / and -)");
});

test('a station that follows passes: its rotator, its rig and its elements', async () => {
  const limits = { azimuthRangeDeg: [-180, 450], elevationRangeDeg: [0, 90] } as const;
  const rotator = simulatedRotator({ ...limits, azimuthRateDegS: 6, elevationRateDegS: 6 }, systemClock);
  const server = await startRotctldServer({ host: '127.0.0.1', port: 0, rotator, limits });
  const gone = await serve(() => {});
  servers.at(-1)!.close();
  writeFileSync(
    join(folder, 'elements.txt'),
    `GOMX-3
1 40949U 15999A   20100.00000000  .00000000  00000+0  10000-4 0  9990
2 40949  51.6000 100.0000 0010000 100.0000 260.0000 15.50000000    10`,
  );
  const { findings } = await check(`station: { latitude: 48, longitude: 11 }
api: { port: 0 }
track: [GOMX-3, AO-73]
elements: { sources: [elements.txt, missing.txt] }
rotators:
  - { id: good, port: ${server.port} }
  - { id: wide, port: ${server.port}, azimuth_range_deg: [-180, 540] }
  - { id: gone, port: ${gone} }
rigs: [{ id: rig, port: ${gone}, sdr: sdr0 }]
sdrs: [{ driver: simulator, rotator: good }]`);
  await server.stop();
  expect(of(findings, 'rotator good')).toEqual([
    `ok: rotctld at 127.0.0.1:${server.port}, azimuth 0.0°, elevation 0.0°`,
  ]);
  expect(of(findings, 'rotator wide')).toEqual([
    'warning: the settings let its azimuth go from -180 to 540, rotctld says -180 to 450: what lies beyond is refused',
  ]);
  expect(of(findings, 'rotator gone')[0]).toMatch(/^failed: .*rotctld at 127\.0\.0\.1/);
  expect(of(findings, 'rig rig')[0]).toMatch(/^failed: .*rigctld at 127\.0\.0\.1/);
  expect(of(findings, `elements ${join(folder, 'missing.txt')}`)[0]).toMatch(/^failed: no such file/);
  expect(of(findings, `elements ${join(folder, 'elements.txt')}`)[0] ?? '').not.toMatch(/^failed/);
  expect(of(findings, 'elements of AO-73')).toEqual(['warning: none: its passes are not predicted']);
});

test('unknown satellites, contradictions and misspelt keys are told together', async () => {
  const { code, findings } = await check(`api: { prot: 0 }
track: [GOMX33, { satellite: AO-74 }, GOMX-3, 40949, { satellite: 1, priority: high }]
rigs: [{ id: rig, sdr: none, uplinks: [{ satellite: AO-733, uplink_hz: 145900000 }] }]
sdrs: [{ driver: simulator, gain: 3, tuning_hz: [440e6, 430e6] }, { driver: rtl_tpc, receive: [GOMX-4] }]`);
  expect(code).toBe(1);
  expect(of(findings, 'configuration').map((line) => line.replace(/^.*station\.yaml: /, ''))).toEqual([
    "api.prot: unknown key, did you mean 'port'?",
    expect.stringMatching(/^track\[4\]\.priority: 'high' should be/),
    expect.stringMatching(/^sdrs\[0\]\.gain: unknown key/),
    expect.stringMatching(/^sdrs\[1\]\.driver: 'rtl_tpc' should be/),
    'sdrs[0].tuning_hz: [440000000, 430000000] should be the lower one first',
    "rigs[0].sdr: 'none' should be the id of one of the SDRs",
    'station.latitude: missing, needed to track satellites',
  ]);
  expect(of(findings, 'satellite GOMX33')).toEqual([
    "failed: unknown satellite 'GOMX33'; did you mean GOMX-3, GOMX-1?",
  ]);
  expect(of(findings, 'satellite GOMX-4')[0]).toMatch(/^failed: unknown satellite/);
  expect(of(findings, 'satellite 1')[0]).toMatch(/^failed: unknown satellite/);
  expect(of(findings, 'rig rig')).toEqual([expect.stringMatching(/^failed: unknown satellite 'AO-733'/)]);
  expect(of(findings, 'satellite GOMX-3').at(-1)).toBe("warning: is in 'track' twice, as GOMX-3 and 40949: leave one");
});

test('a plan that can not be followed: SDRs that reach nothing of it, or none that follows it', async () => {
  const station = 'station: { latitude: 48, longitude: 11 }\napi: { port: 0 }\ntrack: [GOMX-3, AO-73]\n';
  const far = await check(`${station}sdrs:
  - { id: uhf, driver: simulator, tuning_hz: [435000000, 440000000] }
  - { id: vhf, driver: simulator, tuning_hz: [144000000, 145000000] }`);
  expect(far.code).toBe(1);
  expect(of(far.findings, 'sdr vhf')).toContain(
    "failed: it reaches no satellite of 'track': look at tuning_hz and sample_rate",
  );
  expect(of(far.findings, 'sdr uhf')).toEqual(['ok: simulated radio']);
  expect(of(far.findings, 'satellite AO-73')).toContain(
    'failed: no SDR that follows the plan reaches 145.935 MHz: look at tuning_hz and sample_rate',
  );
  const busy = await check(`${station}sdrs: [{ driver: simulator, receive: [GOMX-3] }]`);
  expect(of(busy.findings, 'track')).toEqual([expect.stringMatching(/^failed: every SDR has 'receive'/)]);
});

test('a mask above what a rotator reaches', async () => {
  const { findings } = await check(`station:
  latitude: 48
  longitude: 11
  horizon: [{ azimuth_deg: 0, elevation_deg: 0 }, { azimuth_deg: 90, elevation_deg: 60 }]
track: [GOMX-3]
rotators: [{ id: mast, driver: simulator, elevation_range_deg: [0, 45] }]
sdrs: [{ driver: simulator, rotator: mast }]`);
  expect(of(findings, 'rotator mast')).toEqual([
    expect.stringMatching(/^failed: elevation up to 45: at azimuth \d+ the horizon is higher$/),
  ]);
});

test('collectors: what can not work fails, who does not answer is a warning, nothing is sent', async () => {
  const got: string[] = [];
  const port = await serve((socket) => socket.on('data', (data) => got.push(String(data))));
  const { code, findings } = await check(`
station: { callsign: N0CALL, latitude: 48, longitude: 11 }
api: { port: 0 }
sdrs: [{ driver: simulator, receive: [GOMX-3] }]
collectors:
  - { id: db, type: sids, url: 'http://127.0.0.1:${port}/', token_file: nowhere }
  - { id: hook, type: webhook, url: 'http://127.0.0.1:${port}/' }
  - { id: broker, type: mqtt, url: 'mqtt://127.0.0.1:${port}' }
  - { id: network, type: nats, servers: ['127.0.0.1:1'], except: [GOMX-99] }
  - { id: wild, type: mqtt, url: 'mqtt://127.0.0.1:${port}', topic: 'a/#' }
  - { id: odd, type: mqtt, url: 'mqtt://127.0.0.1:${port}', topic: 'a/{nix}' }
  - { id: none, type: udp, host: 127.0.0.1, port: 9, satellites: [] }
  - { id: lines, type: file, path: 'frames/{date}.kss' }
  - { id: folder, type: file, path: '.' }
  - { id: off, type: udp, host: 127.0.0.1, port: 9, enabled: false }
`);
  expect(code).toBe(1);
  expect(of(findings, 'collector db')).toEqual([expect.stringMatching(/^failed: token_file \S+nowhere can't be read/)]);
  expect(of(findings, 'collector hook')).toEqual([`ok: 127.0.0.1:${port} answers`]);
  expect(of(findings, 'collector broker')).toEqual([`ok: 127.0.0.1:${port} answers`]);
  expect(of(findings, 'collector network')).toEqual([
    expect.stringMatching(/^failed: unknown satellite 'GOMX-99'/),
    'warning: 127.0.0.1:1 does not answer: connection refused: nothing listens there; frames wait until it does',
  ]);
  expect(of(findings, 'collector lines')).toEqual([expect.stringMatching(/^ok: .*frames \(will be made\)/)]);
  expect(of(findings, 'collector wild')).toEqual([
    "failed: the topic 'a/#' has a wildcard (+ or #), frames need one topic",
  ]);
  expect(of(findings, 'collector odd')).toEqual([
    "failed: the topic 'a/{nix}' has {nix}, expected {station}, {norad}, {satellite}",
  ]);
  expect(of(findings, 'collector none')).toEqual([
    'ok: datagrams to 127.0.0.1:9, unacknowledged',
    expect.stringMatching(/^warning: 'satellites' is an empty list: it gets no frame/),
  ]);
  expect(of(findings, 'collector folder')).toEqual([
    expect.stringMatching(/^failed: .* is a folder: 'path' names a file/),
  ]);
  expect(of(findings, 'collector off')).toEqual(['ok: disabled, keeps its place']);
  expect(got).toEqual([]);
});
