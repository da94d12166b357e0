import type { StoredFrame } from '../api/wire.ts';
import { abortable } from '../core/abortable.ts';
import { StationError } from '../core/error.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { frameJson } from './frame-json.ts';
import type { MqttAddress, MqttConnection } from './mqtt-connection.ts';
import { mqttLink, within } from './mqtt-link.ts';
import { mqttOutcome } from './mqtt-reason.ts';
import { topicTemplate } from './mqtt-topic.ts';
import { readSecret } from './secret.ts';
import { settingsFile } from './settings-file.ts';

const batch = 64;
/** Of a packet, besides topic and payload: its header and the properties that say it is JSON. */
const overheadBytes = 64;

const defaults = {
  topic: 'downlinkd/{station}/frames/{norad}',
  statusTopic: 'downlinkd/{station}/status',
  timeoutS: 30,
} as const;

type MqttContext = Pick<CollectorContext, 'id' | 'station' | 'ledgerId'>;

/**
 * Reads the settings, without a connection.
 * @throws StationError SETTINGS_INVALID
 */
export function mqttPlan(settings: CollectorSettingsOf<'mqtt'>, context: MqttContext) {
  const topicOf = topicTemplate(settings.topic ?? defaults.topic, ['station', 'norad', 'satellite'], context);
  const statusTopicOf = topicTemplate(settings.statusTopic ?? defaults.statusTopic, ['station'], context);
  const address = addressOf(settings, context);
  return {
    timeoutMs: 1000 * (settings.timeoutS ?? defaults.timeoutS),
    topicOf,
    statusTopic: statusTopicOf({ norad: null, satellite: null }),
    address,
    /** Without the password. */
    shownAs: `${address.host}${address.port === undefined ? '' : `:${address.port}`}`,
  };
}

/**
 * Publishes each frame with QoS 1; the acknowledgement of the broker accepts it. The broker gets as many at once as it says.
 * Source: MQTT 5.0, OASIS 2019.
 * @throws StationError SETTINGS_INVALID
 */
export function mqttCollector(settings: CollectorSettingsOf<'mqtt'>, context: CollectorContext): Collector {
  const { timeoutMs, topicOf, statusTopic, address, shownAs } = mqttPlan(settings, context);
  const link = mqttLink({ address, shownAs, statusTopic, timeoutMs, context });
  /** After a failure one frame alone is tried, so that those behind it don't come again and again while it fails. */
  let careful = false;

  async function publish(connection: MqttConnection, frame: StoredFrame): Promise<Outcome> {
    const topic = topicOf(frame);
    const payload = frameJson(frame, context);
    const bytes = Buffer.byteLength(topic) + Buffer.byteLength(payload) + overheadBytes;
    if (bytes > connection.maximumPacketSize)
      return { kind: 'refused', reason: `${bytes} bytes, the broker takes ${connection.maximumPacketSize}` };
    try {
      await connection.publish(topic, payload, false);
      return { kind: 'accepted' };
    } catch (error) {
      return mqttOutcome(error, `${shownAs}, ${topic}`);
    }
  }

  /** Keeps the order: behind a frame that has to come again all do, even those that the broker has. */
  async function publishAll(connection: MqttConnection, frames: readonly StoredFrame[]): Promise<Outcome[]> {
    const sent: Promise<Outcome>[] = [];
    const outcomes: Outcome[] = [];
    while (outcomes.length < frames.length) {
      const most = careful ? 1 : connection.receiveMaximum;
      while (sent.length < frames.length && sent.length - outcomes.length < most)
        sent.push(publish(connection, frames[sent.length]!));
      const outcome = await within(sent[outcomes.length]!, timeoutMs).catch((error) => {
        connection.drop(error);
        return mqttOutcome(error, shownAs);
      });
      outcomes.push(outcome);
      if (outcome.kind === 'later' && outcome.scope === 'collector') {
        // The broker must be done with these before it gets more.
        await within(Promise.all(sent), timeoutMs).catch((error) => connection.drop(error));
        outcomes.push(...frames.slice(outcomes.length).map(() => outcome));
        careful = true;
      } else careful = false;
    }
    return outcomes;
  }

  return {
    batch,
    async deliver(frames, signal) {
      try {
        const connection = await abortable(link.connection(), signal);
        return await abortable(publishAll(connection, frames), signal);
      } catch (error) {
        signal.throwIfAborted();
        const outcome = mqttOutcome(error, shownAs);
        return frames.map(() => outcome);
      }
    },
    close: () => link.close(),
  };
}

function addressOf(settings: CollectorSettingsOf<'mqtt'>, { id, station, ledgerId }: MqttContext): MqttAddress {
  const url = URL.parse(settings.url);
  if (url === null || url.hostname === '')
    throw new StationError('SETTINGS_INVALID', `collector ${id}: '${settings.url}' is no address of a broker`);
  const { protocol, hostname, port, pathname, search, username, password } = url;
  const given = readSecret({ value: settings.password, file: settings.passwordFile }, id, 'password');
  return {
    protocol: protocol.slice(0, -1) as NonNullable<MqttAddress['protocol']>,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? undefined : Number(port),
    path: protocol.startsWith('ws') ? `${pathname}${search}` : undefined,
    ca: settings.tlsCaFile === undefined ? undefined : settingsFile(settings.tlsCaFile, id),
    username: settings.user ?? (decoded(username) || undefined),
    password: given ?? (decoded(password) || undefined),
    // Two stations, or two collectors of one, must never have the same: a broker lets one of them in.
    clientId: settings.clientId ?? `${station.callsign ?? 'downlinkd'}-${ledgerId.slice(0, 8)}-${id}`,
  };
}

/** A name or password in an address; one with a % that is none of an address is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
