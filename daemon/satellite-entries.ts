import { formatMode } from '../dsp/mode.ts';
import type { SatelliteEntry, SdrStatus, TrackedReport } from './api/wire.ts';
import { allSatellites, type Catalogue, SatelliteNotFound } from './satellites/catalogue.ts';
import type { Satellite } from './satellites/satellite.ts';
import type { Settings } from './settings/settings.ts';

/** All known satellites as the API gives them. @param tracked by name */
export function satelliteEntries(
  catalogue: Catalogue,
  sdrs: readonly SdrStatus[],
  tracked: ReadonlyMap<string, TrackedReport>,
): SatelliteEntry[] {
  const channels = sdrs.flatMap((sdr) => sdr.channels);
  const received = new Set(channels.map(({ satellite, transmitter }) => `${satellite}\n${transmitter}`));
  return allSatellites(catalogue).map(({ name, norad, alternativeNames, note, transmitters }) => ({
    name,
    norad,
    alternative_names: alternativeNames,
    note: note ?? null,
    transmitters: transmitters.map(({ id, frequencyHz, mode }) => ({
      id,
      frequency_hz: frequencyHz,
      mode: formatMode(mode),
      received: received.has(`${name}\n${id}`),
    })),
    tracked: tracked.get(name) ?? null,
  }));
}

/** How the satellites of `track` are followed, by their names; of one that is there twice, as the planner has it. */
export function trackedBy(
  track: Settings['track'],
  find: (nameOrNorad: string) => Satellite,
): ReadonlyMap<string, TrackedReport> {
  const found = new Map<string, TrackedReport>();
  for (const { satellite, priority, minElevationDeg, record } of track) {
    const name = nameOf(satellite, find);
    if (name === null) continue;
    const before = found.get(name);
    found.set(name, {
      priority: Math.max(priority, before?.priority ?? priority),
      min_elevation_deg: minElevationDeg ?? null,
      record: record || before?.record === true,
    });
  }
  return found;
}

/** Null for one whose file was taken away while the station runs. */
function nameOf(satellite: string, find: (nameOrNorad: string) => Satellite): string | null {
  try {
    return find(satellite).name;
  } catch (error) {
    if (error instanceof SatelliteNotFound) return null;
    throw error;
  }
}
