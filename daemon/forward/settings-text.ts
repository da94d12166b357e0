import { readFileSync } from 'node:fs';
import { diskReason } from '../core/disk-reason.ts';
import { StationError } from '../core/error.ts';

/**
 * A secret or a certificate that the settings of a collector keep in a file of its own; without the newline at its end.
 * @throws StationError SETTINGS_INVALID
 */
export function settingsText(path: string, collectorId: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
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
