import { isGroup } from './form/schema.ts';

/** Where the page will be when the settings are saved. */
export interface NewAddress {
  readonly url: string;
  /** The page is open at the station's own address, and can follow it. */
  readonly followed: boolean;
}

const defaultPort = 8480;

/** @returns null where the page stays where it is. @param at address of the page now */
export function newAddress(before: unknown, after: unknown, at: URL): NewAddress | null {
  const [old, next] = [apiOf(before), apiOf(after)];
  if (old.port === next.port || next.port === 0) return null;
  const url = new URL(at);
  url.port = String(next.port);
  // At another port than that of the settings there is something in between, or the command line has the last word.
  const followed = at.protocol === 'http:' && (at.port || '80') === String(old.port) && old.host === next.host;
  return { url: url.href, followed };
}

function apiOf(settings: unknown): { readonly port: number; readonly host: unknown } {
  const api = isGroup(settings) && isGroup(settings['api']) ? settings['api'] : {};
  const port = api['port'];
  return { port: typeof port === 'number' ? port : defaultPort, host: api['host'] };
}
