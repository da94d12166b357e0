import { readFileSync } from 'node:fs';
import { diskReason } from '../core/disk-reason.ts';
import { StationError } from '../core/error.ts';

/**
 * What the settings of a collector keep in a file of its own, such as a certificate.
 * @throws StationError SETTINGS_INVALID
 */
export function settingsFile(path: string, collectorId: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StationError(
      'SETTINGS_INVALID',
      `collector ${collectorId}: ${path} can't be read: ${diskReason(cause)}`,
      {
        cause,
      },
    );
  }
}
