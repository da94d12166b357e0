import Type, { type TSchema } from 'typebox';
import type { FrameClock } from './wire.ts';

/** What the API takes and gives, for the check of queries and for /openapi.json. The types are those of wire.ts. */
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = Type.String();
const count = Type.Integer({ minimum: 0 });

const since = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

const filter = {
  satellite: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      maxItems: 100,
      description: 'name or catalogue number; repeated for several',
    }),
  ),
  simulated: Type.Optional(Type.Boolean({ description: 'false leaves simulated frames out, true gives no others' })),
};

export const framesQuery = Type.Object(
  {
    since: Type.Optional(since('gives frames whose seq is higher; left out, from the first')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'most frames to give' })),
    ...filter,
  },
  { additionalProperties: false },
);

export const streamQuery = Type.Object(
  {
    since: Type.Optional(since('frames with a higher seq are sent first, then new ones; left out, only new ones')),
    ...filter,
  },
  { additionalProperties: false },
);

export const lastEventId = Type.Object({
  'last-event-id': Type.Optional(since('takes the place of since when a client connects again')),
});

const integrity = Type.Object({
  crc: Type.Enum(['ok', 'bad', 'none']),
  fec: text,
  correctedSymbols: count,
  repairedBits: count,
  falseAlarmsPerHour: nullable(Type.Number({ minimum: 0 })),
});

export const storedFrame = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: 'from 1, no gap' }),
    id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    time: nullable(Type.String({ description: "ISO 8601 UTC of the frame's first bit; null when nothing tells it" })),
    sample: Type.Number({ description: 'input sample of the first bit after the sync word or flag' }),
    satellite: nullable(text),
    transmitter: nullable(text),
    mode: text,
    frame: Type.String({ pattern: '^([0-9a-f]{2})*$' }),
    integrity,
    snr_db: nullable(Type.Number({ description: 'Es/N0' })),
    offset_hz: nullable(Type.Number({ description: 'measured minus expected carrier' })),
    modulation_index: nullable(Type.Number({ description: 'of FSK on IQ, as the demodulator follows it' })),
    clock_ppm: nullable(
      Type.Number({ description: "symbol clock against the input's, positive is faster; null for a short frame" }),
    ),
    sync_quality: nullable(
      Type.Number({ minimum: 0, maximum: 1, description: 'match of the sync word; null where the framing has none' }),
    ),
    norad: nullable(Type.Integer({ description: 'catalogue number' })),
    sdr: nullable(Type.String({ description: 'the SDR that received it; null for an imported frame' })),
    pass: nullable(Type.String({ description: 'key of its pass; null outside of the plan' })),
    clock: Type.Unsafe<FrameClock>({
      type: 'string',
      enum: ['synchronised', 'unsynchronised', 'restamped', 'recording', 'unknown'],
      description: 'how far its time can be trusted',
    }),
    clock_source: nullable(Type.String({ description: 'what told that the clock was synchronised or not' })),
    simulated: Type.Boolean(),
    copies: Type.Array(
      Type.Object(
        {
          sdr: nullable(text),
          transmitter: nullable(text),
          mode: text,
          time: nullable(text),
          snr_db: nullable(Type.Number()),
          offset_hz: nullable(Type.Number()),
        },
        { additionalProperties: false },
      ),
      { description: 'the same transmission as other SDRs and decoders of this station had it' },
    ),
  },
  { additionalProperties: false },
);

export const framesPage = Type.Object(
  { frames: Type.Array(storedFrame), next: Type.Integer({ minimum: 0, description: '`since` of the next page' }) },
  { additionalProperties: false },
);

