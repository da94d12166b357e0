import Type from 'typebox';
import { collectors, retention } from './collector-schema.ts';
import { closed, hertz, identifier, oneOf, port, satelliteWord, word } from './schema-words.ts';

/** The layout of config/station.yaml. scripts/write-schemas.ts writes it to config/schema/ for editors and for the check. */
const gainDb = Type.Union([Type.Literal('auto'), Type.Number({ minimum: -20, maximum: 120, description: 'dB' })]);
const sampleRate = Type.Number({ minimum: 1000, maximum: 100e6, description: 'samples a second' });
const ebn0Db = Type.Number({ minimum: -20, maximum: 100, description: 'dB' });
const frameIntervalS = Type.Number({ exclusiveMinimum: 0, maximum: 3600, description: 'seconds from frame to frame' });

/** What is to be received, in `receive` and in `track`. */
const wanted = {
  satellite: satelliteWord,
  transmitter: Type.Optional(word('id of one of its transmitters; left out, all are received')),
  offset_hz: Type.Optional(Type.Number({ minimum: -10e6, maximum: 10e6, description: 'Hz added to its frequency' })),
  repair: Type.Optional(Type.Boolean({ description: 'false refuses frames that list decoding repaired' })),
};

const receive = Type.Array(Type.Union([satelliteWord, Type.Object(wanted, closed)]), {
  minItems: 1,
  maxItems: 100,
  description: 'satellites to receive',
});

const degrees = (minimum: number, maximum: number, description = 'degrees') =>
  Type.Number({ minimum, maximum, description });
const rangeOf = (value: ReturnType<typeof degrees>, description: string) =>
  Type.Array(value, { minItems: 2, maxItems: 2, description });

const everySdr = {
  id: Type.Optional(identifier),
  centre_hz: Type.Optional(hertz('Hz; left out, it is chosen from the satellites')),
  /** Left out: the SDR follows the plan of passes. */
  receive: Type.Optional(receive),
  rotator: Type.Optional(identifier),
  tuning_hz: Type.Optional(rangeOf(hertz('Hz'), 'lowest and highest frequency that it receives with its antenna, Hz')),
};

const rtlTcp = Type.Object(
  {
    driver: Type.Literal('rtl_tcp'),
    ...everySdr,
    sample_rate: Type.Optional(sampleRate),
    host: Type.Optional(word('where rtl_tcp runs already; left out, it is started here')),
    port: Type.Optional(port),
    serial: Type.Optional(word('serial number of the dongle')),
    supervise: Type.Optional(Type.Boolean({ description: 'start the program rtl_tcp' })),
    gain_db: Type.Optional(gainDb),
    ppm: Type.Optional(Type.Integer({ minimum: -1000, maximum: 1000, description: 'frequency correction' })),
    bias_tee: Type.Optional(Type.Boolean()),
    direct_sampling: Type.Optional(oneOf(['off', 'i', 'q'])),
    agc: Type.Optional(Type.Boolean({ description: 'digital gain control of the RTL2832' })),
  },
  closed,
);

const command = Type.Object(
  {
    driver: Type.Literal('command'),
    ...everySdr,
    sample_rate: sampleRate,
    command: Type.Array(Type.String({ maxLength: 1000 }), {
      minItems: 1,
      maxItems: 100,
      description: 'program and arguments; {frequency} {rate} {gain} {serial} are replaced',
    }),
    format: oneOf(['cu8', 'cs8', 'cs16', 'cf32']),
    gain_db: Type.Optional(gainDb),
    serial: Type.Optional(word('replaces {serial}')),
  },
  closed,
);

const file = Type.Object(
  {
    driver: Type.Literal('file'),
    ...everySdr,
    sample_rate: Type.Optional(sampleRate),
    path: word('the recording'),
    format: Type.Optional(oneOf(['wav', 'sigmf', 'cu8', 'cs8', 'cs16', 'cf32'])),
    realtime: Type.Optional(Type.Boolean({ description: 'play at its own speed instead of as fast as possible' })),
    loop: Type.Optional(Type.Boolean()),
  },
  closed,
);

const signal = Type.Object(
  {
    satellite: Type.Optional(satelliteWord),
    transmitter: Type.Optional(word('id of one of its transmitters')),
    mode: Type.Optional(word('modulation:symbol_rate:framing, instead of a satellite')),
    frequency_hz: Type.Optional(hertz('Hz; needed with a mode')),
    ebn0_db: Type.Optional(ebn0Db),
    frame_interval_s: Type.Optional(frameIntervalS),
  },
  closed,
);

const simulator = Type.Object(
  {
    driver: Type.Literal('simulator'),
    ...everySdr,
    sample_rate: Type.Optional(sampleRate),
    signals: Type.Optional(
      Type.Array(signal, { minItems: 1, maxItems: 20, description: 'left out, what is received is also sent' }),
    ),
    ebn0_db: Type.Optional(ebn0Db),
    frame_interval_s: Type.Optional(frameIntervalS),
    frequency_error_ppm: Type.Optional(
      Type.Number({ minimum: -200, maximum: 200, description: 'error of the receiver' }),
    ),
    max_elevation_deg: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 90, description: 'degrees' })),
    start: Type.Optional(oneOf(['rise', 'mid-pass'])),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'same seed, same samples' })),
  },
  closed,
);

const sdr = Type.Union([rtlTcp, command, file, simulator]);

