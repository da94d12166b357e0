import { signal } from '@preact/signals';
import type { ElementsReport, ModesReport, SatelliteEntry } from '../../../daemon/api/wire.ts';
import { get, RequestError } from '../api.ts';

export const satellites = signal<readonly SatelliteEntry[] | null>(null);
/** Null where no satellite is tracked. */
export const elements = signal<ElementsReport | null>(null);
/** How transmitters are written; null until it is known. */
export const modes = signal<ModesReport | null>(null);

/** Asks what is known and followed. A station that is away answers later: then the old stays. */
export async function refresh(): Promise<void> {
  try {
    const answer = await get<{ satellites: readonly SatelliteEntry[] }>('satellites');
    satellites.value = answer.satellites;
    // It stays as long as the program does.
    modes.value ??= await get<ModesReport>('modes');
    if (answer.satellites.every(({ tracked }) => tracked === null)) {
      elements.value = null;
      return;
    }
    elements.value = await get<ElementsReport>('elements').catch((error: unknown) => {
      if (error instanceof RequestError && error.status === 404) return null;
      throw error;
    });
  } catch {
    // The page tells that the station is not heard.
  }
}
