import Type from 'typebox';
import { framingNames } from '../../dsp/framing/names.ts';
import { modulationKinds } from '../../dsp/mode.ts';
import { telemetryNames } from '../telemetry/names.ts';

/** The layout of config/satellites/*.yaml. scripts/write-schemas.ts writes it to config/schema/ for editors and for the check. */
const closed = { additionalProperties: false } as const;
const oneOf = <const T extends readonly string[]>(words: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...(description !== undefined && { description }) });

const modulation = Type.Object(
  {
    kind: oneOf(modulationKinds),
    symbol_rate: Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000, description: 'Bd, may be fractional' }),
    deviation_hz: Type.Optional(
      Type.Number({
        minimum: -1e6,
        maximum: 1e6,
        description: 'Hz from the carrier to a 1; the sign is a prior for the polarity',
      }),
    ),
    af_carrier_hz: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'Hz, subcarrier of AFSK' }),
    ),
    fm_deviation_hz: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'Hz, FM deviation that carries the AFSK audio' }),
    ),
  },
  closed,
);

const framing = Type.Object(
  {
    kind: oneOf(framingNames),
    frame_size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description: 'left out: 223 of CCSDS, 66 or 74 of GEOSCAN; bytes',
      }),
    ),
    rs_basis: Type.Optional(oneOf(['dual', 'conventional'], 'of Reed-Solomon symbols; left out: dual')),
    rs_interleaving: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 8, description: 'left out: 1; Reed-Solomon code words side by side' }),
    ),
    precoding: Type.Optional(oneOf(['differential'], 'NRZ-M before the code; left out: none')),
    scrambler: Type.Optional(oneOf(['ccsds', 'none'], 'left out: ccsds')),
    convolutional: Type.Optional(
      oneOf(['ccsds', 'ccsds-uninverted', 'nasa-dsn', 'nasa-dsn-uninverted'], 'of the K = 7 code; left out: ccsds'),
    ),
    callsign: Type.Optional(
      Type.String({ pattern: '^[A-Z0-9]{3,6}$', description: 'three to six capital letters and digits' }),
    ),
  },
  closed,
);

const telemetry = Type.Optional(
  Type.Unsafe<(typeof telemetryNames)[number]>({
    type: 'string',
    enum: [...telemetryNames],
    description: 'what the frames are read with: a dissector, or a definition of config/telemetry',
  }),
);

const transmitter = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9][a-z0-9.-]{0,79}$',
        description: 'lower-case letters, digits, dots and dashes; left out, it is modulation-rate-framing',
      }),
    ),
    frequency_hz: Type.Integer({ minimum: 1, maximum: 100_000_000_000, description: 'Hz' }),
    modulation,
    framing,
    telemetry,
  },
  closed,
);

const catalogueNumber = 'catalogue number, up to nine digits';

export const satelliteSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80, description: 'the name it is asked for by' }),
    norad: Type.Union([Type.Integer({ minimum: 1, maximum: 999_999_999, description: catalogueNumber }), Type.Null()]),
    temporary_id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 999_999_999,
        description: 'placeholder used while there is no catalogue number',
      }),
    ),
    alternative_names: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 100 })),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description: 'what a user has to know' })),
    telemetry,
    transmitters: Type.Array(transmitter, { maxItems: 100 }),
  },
  closed,
);

export type SatelliteDocument = Type.Static<typeof satelliteSchema>;
export type TransmitterDocument = Type.Static<typeof transmitter>;
