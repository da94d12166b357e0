import { ApiError } from '../api/error.ts';
import type { SatelliteChanges } from '../api/satellite-routes.ts';
import type { TrackingWish } from '../api/wire.ts';
import { systemCode } from '../core/error.ts';
import { type LiveCatalogue, SatelliteNotFound } from '../satellites/catalogue.ts';
import { modesReport } from '../satellites/modes-report.ts';
import { addSatellite, addTransmitter, SatelliteKnown } from '../satellites/own-satellite.ts';
import type { Satellite } from '../satellites/satellite.ts';
import { isRecord } from '../settings/align.ts';
import { ConfigError } from '../settings/config-error.ts';
import { problemText } from '../settings/schema-problems.ts';
import type { Settings } from '../settings/settings.ts';
import type { SettingsControl } from './settings-control.ts';

export interface SatelliteControlDeps {
  readonly settings: SettingsControl;
  readonly catalogue: LiveCatalogue;
  /** Folder of the satellites of one's own. */
  readonly folder: string;
  /** @throws SatelliteNotFound */
  readonly find: (nameOrNorad: string) => Satellite;
  /** Follows these from now on; false where that takes a new start. */
  readonly retrack: (track: Settings['track']) => boolean;
  /** Reads again what is known of a satellite: false where its receivers have to be started anew. */
  readonly renewed: (satellite: Satellite) => boolean;
  /** Starts the station anew with the settings that it has; null where nobody can. */
  readonly restart: (() => void) | null;
}

type Item = string | number | Readonly<Record<string, unknown>>;
const options = ['priority', 'min_elevation_deg', 'record'] as const;

/** Changes which satellites are followed, and adds some that are not known. */
export function makeSatelliteControl(deps: SatelliteControlDeps): SatelliteChanges {
  const { settings, catalogue, folder, find, retrack, renewed, restart } = deps;
  return {
    modes: modesReport,
    async track(nameOrNorad, wish) {
      const satellite = known(nameOrNorad, find);
      if (wish.tracked && satellite.norad === null && satellite.temporaryId === undefined)
        throw new ApiError(
          'SATELLITE_INVALID',
          `${satellite.name} has no catalogue number: there are no elements to predict its passes from`,
        );
      const { data, hash } = settings.data();
      const document = isRecord(data) ? data : {};
      const list = Array.isArray(document['track']) ? (document['track'] as Item[]) : [];
      const isIt = (item: Item) => sameSatellite(item, satellite, find);
      const track = changedList(list, isIt, satellite, wish);
      const { track: _, ...rest } = document;
      // An empty list is none.
      const changed = track.length === 0 ? rest : 'track' in document ? { ...document, track } : { ...rest, track };
      const written = await settings
        .write({ settings: changed }, hash)
        .catch((error: unknown) => Promise.reject(inWordsOfTracking(error, satellite)));
      const done = list.length > 0 && track.length > 0 && retrack(written.settings.track);
      return { answer: { hash: written.hash, restarts: !done }, apply: done ? null : () => written.restart() };
    },
    async add(addition) {
      try {
        const satellite =
          'satellite' in addition
            ? await addSatellite(catalogue, folder, addition.satellite)
            : await addTransmitter(catalogue, folder, addition.to, addition.transmitter);
        catalogue.reload();
        const restarts = !renewed(satellite) && restart !== null;
        return { answer: { name: satellite.name, restarts }, apply: restarts ? restart : null };
      } catch (error) {
        if (error instanceof ConfigError)
          throw new ApiError(
            'SATELLITE_INVALID',
            error.problems.map((line) => line.replace(/^satellite: /, '')).join('; '),
            error.places.map((problem) => ({ path: problem.path, message: problemText(problem) })),
          );
        if (error instanceof SatelliteKnown) throw new ApiError('SATELLITE_KNOWN', error.message);
        if (error instanceof SatelliteNotFound) throw new ApiError(error.code, error.message);
        if (systemCode(error) === null) throw error;
        throw new ApiError('SETTINGS_UNWRITABLE', `${folder} can't be written (${systemCode(error)})`);
      }
    },
  };
}

/** Without what is tracked a receiver may have nothing to receive: who unticked a satellite knows no `sdrs[0].receive`. */
function inWordsOfTracking(error: unknown, { name }: Satellite): unknown {
  if (!(error instanceof ApiError) || !error.problems?.length) return error;
  if (!error.problems.every(({ path }) => /^sdrs\[\d+\]\.receive$/.test(path))) return error;
  const message = `${name} is the last satellite that is followed, and a receiver would have nothing to receive: follow another one first, or give the receiver its own satellites in the settings`;
  return new ApiError(error.code, message, error.problems);
}

function known(nameOrNorad: string, find: (name: string) => Satellite): Satellite {
  try {
    return find(nameOrNorad);
  } catch (error) {
    if (error instanceof SatelliteNotFound) throw new ApiError(error.code, error.message);
    throw error;
  }
}

function changedList(
  list: readonly Item[],
  isIt: (item: Item) => boolean,
  satellite: Satellite,
  wish: TrackingWish,
): Item[] {
  if (!wish.tracked) return list.filter((item) => !isIt(item));
  if (!list.some(isIt)) return [...list, withOptions(satellite.name, wish)];
  return list.map((item) => (isIt(item) ? withOptions(item, wish) : item));
}

/** A satellite without options stays a single word. */
function withOptions(item: Item, wish: TrackingWish): Item {
  const record: Record<string, unknown> = isRecord(item) ? { ...item } : { satellite: item };
  for (const key of options) {
    if (wish[key] === undefined) continue;
    if (wish[key] === null) delete record[key];
    else record[key] = wish[key];
  }
  return Object.keys(record).length === 1 && !isRecord(item) ? item : record;
}

function sameSatellite(item: Item, satellite: Satellite, find: (name: string) => Satellite): boolean {
  const name = isRecord(item) ? item['satellite'] : item;
  try {
    return find(String(name)).name === satellite.name;
  } catch (error) {
    // Somebody wrote it into the file since: the check of the whole tells.
    if (error instanceof SatelliteNotFound) return false;
    throw error;
  }
}
