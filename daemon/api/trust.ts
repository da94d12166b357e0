import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { ApiError } from './error.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whom the API answers. A page of a foreign site must not read the local API: not through DNS rebinding (its own name, resolved
 * to this address, is in the Host header) and not through a WebSocket, which no same-origin policy covers (Origin header).
 * @param bindHost the address that the API listens on
 */
export function makeTrustCheck(bindHost: string): (host: string | undefined, origin: string | undefined) => void {
  const everywhere = bindHost === '0.0.0.0' || bindHost === '::';
  const names = new Set([...loopbackNames, bracketed(bindHost.toLowerCase())]);
  if (!names.has('localhost') || everywhere) names.add(hostname().toLowerCase());
  if (everywhere) for (const suffix of ['.local', '.lan', '.home.arpa']) names.add(hostname().toLowerCase() + suffix);

  // A numeric address can't be rebound: who listens everywhere is reached under any of its own.
  const trustedHost = (name: string) => names.has(name) || (everywhere && isIP(name.replace(/^\[|\]$/g, '')) !== 0);

  return (host, origin) => {
    const hostUrl = parsed(`http://${host ?? ''}`);
    if (hostUrl === null || !trustedHost(hostUrl.hostname)) {
      throw new ApiError('HOST_NOT_ALLOWED', `this station does not answer under the name '${shown(host)}'`);
    }
    if (origin === undefined) return;
    const originUrl = parsed(origin);
    if (originUrl === null || !(loopbackNames.includes(originUrl.hostname) || originUrl.host === hostUrl.host)) {
      throw new ApiError('ORIGIN_NOT_ALLOWED', `pages of '${shown(origin)}' may not read this station`);
    }
  };
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

function parsed(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

function shown(text: string | undefined): string {
  return (text ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}
