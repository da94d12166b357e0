import type { Timers } from '../core/clock.ts';
import { systemCode } from '../core/error.ts';
import { networkCause, networkReason } from '../core/network-error.ts';

/** What came of asking a server. */
export type FetchResult =
  | Answer
  | { readonly kind: 'not modified'; readonly movedTo: string | null }
  /** The server doesn't want to be asked: 403 or 429. */
  | { readonly kind: 'refused'; readonly reason: string; readonly retryAfter: string | null }
  /** The server was asked, and gave nothing that can be used; `final`: the same request won't go better later (4xx). */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfter: string | null; readonly final: boolean }
  /** No request can have been counted by a server: no network, no name, no connection. */
  | { readonly kind: 'unreached'; readonly reason: string };

export interface Answer {
  readonly kind: 'answer';
  readonly text: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Where the server says that this is from now on; asking at the old place again may get one shut out. */
  readonly movedTo: string | null;
}

export interface FetchDeps {
  readonly fetch: typeof fetch;
  readonly timers: Timers;
  readonly userAgent: string;
  /** Ends a request that is under way. */
  readonly signal: AbortSignal;
}

/** The largest lists have some 30,000 satellites of 450 bytes. */
export const MOST_BYTES = 16_000_000;
const TIME_OUT_MS = 30_000;
const MOST_REDIRECTS = 3;

/** Asks once for the text at a URL, for as long as it takes up to 30 s, following up to 3 redirects. Never rejects. */
export async function fetchText(
  url: string,
  known: { readonly etag: string | null; readonly lastModified: string | null },
  deps: FetchDeps,
): Promise<FetchResult> {
  const timeOut = new AbortController();
  const cancel = deps.timers.after(TIME_OUT_MS, () => timeOut.abort());
  const signal = AbortSignal.any([deps.signal, timeOut.signal]);
  let answered = false;
  try {
    let at = new URL(url);
    let movedTo: string | null = null;
    let permanently = true;
    for (let redirects = 0; ; redirects++) {
      const response = await deps.fetch(at, { headers: headersFor(known, deps.userAgent), redirect: 'manual', signal });
      answered = true;
      if (![301, 302, 303, 307, 308].includes(response.status)) return await resultOf(response, movedTo);
      await response.body?.cancel();
      const next = redirectedTo(response.headers.get('location'), at);
      if (typeof next === 'string') return failed(next);
      if (redirects === MOST_REDIRECTS) return failed(`redirects more than ${MOST_REDIRECTS} times`);
      permanently &&= response.status === 301 || response.status === 308;
      if (permanently) movedTo = next.href;
      at = next;
    }
  } catch (error) {
    if (timeOut.signal.aborted) return failed(`no answer within ${TIME_OUT_MS / 1000} s`);
    const reason = networkReason(error);
    return !answered && beforeRequest(error) ? { kind: 'unreached', reason } : failed(reason);
  } finally {
    cancel();
  }
}

function headersFor(
  known: { etag: string | null; lastModified: string | null },
  userAgent: string,
): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
    ...(known.etag !== null && { 'if-none-match': known.etag }),
    ...(known.lastModified !== null && { 'if-modified-since': known.lastModified }),
  };
}

/** Where to go on, or why not. */
function redirectedTo(location: string | null, from: URL): URL | string {
  const to = location === null ? null : URL.parse(location, from);
  if (to === null) return 'redirects to nowhere';
  if (to.protocol !== 'https:' && to.protocol !== from.protocol)
    return `redirects from ${from.protocol} to ${to.protocol}`;
  return to;
}

async function resultOf(response: Response, movedTo: string | null): Promise<FetchResult> {
  const { status, headers } = response;
  const retryAfter = headers.get('retry-after');
  if (status === 304) return { kind: 'not modified', movedTo };
  if (status !== 200) {
    const said = firstLine(await textOf(response, 2000, 'start'));
    const reason = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
    if (status === 403 || status === 429) return { kind: 'refused', reason, retryAfter };
    return { kind: 'failed', reason, retryAfter, final: status >= 400 && status < 500 && status !== 408 };
  }
  const text = await textOf(response, MOST_BYTES, 'all');
  if (text === null) return failed(`the answer is larger than ${MOST_BYTES / 1e6} MB`);
  return { kind: 'answer', text, etag: headers.get('etag'), lastModified: headers.get('last-modified'), movedTo };
}

/** The body as text: null when `all` of it is larger than `most`; its `start` otherwise. */
async function textOf(response: Response, most: number, wanted: 'all' | 'start'): Promise<string | null> {
  if (wanted === 'all' && Number(response.headers.get('content-length') ?? 0) > most) {
    await response.body?.cancel();
    return null;
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest of the body. Counted as unpacked: what a small answer unpacks to has the same limit.
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes > most) break;
  }
  if (bytes > most && wanted === 'all') return null;
  return Buffer.concat(parts).toString('utf8');
}

function firstLine(text: string | null): string {
  if (text === null || /^\s*</.test(text)) return '';
  return (text.trim().split('\n')[0] ?? '').replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 120);
}

function failed(reason: string): FetchResult {
  return { kind: 'failed', reason, retryAfter: null, final: false };
}

/** Names, routes and connections come before a request; so does the handshake, which a wrong clock makes fail. */
function beforeRequest(error: unknown): boolean {
  const cause = networkCause(error);
  const code = systemCode(cause) ?? '';
  const early = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'];
  return (
    early.includes(code) ||
    code === 'UND_ERR_CONNECT_TIMEOUT' ||
    (cause as { syscall?: unknown } | null)?.syscall === 'connect' ||
    /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)
  );
}
