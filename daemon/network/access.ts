import { readFileSync } from 'node:fs';
import { connect, credsAuthenticator, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { StationError } from '../core/error.ts';
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

/** @throws StationError NETWORK_UNREACHABLE, NETWORK_REFUSED */
export async function connectNetwork(options: NodeConnectionOptions): Promise<NatsConnection> {
  try {
    // Without a limit of tries the first connection would be tried for ever, and nobody would hear why it fails.
    return await connect({ ...options, waitOnFirstConnect: false });
  } catch (cause) {
    const where = [options.servers ?? []].flat().join(', ');
    const { kind, words } = natsWords(cause);
    const code = kind === 'refused' ? 'NETWORK_REFUSED' : 'NETWORK_UNREACHABLE';
    throw new StationError(code, `the NATS servers ${where} can't be used: ${words}`, { cause });
  }
}

function readSecret(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new StationError('SETTINGS_INVALID', `${path} can't be read: ${(cause as Error).message}`, { cause });
  }
}
