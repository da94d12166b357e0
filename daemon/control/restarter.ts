import type { SettingsChange } from '../api/wire.ts';

/** Who can start the station anew, in the same process. */
export interface Restarter {
  /**
   * Stops the station and starts it with the settings in `file`; if that fails, with those that it had before.
   * @param undo takes the change of the file back
   */
  restart(file: string, undo: () => Promise<void>): void;
  /** How the last one went. */
  lastChange(): SettingsChange | null;
}
