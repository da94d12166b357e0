import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findProject } from '../../daemon/core/project.ts';
import { ConfigError } from '../../daemon/settings/config-error.ts';
import { loadSettings, parseSettings } from '../../daemon/settings/settings.ts';

const file = '/srv/station/config/station.yaml';

function problemsOf(yaml: string): readonly string[] {
  try {
    parseSettings(yaml, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('three lines make a station', () => {
  const settings = parseSettings('sdrs:\n  - driver: rtl_tcp\n    receive: [GOMX-3]\n', file);
  expect(settings).toEqual({
    file,
    station: {},
    clockTrusted: false,
    collectors: [],
    retention: { maxAgeDays: null, maxSizeBytes: null },
    dataFolder: '/srv/station/data',
    api: { host: '127.0.0.1', port: 8480 },
    kiss: { host: null, port: 8100, timestamps: false },
    track: [],
    elementSources: [],
    rotators: [],
    rigs: [],
    recordings: { folder: '/srv/station/data/recordings', quotaBytes: 20e9, minFreeBytes: 2e9 },
    sdrs: [{ id: 'sdr0', driver: 'rtl_tcp', receive: [{ satellite: 'GOMX-3' }] }],
  });
});

test.each([
  ['', { host: null, port: 8100, timestamps: false }],
  ['kiss: { host: 0.0.0.0, port: 8001, timestamps: true }', { host: '0.0.0.0', port: 8001, timestamps: true }],
  ['kiss: false', null],
  ['kiss: { port: 0 }', null],
  // A station at any free port runs beside others.
  ['api: { port: 0 }', null],
  ['{ api: { port: 0 }, kiss: { port: 8101 } }', { host: null, port: 8101, timestamps: false }],
])('the KISS server of %j', (yaml, expected) => {
  const sdrs = 'sdrs: [{ driver: rtl_tcp, receive: [GOMX-3] }]';
  const text = yaml.startsWith('{') ? `${yaml.slice(0, -1)}, ${sdrs} }` : `${yaml}\n${sdrs}`;
  expect(parseSettings(text, file).kiss).toEqual(expected);
});

test('keys become camelCase, also inside', () => {
  const settings = parseSettings(
    `station: { altitude_m: 3 }
sdrs:
  - { driver: rtl_tcp, centre_hz: 437000000, gain_db: auto, bias_tee: true, receive: [{ satellite: A, offset_hz: -5 }] }`,
    file,
  );
  expect(settings.station).toEqual({ altitudeM: 3 });
  expect(settings.sdrs[0]).toEqual({
    id: 'sdr0',
    driver: 'rtl_tcp',
    centreHz: 437000000,
    gainDb: 'auto',
    biasTee: true,
    receive: [{ satellite: 'A', offsetHz: -5 }],
  });
});

test('relative paths start above a folder called config, else at the file', () => {
  const yaml = 'data_folder: d\nsdrs: [{ driver: file, path: r/a.wav, receive: [X] }]';
  expect(parseSettings(yaml, file)).toMatchObject({
    dataFolder: '/srv/station/d',
    sdrs: [{ path: '/srv/station/r/a.wav' }],
  });
  expect(parseSettings(yaml, '/etc/station.yaml').dataFolder).toBe('/etc/d');
  expect(parseSettings(yaml.replace('d\n', '/abs\n'), file).dataFolder).toBe('/abs');
});

test('the example is a valid station with a simulated radio', () => {
  const settings = loadSettings(join(findProject().folder, 'config', 'station.example.yaml'));
  expect(settings.sdrs.map((sdr) => sdr.driver)).toEqual(['simulator']);
  expect(settings.dataFolder).toBe(join(findProject().folder, 'data'));
});

test('every problem is told at once, with path, value and what was expected', () => {
  const yaml = `sdr: 1
api: { port: 99999 }
sdrs:
  - driver: rtl_tpc
  - { driver: rtl_tcp, gain_db: loud, recieve: [a] }
  - { driver: command, command: rtl_sdr, format: cs8, receive: [] }
kiss: true`;
  expect(problemsOf(yaml)).toEqual([
    `${file}: sdr: unknown key, did you mean 'sdrs'?`,
    `${file}: api.port: 99999 should be a whole number from 0 to 65535 (TCP port)`,
    `${file}: sdrs[0].driver: 'rtl_tpc' should be one of rtl_tcp, command, file, simulator`,
    `${file}: sdrs[1].gain_db: 'loud' should be 'auto' or a number from -20 to 120 (dB)`,
    `${file}: sdrs[1].recieve: unknown key, did you mean 'receive'?`,
    expect.stringContaining("sdrs[2].command: 'rtl_sdr' should be a list of at least 1"),
    `${file}: sdrs[2].receive: [] should be a list of at least 1 (satellites to receive)`,
    `${file}: sdrs[2].sample_rate: missing, expected a number from 1000 to 100000000 (samples a second)`,
    `${file}: kiss: true should be false or a group of keys`,
    `${file}: sdrs[0].receive: missing, expected satellites to receive, or 'track' for the station`,
    `${file}: sdrs[1].receive: missing, expected satellites to receive, or 'track' for the station`,
  ]);
});

describe('tracking', () => {
  const place = 'station: { latitude: 48, longitude: 11 }';

  test('a station that follows passes needs a place, satellites and an SDR', () => {
    const settings = parseSettings(
      `${place}
track: [AO-73, { satellite: GOMX-3, priority: 5, min_elevation_deg: 10 }]
rotators: [{ id: mast, azimuth_range_deg: [-180, 540] }]
elements: { sources: [own.txt] }
rigs: [{ id: ic9700, sdr: sdr0, uplinks: [{ satellite: 39444, uplink_hz: 145950000 }] }]
sdrs: [{ driver: rtl_tcp, rotator: mast, tuning_hz: [430e6, 440e6] }]`,
      file,
    );
    expect(settings.track).toEqual([
      { satellite: 'AO-73', priority: 0, leastMaxElevationDeg: 0, record: false },
      { satellite: 'GOMX-3', priority: 5, minElevationDeg: 10, leastMaxElevationDeg: 0, record: false },
    ]);
    expect(settings.elementSources).toEqual(['/srv/station/own.txt']);
    expect(settings.rotators[0]).toMatchObject({
      id: 'mast',
      driver: 'rotctld',
      port: 4533,
      azimuthRangeDeg: [-180, 540],
    });
    expect(settings.rigs[0]).toMatchObject({ port: 4532, uplinks: [{ satellite: '39444', uplinkHz: 145950000 }] });
    expect(settings.sdrs[0]).toMatchObject({ receive: null, rotator: 'mast', tuningHz: [430e6, 440e6] });
    const withoutSources = `${place}\ntrack: [AO-73]\nsdrs: [{ driver: rtl_tcp }]`;
    expect(parseSettings(withoutSources, file).elementSources[0]).toMatch(/^https:/);
  });

  test('what does not fit together is told', () => {
    expect(
      problemsOf(`track: [AO-73]
rotators:
  - { id: mast, elevation_range_deg: [90, 0] }
  - { id: mast, azimuth_range_deg: [-180, 180], park: { azimuth_deg: 200, elevation_deg: 91 } }
rigs: [{ id: rig, sdr: none }]
sdrs: [{ driver: rtl_tcp, rotator: pole, tuning_hz: [2, 1] }, { driver: file, path: a.wav }]`),
    ).toEqual([
      `${file}: sdrs[0].rotator: 'pole' should be the id of one of the rotators`,
      `${file}: sdrs[0].tuning_hz: [2, 1] should be the lower one first`,
      `${file}: sdrs[1].receive: missing, a recording follows no plan`,
      `${file}: rotators[0].elevation_range_deg: [90, 0] should be the lower one first`,
      `${file}: rotators[1].id: 'mast' should be different from the others`,
      `${file}: rotators[1].park.azimuth_deg: 200 should be within azimuth_range_deg, -180 to 180`,
      `${file}: rotators[1].park.elevation_deg: 91 should be within elevation_range_deg, 0 to 90 where it is left out`,
      `${file}: rigs[0].sdr: 'none' should be the id of one of the SDRs`,
      `${file}: station.latitude: missing, needed to track satellites`,
    ]);
  });
});

test('contradictions are told', () => {
  expect(problemsOf('sdrs: [{ driver: rtl_tcp, host: h, supervise: true, receive: [A] }]')).toEqual([
    `${file}: sdrs[0].supervise: true should be false or left out where a host is given`,
  ]);
  expect(problemsOf('sdrs: [{ driver: rtl_tcp, receive: [A], id: sdr1 }, { driver: rtl_tcp, receive: [A] }]')).toEqual([
    `${file}: sdrs[1].id: 'sdr1' should be different from the others`,
  ]);
  expect(problemsOf('station: { latitude: 1 }\nsdrs: [{ driver: rtl_tcp, receive: [A] }]')).toEqual([
    `${file}: station.longitude: missing, latitude and longitude go together`,
  ]);
  expect(problemsOf('sdrs: [{ driver: simulator, receive: [A], signals: [{ mode: "fsk:0:ax25" }, {}] }]')).toEqual([
    `${file}: sdrs[0].signals[0].frequency_hz: missing, needed with a mode`,
    expect.stringContaining("sdrs[0].signals[0].mode: mode 'fsk:0:ax25': symbol rate '0'"),
    `${file}: sdrs[0].signals[1]: either satellite or mode is needed, and not both`,
  ]);
});

test('broken YAML is one line with its line number', () => {
  expect(problemsOf('sdrs:\n  - driver: [')).toEqual([
    expect.stringMatching(/^\/srv\/station\/config\/station\.yaml:2: /),
  ]);
  expect(problemsOf('a: 1\na: 2')).toEqual([`${file}:2: Map keys must be unique`]);
  expect(problemsOf('')).toEqual([`${file}: null should be a group of keys`]);
  expect(problemsOf(`a: ${'x'.repeat(1_000_001)}`)).toEqual([
    `${file}: larger than 1000000 bytes, this is no configuration`,
  ]);
});

test('an alias bomb is refused', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
  expect(problemsOf(`l0: &l0 [x]\n${levels.join('\n')}`)).toEqual([
    `${file}: Excessive alias count indicates a resource exhaustion attack`,
  ]);
});

test('a missing file is one line', () => {
  expect(() => loadSettings('/nonexistent/station.yaml')).toThrow(
    new ConfigError(['/nonexistent/station.yaml: no such file']),
  );
});

test('no text makes anything but settings or explained problems', () => {
  const word = fc.constantFrom(
    'sdrs',
    'driver',
    'rtl_tcp',
    'receive',
    ':',
    '\n',
    '  ',
    '- ',
    '[',
    '{',
    '}',
    ']',
    '&a',
    '*a',
    '!!x',
    '"',
    "'",
    '|',
    '#',
    '\t',
    '-1',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join('')),
      ),
      (text) => {
        for (const problem of problemsOf(text)) expect(problem).toMatch(/^[^\n]+$/);
      },
    ),
    { numRuns: 300 },
  );
});

test('what contradicts itself is told beside what the schema refuses, and is not made up where something is missing', () => {
  const horizon = 'horizon: [{ azimuth_deg: 5, elevation_deg: 1 }, { azimuth_deg: 5, elevation_deg: 2 }, 7]';
  expect(
    problemsOf(`station: { latitude: 1, longitude: 2, ${horizon} }
rotators: [3, { id: mast }, { id: mast }]
sdrs: [5, { driver: rtl_tcp, receive: [A], tuning_hz: [1, x] }, { driver: rtl_tcp, receive: [A], tuning_hz: [1, 9], centre_hz: 10 }]`),
  ).toEqual([
    expect.stringContaining('station.horizon[2]: 7 should be'),
    expect.stringContaining('rotators[0]: 3 should be'),
    expect.stringContaining('sdrs[0]: 5 should be'),
    expect.stringContaining("sdrs[1].tuning_hz[1]: 'x' should be"),
    `${file}: sdrs[2].centre_hz: 10 should be within tuning_hz, 1 to 9`,
    `${file}: rotators[2].id: 'mast' should be different from the others`,
    `${file}: station.horizon: azimuth 5 has two elevations`,
  ]);
});
