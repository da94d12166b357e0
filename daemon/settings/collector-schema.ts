import Type from 'typebox';
import { closed, identifier, oneOf, port, satelliteWord, word } from './schema-words.ts';

/** The layout of `collectors`: where frames are delivered to. One member a protocol, by `type`. */
const satellites = (description: string) => Type.Optional(Type.Array(satelliteWord, { maxItems: 1000, description }));
const url = (description: string) => Type.String({ pattern: '^https?://', minLength: 8, maxLength: 1000, description });
const secret = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description }));
const secretFile = Type.Optional(word('a file with the secret, instead of writing it here'));
const timeoutS = Type.Optional(
  Type.Number({ minimum: 1, maximum: 600, description: 'seconds to wait for an answer (30)' }),
);

const everyCollector = {
  id: identifier,
  enabled: Type.Optional(Type.Boolean({ description: 'false keeps its place in the queue, and delivers nothing' })),
  satellites: satellites('only frames of these; left out, of all'),
  except: satellites('no frames of these'),
  weak_frames: Type.Optional(Type.Boolean({ description: 'true delivers frames with weak evidence too' })),
  simulated_frames: Type.Optional(Type.Boolean({ description: 'true delivers simulated frames too' })),
  max_false_alarms_per_hour: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1e6, description: 'above, the evidence of a frame counts as weak (1)' }),
  ),
  start: Type.Optional(oneOf(['now', 'beginning'])),
};

const sids = Type.Object(
  {
    type: Type.Literal('sids'),
    ...everyCollector,
    url: url('the address that takes telemetry, such as https://db.satnogs.org/api/telemetry/'),
    source: Type.Optional(word('who received it; left out, the callsign of the station')),
    token: secret('sent as Authorization: Token …'),
    token_file: secretFile,
    parameters: Type.Optional(oneOf(['body', 'query'])),
    timeout_s: timeoutS,
  },
  closed,
);

const satnogsNetwork = Type.Object(
  {
    type: Type.Literal('satnogs-network'),
    ...everyCollector,
    url: Type.Optional(url('left out, https://network.satnogs.org')),
    ground_station: Type.Integer({ minimum: 1, maximum: 1e9, description: 'number of the station there' }),
    token: secret('API key of the station'),
    token_file: secretFile,
    poll_interval_s: Type.Optional(Type.Number({ minimum: 10, maximum: 3600, description: 'seconds (60)' })),
    timeout_s: timeoutS,
  },
  closed,
);

const nats = Type.Object(
  {
    type: Type.Literal('nats'),
    ...everyCollector,
    servers: Type.Array(word('host:port'), { minItems: 1, maxItems: 20, description: 'any of the servers' }),
    stream: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'name of the stream (FRAMES)' }),
    ),
    credentials_file: Type.Optional(word('NATS credentials (.creds)')),
    user: Type.Optional(word('user name')),
    password: secret('password'),
    token: secret('token'),
    tls_ca_file: Type.Optional(word('certificate of the authority that signed the servers’')),
    timeout_s: timeoutS,
  },
  closed,
);

const mqtt = Type.Object(
  {
    type: Type.Literal('mqtt'),
    ...everyCollector,
    url: Type.String({ pattern: '^(mqtts?|wss?)://', maxLength: 1000, description: 'such as mqtt://host:1883' }),
    topic: Type.Optional(word('{station}, {norad} and {satellite} are replaced (downlinkd/{station}/frames/{norad})')),
    status_topic: Type.Optional(word('retained state of the station (downlinkd/{station}/status)')),
    user: Type.Optional(word('user name')),
    password: secret('password'),
    password_file: secretFile,
    client_id: Type.Optional(word('left out, made from the station')),
    tls_ca_file: Type.Optional(word('certificate of the authority that signed the server’s')),
    timeout_s: timeoutS,
  },
  closed,
);

const webhook = Type.Object(
  {
    type: Type.Literal('webhook'),
    ...everyCollector,
    url: url('where batches of frames are posted to'),
    secret: secret('signs the batches (HMAC-SHA256)'),
    secret_file: secretFile,
    batch: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'most frames at once (100)' })),
    timeout_s: timeoutS,
  },
  closed,
);

const udp = Type.Object(
  {
    type: Type.Literal('udp'),
    ...everyCollector,
    host: word('address or name'),
    port,
    format: Type.Optional(oneOf(['raw', 'kiss', 'json'])),
  },
  closed,
);

const file = Type.Object(
  {
    type: Type.Literal('file'),
    ...everyCollector,
    path: word('file that frames are appended to; {date} is replaced by the day of reception'),
    format: Type.Optional(oneOf(['kiss', 'jsonl'])),
    rotate_mb: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'megabytes (100)' })),
    keep: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'rotated files that stay (10)' })),
  },
  closed,
);

export const collectors = Type.Array(Type.Union([sids, satnogsNetwork, nats, mqtt, webhook, udp, file]), {
  minItems: 1,
  maxItems: 50,
  description: 'where frames are delivered to',
});

export const retention = Type.Object(
  {
    max_age_days: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 36500, description: 'days that frames stay' }),
    ),
    max_size_gb: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'gigabytes that the ledger may take' }),
    ),
  },
  closed,
);