const track = Type.Array(
  Type.Union([
    satelliteWord,
    Type.Object(
      {
        ...wanted,
        priority: Type.Optional(Type.Number({ minimum: -1000, maximum: 1000, description: 'higher goes first' })),
        min_elevation_deg: Type.Optional(degrees(-10, 89, 'degrees from which on it is received')),
        least_max_elevation_deg: Type.Optional(degrees(0, 90, 'degrees that a pass must rise to, to be received')),
        record: Type.Optional(Type.Boolean({ description: 'keep the samples of its passes' })),
      },
      closed,
    ),
  ]),
  { minItems: 1, maxItems: 1000, description: 'satellites to follow by their passes' },
);

const rotator = Type.Object(
  {
    id: identifier,
    driver: Type.Optional(oneOf(['rotctld', 'simulator'])),
    host: Type.Optional(word('where rotctld runs')),
    port: Type.Optional(port),
    azimuth_range_deg: Type.Optional(rangeOf(degrees(-720, 720), 'lowest and highest azimuth, over-travel counted in')),
    elevation_range_deg: Type.Optional(rangeOf(degrees(-10, 180), 'lowest and highest elevation; to 180 it can flip')),
    azimuth_rate_deg_s: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 360, description: 'degrees a second' }),
    ),
    elevation_rate_deg_s: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 360, description: 'degrees a second' }),
    ),
    azimuth_offset_deg: Type.Optional(degrees(-360, 360, 'added to what it shows, gives where it points')),
    elevation_offset_deg: Type.Optional(degrees(-90, 90, 'added to what it shows, gives where it points')),
    minimum_step_deg: Type.Optional(degrees(0, 30, 'it is not sent for less')),
    update_interval_s: Type.Optional(Type.Number({ minimum: 0.1, maximum: 60, description: 'seconds' })),
    loop_delay_s: Type.Optional(Type.Number({ minimum: 0, maximum: 10, description: 'seconds' })),
    park: Type.Optional(Type.Object({ azimuth_deg: degrees(-720, 720), elevation_deg: degrees(-10, 180) }, closed)),
  },
  closed,
);

const rig = Type.Object(
  {
    id: identifier,
    host: Type.Optional(word('where rigctld runs')),
    port: Type.Optional(port),
    sdr: identifier,
    update_interval_s: Type.Optional(Type.Number({ minimum: 0.1, maximum: 60, description: 'seconds' })),
    step_hz: Type.Optional(Type.Number({ minimum: 1, maximum: 10_000, description: 'it is not told less, Hz' })),
    uplinks: Type.Optional(
      Type.Array(Type.Object({ satellite: satelliteWord, uplink_hz: hertz('Hz') }, closed), {
        minItems: 1,
        maxItems: 1000,
        description: 'what it transmits on, by satellite',
      }),
    ),
  },
  closed,
);

const recordings = Type.Object(
  {
    folder: Type.Optional(word('where recordings go')),
    quota_gb: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, description: 'gigabytes that they may take' })),
    min_free_gb: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, description: 'gigabytes that stay free' })),
  },
  closed,
);

const horizon = Type.Array(Type.Object({ azimuth_deg: degrees(0, 360), elevation_deg: degrees(-10, 89) }, closed), {
  minItems: 1,
  maxItems: 720,
  description: 'the lowest free elevation at azimuths, linear between them',
});

const station = Type.Object(
  {
    callsign: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9/-]{3,20}$', description: '3 to 20 letters, digits, / and -' }),
    ),
    name: Type.Optional(word('name of the station')),
    latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'degrees, north is positive' })),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180, description: 'degrees, east is positive' })),
    altitude_m: Type.Optional(Type.Number({ minimum: -500, maximum: 9000, description: 'metres above sea level' })),
    horizon: Type.Optional(horizon),
  },
  closed,
);

const kiss = Type.Object(
  {
    host: Type.Optional(word("address to listen on; left out, the API's")),
    port: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65535, description: 'TCP port; 0: there is no KISS server' }),
    ),
    timestamps: Type.Optional(
      Type.Boolean({ description: 'the time of each frame as a frame of command 9 before it' }),
    ),
  },
  closed,
);

export const stationSchema = Type.Object(
  {
    station: Type.Optional(station),
    data_folder: Type.Optional(word('folder for the ledger and own files')),
    api: Type.Optional(
      Type.Object({ host: Type.Optional(word('address to listen on')), port: Type.Optional(port) }, closed),
    ),
    kiss: Type.Optional(Type.Union([Type.Literal(false), kiss])),
    track: Type.Optional(track),
    elements: Type.Optional(
      Type.Object(
        {
          sources: Type.Optional(
            Type.Array(word('a file, or an address that answers in OMM JSON, TLE or 3LE'), {
              minItems: 1,
              maxItems: 50,
              description: 'where orbital elements come from',
            }),
          ),
        },
        closed,
      ),
    ),
    rotators: Type.Optional(Type.Array(rotator, { minItems: 1, maxItems: 16, description: 'the rotators' })),
    rigs: Type.Optional(Type.Array(rig, { minItems: 1, maxItems: 16, description: 'the rigs' })),
    recordings: Type.Optional(recordings),
    collectors: Type.Optional(collectors),
    retention: Type.Optional(retention),
    clock: Type.Optional(oneOf(['auto', 'trusted'])),
    sdrs: Type.Array(sdr, { minItems: 1, maxItems: 16, description: 'the receivers' }),
  },
  closed,
);

export type StationDocument = Type.Static<typeof stationSchema>;
