import { StationError } from '../core/error.ts';
import { HOUR_MS, LEAST_INTERVAL_MS } from './fetch-schedule.ts';

/** Where orbital elements come from: a file that is read again when it changes, or a server that is asked now and then. */
export type ElementSource =
  | { readonly file: string /** Its elements beat newer ones. */; readonly pinned?: boolean }
  | { readonly url: string /** Between two requests: 2 h or more. */; readonly intervalMs?: number };

/** Path or URL: names a source in the state and for people. */
export function sourceKey(source: ElementSource): string {
  return 'file' in source ? source.file : new URL(source.url).href;
}

/** Each source once. @throws StationError SETTINGS_INVALID */
export function checkSources(sources: readonly ElementSource[]): ElementSource[] {
  const byKey = new Map<string, ElementSource>();
  for (const source of sources) {
    if ('url' in source) checkUrl(source.url, source.intervalMs);
    byKey.set(sourceKey(source), source);
  }
  return [...byKey.values()];
}

function checkUrl(text: string, intervalMs = LEAST_INTERVAL_MS): void {
  const invalid = (why: string) => new StationError('SETTINGS_INVALID', `source of elements ${text}: ${why}`);
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw invalid('an http or https address expected');
  // They would be shown with the source, and fetch doesn't take them.
  if (url.username !== '' || url.password !== '') throw invalid('a name or password in the address is not possible');
  if (!(intervalMs >= LEAST_INTERVAL_MS))
    throw invalid(`asked every ${intervalMs / HOUR_MS} h: ${LEAST_INTERVAL_MS / HOUR_MS} or more expected`);
}
