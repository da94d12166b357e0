import { systemCode } from './error.ts';

/** The error of the connection, which hides behind `fetch failed`. */
export function networkCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

/** Why a connection failed, in plain words. */
export function networkReason(error: unknown): string {
  const cause = networkCause(error);
  const code = systemCode(cause);
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: 'no such host, or no network',
    EAI_AGAIN: 'no network: names are not found',
    ECONNREFUSED: 'connection refused: nothing listens there',
    ENETUNREACH: 'no network',
    ENETDOWN: 'no network',
    EHOSTUNREACH: 'host unreachable',
    EPIPE: 'the connection broke',
    EACCES: 'not permitted',
    EPERM: 'not permitted',
    ENOBUFS: 'the network is too slow',
    UND_ERR_CONNECT_TIMEOUT: 'no connection: time-out',
    ETIMEDOUT: 'no connection: time-out',
    ECONNRESET: 'the connection broke',
    UND_ERR_SOCKET: 'the connection broke',
    CERT_NOT_YET_VALID: "the server's certificate is not valid yet: is the clock right?",
    CERT_HAS_EXPIRED: "the server's certificate has expired: is the clock right?",
    DEPTH_ZERO_SELF_SIGNED_CERT: 'the server has a self-signed certificate, which is not trusted here',
    SELF_SIGNED_CERT_IN_CHAIN: 'the authority that signed the certificate of the server is not trusted here',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the authority that signed the certificate of the server is not trusted here',
  };
  if (code !== null) return known[code] ?? code;
  return cause instanceof Error ? cause.message.split('\n')[0]!.slice(0, 120) : String(cause);
}
