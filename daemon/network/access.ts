import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, credsAuthenticator, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { abortable } from '../core/abortable.ts';
import { backOff } from '../core/back-off.ts';
import { StationError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { natsWords } from './nats-words.ts';

/** How to get at the servers of the network. */
export interface NetworkAccess {
  /** host:port of any of them; the others are learnt from it. */
  readonly servers: readonly string[];
  readonly credentialsFile?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly tlsCaFile?: string | undefined;
  /** What the servers show of the connection. */
  readonly name: string;
  readonly timeoutMs: number;
}

/** Once it stands, a connection is mended by the library for ever; this is the wait between its tries. */
const reconnectMs = 1000;

/** @throws StationError SETTINGS_INVALID for a file that can't be read */
export function connectionOptions(access: NetworkAccess): NodeConnectionOptions {
  const { servers, credentialsFile, user, password, token, tlsCaFile, name, timeoutMs } = access;
  return {
    servers: [...servers],
    name,
    timeout: timeoutMs,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectMs,
    ...(credentialsFile !== undefined && { authenticator: credsAuthenticator(readSecret(credentialsFile)) }),
    ...(user !== undefined && { user, pass: password ?? '' }),
    ...(token !== undefined && { token }),
    ...(tlsCaFile !== undefined && { tls: { ca: readSecret(tlsCaFile).toString('utf8') } }),
  };
}

/**
 * @param signal nobody wants the connection any more once it is aborted
 * @throws StationError NETWORK_UNREACHABLE, NETWORK_REFUSED
 */
export async function connectNetwork(options: NodeConnectionOptions, signal?: AbortSignal): Promise<NatsConnection> {
  try {
    // Without a limit of tries the first connection would be tried for ever, and nobody would hear why it fails.
    const connection = await connect({ ...options, waitOnFirstConnect: false });
    if (signal?.aborted) await connection.close();
    return connection;
  } catch (cause) {
    const where = [options.servers ?? []].flat().join(', ');
    const { kind, words } = natsWords(cause);
    const code = kind === 'refused' ? 'NETWORK_REFUSED' : 'NETWORK_UNREACHABLE';
    throw new StationError(code, `the NATS servers ${where} can't be used: ${words}`, { cause });
  }
}

/** Between two tries to reach servers that are away. */
const awayRetry = { firstMs: 500, mostMs: 10_000 };

/**
 * Does what needs the servers, again and again while they are away, which is told once and when they are there.
 * @throws StationError of any code but NETWORK_UNREACHABLE, or the reason of the signal
 */
export async function whenReachable<T>(work: () => Promise<T>, log: Log, signal: AbortSignal): Promise<T> {
  const wait = backOff(awayRetry, Math.random);
  let told = false;
  for (;;) {
    try {
      const result = await abortable(work(), signal);
      if (told) log.info('the network can be reached now');
      return result;
    } catch (error) {
      if (!(error instanceof StationError) || error.code !== 'NETWORK_UNREACHABLE') throw error;
      if (!told) log.warn({ reason: error.message }, 'the network cannot be reached, trying again until it can');
      told = true;
      await sleep(wait.next(), undefined, { signal });
    }
  }
}

function readSecret(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new StationError('SETTINGS_INVALID', `${path} can't be read: ${(cause as Error).message}`, { cause });
  }
}