export const satelliteList = Type.Object(
  {
    satellites: Type.Array(
      Type.Object(
        {
          name: text,
          norad: nullable(Type.Integer()),
          alternative_names: Type.Array(text),
          note: nullable(text),
          transmitters: Type.Array(
            Type.Object(
              {
                id: text,
                frequency_hz: Type.Number(),
                mode: text,
                received: Type.Boolean(),
              },
              { additionalProperties: false },
            ),
          ),
          tracked: nullable(
            Type.Object(
              { priority: Type.Number(), min_elevation_deg: nullable(Type.Number()), record: Type.Boolean() },
              { additionalProperties: false, description: 'how its passes are followed' },
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const nullableText = nullable(text);
const nullableNumber = nullable(Type.Number());

const passPart = Type.Object(
  {
    sdr: text,
    transmitters: Type.Array(text),
    from: Type.String({ description: 'as planned, or when it is over as it was received' }),
    to: text,
    whole: Type.Boolean({ description: 'from AOS to LOS' }),
    pointed: Type.Array(Type.Object({ from: text, to: text }, { additionalProperties: false })),
    state: Type.Enum(['planned', 'pre-pointing', 'receiving', 'flushing', 'done', 'missed', 'interrupted']),
    frames: count,
  },
  { additionalProperties: false },
);

const number = (description: string) => Type.Number({ description });
const passFit = Type.Object(
  {
    time_bias_s: number('how late the satellite came, s; positive is later than predicted'),
    sigma_time_s: number('standard deviation of it, s'),
    frequency_bias_hz: number('how much higher than expected the carrier of its first transmitter was, Hz'),
    sigma_frequency_hz: number('standard deviation of it, Hz'),
    frequency_bias_ppm: number('the same in parts per million: what a calibration takes over'),
    rms_hz: number('what remains of the offsets that were used, Hz'),
    used_frames: count,
    rejected_frames: Type.Integer({ minimum: 0, description: 'whose offset does not fit to the others' }),
  },
  { additionalProperties: false, description: 'what the carrier offsets of its frames tell' },
);

const passEntry = Type.Object(
  {
    key: Type.String({ description: 'names the pass' }),
    norad: count,
    name: text,
    aos: text,
    tca: text,
    los: text,
    max_elevation_deg: Type.Number(),
    aos_azimuth_deg: nullableNumber,
    los_azimuth_deg: nullableNumber,
    priority: Type.Number(),
    choice: nullable(Type.Enum(['pinned', 'skipped'])),
    elements_age_days: Type.Number(),
    elements_note: nullableText,
    received_by: Type.Array(passPart),
    best_snr_db: nullable(Type.Number({ description: 'Es/N0 of the best of its frames, when it is over' })),
    reason: nullable(Type.String({ description: 'why it is not received, or why nothing was heard' })),
    simulated: Type.Boolean({ description: 'a simulator is planned to receive it, or gave some of what was received' }),
    fit: nullable(passFit),
    fit_reason: nullable(Type.String({ description: 'why there is no fit although there are frames' })),
    waterfall: Type.Boolean({ description: 'there is a picture of its signal' }),
  },
  { additionalProperties: false },
);

export const passList = Type.Object(
  {
    passes: Type.Array(passEntry),
    not_predicted: Type.Array(
      Type.Object({ satellite: text, norad: count, reason: text }, { additionalProperties: false }),
    ),
    reason: nullable(Type.String({ description: 'why the list is empty' })),
  },
  { additionalProperties: false },
);

const instant = (description: string) => Type.String({ maxLength: 40, description });
export const passesQuery = Type.Object(
  {
    since: Type.Optional(instant('ISO 8601; gives passes that end behind it, also those that are over')),
    satellite: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'name or catalogue number' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 1000 })),
  },
  { additionalProperties: false },
);

export const choiceBody = Type.Object(
  { choice: Type.Unsafe<'pinned' | 'skipped' | null>({ enum: ['pinned', 'skipped', null] }) },
  { additionalProperties: false },
);
export const elementsBody = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 1_000_000 }), pinned: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
const elementsInUse = Type.Object(
  {
    norad: count,
    name: text,
    epoch: nullableText,
    age_days: nullableNumber,
    source: nullableText,
    pinned: Type.Boolean(),
  },
  { additionalProperties: false },
);
export const elementsReport = Type.Object(
  {
    sources: Type.Array(
      Type.Object(
        {
          source: text,
          last_fetch: nullableText,
          next_fetch: nullableText,
          outcome: text,
          reason: nullableText,
          elements: count,
          bad: count,
        },
        { additionalProperties: false },
      ),
    ),
    satellites: Type.Array(elementsInUse),
  },
  { additionalProperties: false },
);
export const elementsTaken = Type.Object(
  {
    satellites: Type.Array(count),
    in_use: Type.Array(elementsInUse),
    bad: Type.Array(
      Type.Object({ line: count, record: Type.Optional(count), reason: text }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);

export const elementsForgotten = Type.Object({ in_use: Type.Array(elementsInUse) }, { additionalProperties: false });

export const calibrationTaken = Type.Object(
  { norad: count, offset_ppm: Type.Number(), pass: text },
  { additionalProperties: false },
);

export const planReport = Type.Object(
  {
    captures: Type.Array(
      Type.Object({ sdr: text, from: text, to: text, passes: Type.Array(text) }, { additionalProperties: false }),
    ),
    pointing: Type.Array(
      Type.Object({ rotator: text, pass: text, from: text, to: text }, { additionalProperties: false }),
    ),
    left: Type.Array(Type.Object({ pass: text, reason: text }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);

export const trackParams = Type.Object({
  norad: Type.String({ pattern: '^[0-9]{1,9}$', description: 'a catalogue number: up to nine digits' }),
});
export const trackQuery = Type.Object(
  { at: Type.Optional(instant('ISO 8601; left out, now')) },
  { additionalProperties: false },
);

export const trackReport = Type.Object(
  {
    norad: count,
    name: text,
    time: text,
    elements_epoch: text,
    elements_age_days: Type.Number({ description: 'at that time; negative when it lies before the epoch' }),
    elements_note: nullable(Type.String({ description: 'what is wrong with the elements for that time' })),
    azimuth_deg: Type.Number(),
    elevation_deg: Type.Number(),
    range_km: Type.Number(),
    range_rate_km_s: Type.Number(),
    frequency_hz: nullableNumber,
    doppler_hz: nullableNumber,
    latitude_deg: Type.Number(),
    longitude_deg: Type.Number(),
    altitude_km: Type.Number(),
    sunlit: Type.Boolean(),
  },
  { additionalProperties: false },
);

export const groundQuery = Type.Object(
  {
    from: Type.Optional(instant('ISO 8601; left out, an orbit ago')),
    to: Type.Optional(instant('ISO 8601; left out, two orbits behind from')),
    step_s: Type.Optional(Type.Number({ minimum: 1, maximum: 86_400, description: 'left out, 240 points or so' })),
  },
  { additionalProperties: false },
);
export const groundReport = Type.Object(
  {
    norad: count,
    name: text,
    period_s: Type.Number({ description: 'time of one orbit' }),
    points: Type.Array(
      Type.Object(
        {
          time: text,
          latitude_deg: Type.Number(),
          longitude_deg: Type.Number(),
          altitude_km: Type.Number(),
          sunlit: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
      { description: '500 at most' },
    ),
  },
  { additionalProperties: false },
);

const direction = Type.Object(
  { azimuth_deg: Type.Number(), elevation_deg: Type.Number() },
  { additionalProperties: false },
);
const axes = nullable(direction);

export const passTrack = Type.Object(
  {
    key: text,
    points: Type.Array(
      Type.Object(
        {
          time: text,
          azimuth_deg: Type.Number(),
          elevation_deg: Type.Number(),
          range_km: Type.Number(),
          doppler_hz: nullableNumber,
        },
        { additionalProperties: false },
      ),
    ),
    horizon: Type.Array(direction, { description: 'what it rises and sets over, every 5 degrees from north' }),
  },
  { additionalProperties: false },
);

const rotatorReport = Type.Object(
  { id: text, state: text, reason: nullableText, pass: nullableText, commanded: axes, read: axes },
  { additionalProperties: false },
);
export const rotatorList = Type.Object({ rotators: Type.Array(rotatorReport) }, { additionalProperties: false });

const rig = Type.Object(
  {
    id: text,
    sdr: Type.String({ description: 'the SDR whose satellite it follows' }),
    state: Type.Enum(['idle', 'tuning', 'fault']),
    reason: nullableText,
    downlink_hz: nullable(Type.Number({ description: 'what it was told last; null while it follows nothing' })),
    uplink_hz: nullableNumber,
  },
  { additionalProperties: false },
);
export const rigList = Type.Object({ rigs: Type.Array(rig) }, { additionalProperties: false });

export const trackingState = Type.Object(
  {
    time: text,
    in_view: Type.Array(trackReport),
    receiving: Type.Array(passEntry),
    next_pass: nullable(passEntry),
    rotators: Type.Array(rotatorReport),
  },
  { additionalProperties: false },
);

const channel = Type.Object(
  {
    satellite: text,
    transmitter: text,
    mode: text,
    frequency_hz: Type.Number(),
    frames: count,
    duplicates: count,
    rejects: Type.Object({ length: count, crc: count, fec: count, header: count }, { additionalProperties: false }),
    failures: count,
    hearing: Type.Object(
      { state: Type.Enum(['nothing', 'signal', 'failing', 'frames']), text },
      { additionalProperties: false, description: 'what it hears, of the last minute' },
    ),
    last_frame: nullable(
      Type.Object(
        { time: nullable(text), snr_db: nullable(Type.Number()), offset_hz: nullable(Type.Number()) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const sdr = Type.Object(
  {
    id: text,
    driver: text,
    simulated: Type.Boolean(),
    state: Type.Enum(['closed', 'opening', 'streaming', 'waiting', 'ended', 'failed']),
    reason: nullable(text),
    centre_hz: Type.Number(),
    sample_rate: Type.Number(),
    samples: count,
    dropped_samples: count,
    estimated_lost_samples: nullable(Type.Number()),
    gaps: count,
    worker_restarts: count,
    channels: Type.Array(channel),
    not_received: Type.Array(
      Type.Object(
        { satellite: text, transmitter: nullable(text), mode: nullable(text), reason: text },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

export const statusReport = Type.Object(
  {
    version: text,
    uptime_s: Type.Number(),
    simulated: Type.Boolean(),
    station: Type.Object(
      {
        callsign: nullable(text),
        name: nullable(text),
        latitude: nullable(Type.Number()),
        longitude: nullable(Type.Number()),
        altitude_m: nullable(Type.Number()),
      },
      { additionalProperties: false },
    ),
    clock: Type.Object(
      { time: text, synchronised: nullable(Type.Boolean()), source: nullable(text) },
      { additionalProperties: false },
    ),
    ledger: Type.Object(
      { id: text, last_seq: count, waiting_frames: count, lost_frames: count, error: nullable(text) },
      { additionalProperties: false },
    ),
    stream_clients: count,
    sdrs: Type.Array(sdr),
  },
  { additionalProperties: false },
);

export const settingsProblems = Type.Array(
  Type.Object({ path: text, message: text }, { additionalProperties: false }),
  { description: 'what is wrong with settings' },
);

export const errorAnswer = Type.Object(
  { code: text, message: text, problems: Type.Optional(settingsProblems) },
  { additionalProperties: false },
);
