import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { StationError } from '../core/error.ts';

/** What is wrong at the servers, in plain words, and of which kind it is. */
export interface NatsTrouble {
  /** `refused`: a question of rights; `missing`: the stream; `no-group`: the consumer; `message`: this message alone; `away`: it may work later. */
  readonly kind: 'refused' | 'missing' | 'no-group' | 'message' | 'away';
  readonly words: string;
}

/** Codes of the server's JetStream errors (its server/errors.json). */
const streamNotFound = 10059;
const consumerNotFound = 10014;
const messageTooLarge = 10054;
const otherStream = 10060;
const subjectsOverlap = 10065;
const oneServerOnly = 10074;
const tooFewServers = 10005;
const full = [10047, 10077, 10028, 10023];

export const oneCopyOnly =
  'this server is alone, so it keeps one copy: say --replicas 1, or join servers to a cluster first';

const howToMake = "'downlinkd network init' makes it";

/** Any error of the NATS library. */
export function natsWords(error: unknown): NatsTrouble {
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError)
    return { kind: 'refused', words: `they don't accept these credentials (${error.message})` };
  const violation = within(error, errors.PermissionViolationError);
  if (violation !== null)
    return {
      kind: 'refused',
      words: `this user has no right to ${violation.operation === 'publish' ? 'publish to' : 'subscribe to'} ${violation.subject}`,
    };
  if (error instanceof JetStreamApiError) return apiTrouble(error);
  if (within(error, errors.RequestError)?.isNoResponders())
    return {
      kind: 'missing',
      words: `no server takes this: there is no such stream (${howToMake}), it has no leader for now, or JetStream is off`,
    };
  if (error instanceof errors.TimeoutError) return { kind: 'away', words: 'no answer in time' };
  if (error instanceof errors.InvalidArgumentError && error.message.includes('max_payload'))
    return { kind: 'message', words: 'larger than the servers take in a message' };
  return { kind: 'away', words: error instanceof Error ? error.message : String(error) };
}

export const isOverlap = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === subjectsOverlap;

/** What the servers say of a stream that is needed, as an error with a code. */
export function streamError(name: string, cause: unknown): StationError {
  const { kind, words } = natsWords(cause);
  const code = kind === 'missing' ? 'STREAM_MISSING' : kind === 'refused' ? 'NETWORK_REFUSED' : 'NETWORK_UNREACHABLE';
  return new StationError(code, `the stream ${name} can't be used: ${words}`, { cause });
}

function apiTrouble(error: JetStreamApiError): NatsTrouble {
  if (error.code === streamNotFound) return { kind: 'missing', words: `there is no such stream: ${howToMake}` };
  if (error.code === consumerNotFound) return { kind: 'no-group', words: 'there is no such group' };
  if (error.code === messageTooLarge)
    return { kind: 'message', words: 'larger than the stream takes (its max_msg_size)' };
  if (error.code === otherStream)
    return {
      kind: 'missing',
      words: `another stream than the one in the settings takes these subjects (${error.message})`,
    };
  if (error.code === oneServerOnly) return { kind: 'refused', words: oneCopyOnly };
  if (error.code === tooFewServers)
    return { kind: 'refused', words: `fewer servers than copies can take it now: lower --replicas (${error.message})` };
  if (full.includes(error.code)) return { kind: 'away', words: `the stream has no room (${error.message})` };
  return { kind: 'away', words: error.message };
}

/** The error of that kind among an error and its causes. */
function within<Kind extends Error>(error: unknown, kind: new (...args: never[]) => Kind): Kind | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof kind) return at;
  return null;
}
