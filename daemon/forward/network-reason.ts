import { systemCode } from '../core/error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name can not be resolved',
  EAI_AGAIN: 'the name can not be resolved now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the network',
  ENETDOWN: 'the network is down',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  ENOBUFS: 'the network is too slow',
};

/** Why a server can't be reached, for people. */
export function networkReason(error: unknown): string {
  const code = systemCode(error);
  const known = code === null ? undefined : reasons[code];
  return known ?? (error instanceof Error ? error.message : String(error));
}
