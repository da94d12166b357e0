import { StationError, systemCode } from '../core/error.ts';

/** @param setting the key of the settings that says which port */
export function listenError(setting: string, host: string, port: number, cause: unknown): StationError {
  const code = systemCode(cause);
  if (code === 'EADDRINUSE') {
    return new StationError(
      'PORT_IN_USE',
      `port ${port} on ${host} is in use by another program: stop it, or give another ${setting}`,
      { cause },
    );
  }
  const why = code === 'EACCES' ? 'not permitted' : code === 'EADDRNOTAVAIL' ? 'not an address of this machine' : code;
  return new StationError('PORT_UNAVAILABLE', `cannot listen on ${host}, port ${port} (${setting}): ${why}`, { cause });
}
