import { readFileSync } from 'node:fs';
import { StationError, systemCode } from '../core/error.ts';

/** Tokens have some 40 characters, signed ones some thousand. */
const mostCharacters = 4000;

/**
 * A secret as the settings give it: written there, or in a file of its own, whose line end does not count.
 * @param key of the secret in the settings; its file is `key_file`
 * @returns null when the settings have neither
 * @throws StationError SETTINGS_INVALID for both, and for a file that can't be read or holds no secret
 */
export function readSecret(
  given: { readonly value: string | undefined; readonly file: string | undefined },
  collectorId: string,
  key: string,
): string | null {
  const invalid = (why: string, cause?: unknown) =>
    new StationError('SETTINGS_INVALID', `collector ${collectorId}: ${why}`, { cause });
  if (given.value !== undefined && given.file !== undefined)
    throw invalid(`${key} and ${key}_file are both given; leave one of them out`);
  const name = given.file === undefined ? key : `${key}_file ${given.file}`;
  let secret = given.value ?? null;
  if (given.file !== undefined)
    try {
      secret = readFileSync(given.file, 'utf8').replace(/\s+$/, '');
    } catch (error) {
      throw invalid(
        `${name} can't be read (${systemCode(error)}); check the path, and that downlinkd's user may read it`,
        error,
      );
    }
  if (secret === null) return null;
  if (secret === '') throw invalid(`${name} is empty; put the secret there`);
  if (secret.length > mostCharacters) throw invalid(`${name} is longer than ${mostCharacters} characters: no secret`);
  // It becomes part of a header: a line end there would start another one.
  if (!/^[\x20-\x7e]+$/.test(secret)) throw invalid(`${name} must be one line of plain characters`);
  return secret;
}
