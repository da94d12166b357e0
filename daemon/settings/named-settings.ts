import type { Partly } from './fitting-part.ts';
import type { Settings } from './settings.ts';
import type { StationDocument } from './station-schema.ts';

/** A satellite that is to be received, and which of its transmitters; left out, all. */
export interface NamedSatellite {
  readonly satellite: string;
  readonly transmitter?: string;
}

/** What settings name, as far as they are right: for checks that go on where something else is wrong. */
export interface NamedSettings {
  readonly dataFolder: string;
  readonly received: readonly NamedSatellite[];
  readonly tracked: readonly NamedSatellite[];
  readonly uplinks: readonly { readonly rig: string; readonly satellite: string }[];
  readonly collected: readonly { readonly collector: string; readonly satellite: string }[];
}

/** @param document of which what does not fit is taken out */
export function namedIn(document: Partly<StationDocument>, dataFolder: string): NamedSettings {
  const { sdrs = [], track = [], rigs = [], collectors = [] } = document;
  return {
    dataFolder,
    received: sdrs.flatMap((sdr) => sdr?.receive ?? []).flatMap(satelliteIn),
    tracked: track.flatMap(satelliteIn),
    uplinks: rigs.flatMap((rig) =>
      (rig?.uplinks ?? []).flatMap(satelliteIn).map(({ satellite }) => ({ rig: rig?.id ?? '', satellite })),
    ),
    collected: collectors.flatMap((one) =>
      [...(one?.satellites ?? []), ...(one?.except ?? [])]
        .flatMap(satelliteIn)
        .map(({ satellite }) => ({ collector: one?.id ?? '', satellite })),
    ),
  };
}

interface Options {
  readonly satellite?: string | number | undefined;
  readonly transmitter?: string | undefined;
}

function satelliteIn(item: string | number | Options | undefined): NamedSatellite[] {
  if (item === undefined) return [];
  if (typeof item !== 'object') return [{ satellite: String(item) }];
  const { satellite, transmitter } = item;
  if (satellite === undefined) return [];
  return [{ satellite: String(satellite), ...(transmitter === undefined ? {} : { transmitter }) }];
}

/** A satellite alone, or with its options; its number becomes text. */
export function requestOf<T extends { readonly satellite: string | number }>(
  item: string | number | T,
): Omit<T, 'satellite'> & { readonly satellite: string } {
  if (typeof item !== 'object') return { satellite: String(item) } as Omit<T, 'satellite'> & { satellite: string };
  return { ...item, satellite: String(item.satellite) };
}

/** What settings without problems name. */
export function namedBy(settings: Settings): NamedSettings {
  const { dataFolder, sdrs, track, rigs, collectors } = settings;
  return {
    dataFolder,
    received: sdrs.flatMap(({ receive }) => receive ?? []),
    tracked: track,
    uplinks: rigs.flatMap(({ id, uplinks }) => uplinks.map(({ satellite }) => ({ rig: id, satellite }))),
    collected: collectors.flatMap(({ id, satellites, except }) =>
      [...(satellites ?? []), ...except].map((satellite) => ({ collector: id, satellite })),
    ),
  };
}
