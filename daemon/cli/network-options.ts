import { readFileSync } from 'node:fs';
import { findProject } from '../core/project.ts';
import type { NetworkAccess } from '../network/access.ts';
import { UsageError } from './command.ts';

/** Options of the commands that use the network, and their help. */
export const networkOptions = {
  servers: { type: 'string' },
  stream: { type: 'string', default: 'FRAMES' },
  'credentials-file': { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  'token-file': { type: 'string' },
  'tls-ca-file': { type: 'string' },
} as const;

export const networkHelp = `
  --servers HOST:PORT,…      NATS servers, any of them
  --stream NAME              the stream of frames (default FRAMES)
  --credentials-file FILE    NATS credentials (.creds)
  --user NAME                user, with
  --password-file FILE       a file with the password
  --token-file FILE          a file with the token
  --tls-ca-file FILE         certificate of the authority that signed the servers'`.slice(1);

interface NetworkValues {
  readonly servers?: string | undefined;
  readonly stream: string;
  readonly 'credentials-file'?: string | undefined;
  readonly user?: string | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'token-file'?: string | undefined;
  readonly 'tls-ca-file'?: string | undefined;
}

const timeoutMs = 10_000;

/** @throws UsageError */
export function networkAccess(values: NetworkValues, purpose: string): NetworkAccess {
  const servers = (values.servers ?? '').split(',').filter((server) => server !== '');
  if (servers.length === 0) throw new UsageError('say where the network is: --servers HOST:PORT');
  const odd = servers.find((server) => !/^[^\s/]+:\d{1,5}$/.test(server));
  if (odd !== undefined) throw new UsageError(`--servers '${odd}' should be like nats1.example.org:4222`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(values.stream))
    throw new UsageError(`--stream '${values.stream}' should be letters, digits and dashes`);
  if (values['password-file'] !== undefined && values.user === undefined)
    throw new UsageError('--password-file goes with --user');
  return {
    servers,
    credentialsFile: values['credentials-file'],
    user: values.user,
    password: readLine(values['password-file']),
    token: readLine(values['token-file']),
    tlsCaFile: values['tls-ca-file'],
    name: `downlinkd/${findProject().version} ${purpose}`,
    timeoutMs,
  };
}

function readLine(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${(error as Error).message}`);
  }
}
