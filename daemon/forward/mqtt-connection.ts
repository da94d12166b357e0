import { connect, type IClientOptions } from 'mqtt';
import { abortable } from '../core/abortable.ts';
import { MqttRefusal, mqttError, refusedConnection } from './mqtt-reason.ts';

/** One connection to a broker. It is not opened again: what comes after a loss is its owner's business. */
export interface MqttConnection {
  /** Most messages without their acknowledgement that the broker takes. */
  readonly receiveMaximum: number;
  /** Bytes of the largest packet that the broker takes. */
  readonly maximumPacketSize: number;
  /** Null while it holds; else why it was lost. */
  readonly loss: Error | null;
  /**
   * QoS 1: settles with the acknowledgement.
   * @throws MqttRefusal when the broker says no, or why the connection was lost
   */
  publish(topic: string, payload: string, retain: boolean): Promise<void>;
  onLoss(listener: (why: Error) => void): void;
  /** Says goodbye, so that the broker doesn't send the last will. */
  end(): Promise<void>;
  /** Without a goodbye. */
  drop(why: Error): void;
}

export interface MqttAddress {
  readonly protocol: NonNullable<IClientOptions['protocol']>;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
  /** Certificate of the authority, PEM. */
  readonly ca: string | undefined;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export interface MqttConnectOptions {
  readonly version: 4 | 5;
  readonly timeoutMs: number;
  readonly will: { readonly topic: string; readonly payload: string };
}

const keepaliveS = 30;

/** @throws MqttRefusal, or the error of the system */
export async function openMqtt(
  address: MqttAddress,
  { version, timeoutMs, will }: MqttConnectOptions,
  signal: AbortSignal,
): Promise<MqttConnection> {
  // The library neither connects again nor keeps messages for a later connection: frames are kept in the ledger alone, and a
  // message sent again behind the engine's back would come twice.
  const client = connect({
    ...definedOf(address),
    protocolVersion: version,
    clean: true,
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    connectTimeout: timeoutMs,
    keepalive: keepaliveS,
    will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true },
  });
  let cause: Error | null = null;
  let loss: Error | null = null;
  /** Whom a loss concerns. Not a promise raced against: it would remember every message of a connection that lasts months. */
  const listeners = new Set<(why: Error) => void>();
  client.on('error', (error) => {
    cause ??= mqttError(error);
  });
  client.on('disconnect', ({ reasonCode }) => {
    if (reasonCode !== undefined) cause ??= new MqttRefusal(reasonCode);
  });
  const lose = (why: Error) => {
    if (loss !== null) return;
    loss = why;
    for (const listener of listeners) listener(why);
  };
  client.on('close', () => lose(cause ?? new Error('the broker closed the connection')));
  try {
    const connected = new Promise<void>((resolve, reject) => {
      listeners.add(reject);
      client.once('connect', () => resolve());
    });
    await abortable(connected, signal);
  } catch (error) {
    client.end(true);
    throw refusedConnection(cause ?? error);
  }
  const { receiveMaximum = 65_535, maximumPacketSize = Number.POSITIVE_INFINITY } = client.serverProperties ?? {};
  return {
    receiveMaximum,
    maximumPacketSize,
    get loss() {
      return loss;
    },
    publish: (topic, payload, retain) =>
      new Promise((resolve, reject) => {
        if (loss !== null) return reject(loss);
        listeners.add(reject);
        const properties = { payloadFormatIndicator: true, contentType: 'application/json' };
        const options = { qos: 1, retain, ...(version === 5 && { properties }) } as const;
        client.publish(topic, payload, options, (error) => {
          listeners.delete(reject);
          if (error) reject(mqttError(error));
          else resolve();
        });
      }),
    onLoss: (listener) => void listeners.add(listener),
    end: () => client.endAsync(false),
    drop(why) {
      lose(why);
      client.end(true);
    },
  };
}

/** The library takes a member that is undefined for one that is there. */
function definedOf<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
