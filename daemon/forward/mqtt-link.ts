import { abortable } from '../core/abortable.ts';
import { backOff } from '../core/back-off.ts';
import { networkReason } from '../core/network-error.ts';
import type { CollectorContext } from './collector.ts';
import { type MqttAddress, type MqttConnection, openMqtt } from './mqtt-connection.ts';
import { MqttRefusal, mqttError } from './mqtt-reason.ts';

/** Keeps a connection to the broker, also while there are no frames: the retained state of the station depends on it. */
export interface MqttLink {
  /** The connection, or the outcome of the attempt that is under way; where none is, one begins now. @throws why not */
  connection(): Promise<MqttConnection>;
  /** Marks the station as offline and says goodbye. */
  close(): Promise<void>;
}

export interface MqttLinkOptions {
  readonly address: MqttAddress;
  /** For the log, without the password. */
  readonly shownAs: string;
  readonly statusTopic: string;
  readonly timeoutMs: number;
  readonly context: CollectorContext;
}

/** Of attempts that nobody waits for. With frames to deliver the engine says when. */
const idleBackOff = { firstMs: 1000, mostMs: 60_000 } as const;
/** So long the end of the program waits for the broker. */
const goodbyeMs = 2000;
/** What brokers of MQTT 3.1.1 and 5 say to a version that they don't know. */
const unknownVersion = [1, 132];

export function mqttLink({ address, shownAs, statusTopic, timeoutMs, context }: MqttLinkOptions): MqttLink {
  const { log, station, software, now } = context;
  const waits = backOff(idleBackOff, Math.random);
  const closing = new AbortController();
  let version: 4 | 5 = 5;
  let held: MqttConnection | null = null;
  let attempt: Promise<MqttConnection> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let troubleTold = false;

  const status = (state: 'online' | 'offline') => {
    const time = state === 'online' ? { since: new Date(now()).toISOString() } : {};
    return JSON.stringify({ state, callsign: station.callsign, name: station.name, software, ...time });
  };

  async function open(): Promise<MqttConnection> {
    const will = { topic: statusTopic, payload: status('offline') };
    try {
      return await openMqtt(address, { version, timeoutMs, will }, closing.signal);
    } catch (error) {
      if (version === 4 || !(error instanceof MqttRefusal) || !unknownVersion.includes(error.reasonCode)) throw error;
      log.warn(
        { broker: shownAs },
        'the broker does not know MQTT 5: with MQTT 3.1.1 it can not say why it drops a frame',
      );
      version = 4;
      return openMqtt(address, { version, timeoutMs, will }, closing.signal);
    }
  }

  async function connectNow(): Promise<MqttConnection> {
    clearTimeout(timer);
    try {
      const connection = await open();
      await tellOnline(connection);
      connection.onLoss((why) => onTrouble(why));
      if (connection.loss !== null) throw connection.loss;
      held = connection;
      waits.reset();
      troubleTold = false;
      log.info({ broker: shownAs }, 'connected to the MQTT broker');
      return connection;
    } catch (error) {
      onTrouble(error);
      throw error;
    } finally {
      attempt = null;
    }
  }

  /** A broker that doesn't want the state may want the frames nevertheless. */
  async function tellOnline(connection: MqttConnection): Promise<void> {
    try {
      await abortable(within(connection.publish(statusTopic, status('online'), true), timeoutMs), closing.signal);
    } catch (error) {
      if (!(error instanceof MqttRefusal) || connection.loss !== null) {
        connection.drop(mqttError(error));
        throw error;
      }
      log.warn({ broker: shownAs, topic: statusTopic }, `the state of the station is not shown: ${error.message}`);
    }
  }

  function onTrouble(why: unknown): void {
    held = null;
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    if (!troubleTold) log.warn({ broker: shownAs }, `no connection to the MQTT broker: ${networkReason(why)}`);
    troubleTold = true;
    timer = setTimeout(() => begin(), waits.next());
    timer.unref();
  }

  function begin(): void {
    if (held !== null || closing.signal.aborted) return;
    attempt ??= connectNow();
    attempt.catch(() => {});
  }

  begin();
  return {
    async connection() {
      closing.signal.throwIfAborted();
      if (held !== null && held.loss === null) return held;
      attempt ??= connectNow();
      return attempt;
    },
    async close() {
      closing.abort(new Error('the station stops'));
      clearTimeout(timer);
      const connection = held;
      await attempt?.catch(() => {});
      if (connection === null) return;
      const goodbye = connection.publish(statusTopic, status('offline'), true).then(() => connection.end());
      await within(goodbye, goodbyeMs).catch((error) => connection.drop(mqttError(error)));
    },
  };
}

/** @throws Error when it takes too long */
export async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer of the broker within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
