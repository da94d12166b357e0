import { StationError } from '../core/error.ts';
import { networkReason } from '../core/network-error.ts';
import { serverWords } from './http-words.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** No FormData: Node throws where nobody can catch it when the signal aborts a request with one. */
  readonly body?: string | URLSearchParams | Uint8Array<ArrayBuffer>;
  readonly timeoutMs: number;
  /** Most bytes of the answer that are read, 64 kB when left out. */
  readonly mostBytes?: number;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** What came back. */
export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** As much of the body as was read. */
      readonly text: string;
      /** Why the body is not all there; null when it is. */
      readonly missing: string | null;
      /** What the server has to say, for people. */
      readonly words: string;
      readonly retryAfter: string | null;
      readonly location: string | null;
    }
  /** Whether the server has had the request is not known. */
  | { readonly kind: 'no answer'; readonly reason: string };

const usualMostBytes = 64 * 1024;

/**
 * Asks once. Redirects are not followed: the server behind one may be another's, and what was sent has the station's
 * credentials. The signal of the request ends it; so does its time-out, which counts until the end of the answer. Never rejects.
 */
export async function askServer(request: HttpRequest): Promise<HttpAnswer> {
  const timeOut = AbortSignal.timeout(request.timeoutMs);
  const reasonOf = (error: unknown): string =>
    timeOut.aborted
      ? `no answer within ${request.timeoutMs / 1000} s`
      : request.signal.aborted
        ? 'the station stops'
        : networkReason(error);
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers: { 'user-agent': request.userAgent, ...request.headers },
      body: request.body ?? null,
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, timeOut]),
    });
  } catch (error) {
    return { kind: 'no answer', reason: reasonOf(error) };
  }
  const { text, missing } = await readBody(response, request.mostBytes ?? usualMostBytes, reasonOf);
  return {
    kind: 'answer',
    status: response.status,
    text,
    missing,
    words: serverWords(text),
    retryAfter: response.headers.get('retry-after'),
    location: response.headers.get('location'),
  };
}

async function readBody(
  response: Response,
  mostBytes: number,
  reasonOf: (error: unknown) => string,
): Promise<{ text: string; missing: string | null }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let missing: string | null = null;
  try {
    // Leaving the loop cancels the rest. Counted as unpacked: what a small answer unpacks to has the same limit.
    for await (const part of response.body ?? []) {
      parts.push(part);
      bytes += part.length;
      if (bytes > mostBytes) {
        missing = `the answer is larger than ${Math.round(mostBytes / 1024)} kB`;
        break;
      }
    }
  } catch (error) {
    missing = `the answer is not whole: ${reasonOf(error)}`;
  }
  return { text: Buffer.concat(parts).subarray(0, mostBytes).toString('utf8'), missing };
}

/** The address in the settings. @throws StationError SETTINGS_INVALID */
export function serverUrl(text: string, collectorId: string): URL {
  const invalid = (why: string) => new StationError('SETTINGS_INVALID', `collector ${collectorId}: url ${why}`);
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw invalid('is no address; write it like https://host/path');
  // It would be shown with the address, and fetch doesn't take it.
  if (url.username !== '' || url.password !== '')
    throw invalid('holds a name or password; use token or secret instead');
  return url;
}
