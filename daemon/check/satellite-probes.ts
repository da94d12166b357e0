import { StationError } from '../core/error.ts';
import { outOfReach, type TrackedWish } from '../reach.ts';
import { resolveWanted } from '../receiver/wanted.ts';
import { type Catalogue, findSatellite, SatelliteNotFound } from '../satellites/catalogue.ts';
import { ConfigError } from '../settings/config-error.ts';
import type { NamedSatellite, NamedSettings } from '../settings/named-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { Finding } from './probes.ts';

/** Whether the satellites that settings name are known, and have the transmitters that are wanted. */
export function checkSatellites(
  { received, tracked, uplinks, collected }: NamedSettings,
  catalogue: Catalogue,
): Finding[] {
  return [
    ...[...received, ...tracked].flatMap((one) => checkSatellite(one, catalogue)),
    ...checkTwice(tracked, catalogue),
    ...uplinks.flatMap(({ rig, satellite }) => checkKnown(`rig ${rig}`, satellite, catalogue)),
    ...collected.flatMap(({ collector, satellite }) => checkKnown(`collector ${collector}`, satellite, catalogue)),
  ];
}

function checkKnown(of: string, satellite: string, catalogue: Catalogue): Finding[] {
  return check(of, () => {
    findSatellite(catalogue, satellite);
    return [];
  });
}

function checkSatellite(wanted: NamedSatellite, catalogue: Catalogue): Finding[] {
  const name = `satellite ${wanted.satellite}`;
  return check(name, () => {
    const finding = (state: Finding['state'], message: string): Finding[] => [{ check: name, state, message }];
    const { transmitters, note } = findSatellite(catalogue, wanted.satellite);
    if (transmitters.length === 0) return finding('failed', note ?? 'has no known transmitter');
    const chosen = transmitters.filter((t) => wanted.transmitter === undefined || t.id === wanted.transmitter);
    if (chosen.length === 0) {
      const ids = transmitters.map((t) => t.id).join(', ');
      return finding('failed', `has no transmitter '${wanted.transmitter}'; it has ${ids}`);
    }
    return finding('ok', chosen.map((t) => t.id).join(', '));
  });
}

/** A satellite that is tracked twice is decoded twice, unless it is for different transmitters. */
function checkTwice(tracked: readonly NamedSatellite[], catalogue: Catalogue): Finding[] {
  const known = tracked.flatMap((wish) => {
    const satellite = quietly(() => findSatellite(catalogue, wish.satellite));
    return satellite === null ? [] : [{ wish, satellite }];
  });
  return known.flatMap(({ wish, satellite }, i) => {
    const before = known
      .slice(0, i)
      .find(
        (one) =>
          one.satellite === satellite &&
          (one.wish.transmitter === undefined ||
            wish.transmitter === undefined ||
            one.wish.transmitter === wish.transmitter),
      );
    if (before === undefined) return [];
    const names = [...new Set([before.wish.satellite, wish.satellite])].join(' and ');
    return [
      {
        check: `satellite ${satellite.name}`,
        state: 'warning',
        message: `is in 'track' twice, as ${names}: leave one`,
      },
    ];
  });
}

/** Whether the SDRs that follow the plan can tune to what is tracked. */
export function checkReach({ track, sdrs }: Settings, catalogue: Catalogue): Finding[] {
  if (track.length === 0) return [];
  if (sdrs.every(({ receive }) => receive !== null))
    return [
      {
        check: 'track',
        state: 'failed',
        message: "every SDR has 'receive', so that none follows the plan: leave 'receive' out for one",
      },
    ];
  const wishes = track.flatMap((one): TrackedWish[] => {
    const resolved = quietly(() => resolveWanted([one], (name) => findSatellite(catalogue, name)));
    return resolved === null ? [] : [{ satellite: one.satellite, wanted: resolved.wanted }];
  });
  const missed = outOfReach(wishes, sdrs);
  return [
    ...missed.satellites.map(
      ({ satellite, frequencies }): Finding => ({
        check: `satellite ${satellite}`,
        state: 'failed',
        message: `no SDR that follows the plan reaches ${frequencies}: look at tuning_hz and sample_rate`,
      }),
    ),
    ...missed.sdrs.map(
      (id): Finding => ({
        check: `sdr ${id}`,
        state: 'failed',
        message: "it reaches no satellite of 'track': look at tuning_hz and sample_rate",
      }),
    ),
  ];
}

/** What the catalogue or a bad file in it says is a finding too. */
function check(name: string, look: () => Finding[]): Finding[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map((message) => ({ check: 'configuration', state: 'failed', message }));
    if (error instanceof SatelliteNotFound) return [{ check: name, state: 'failed', message: error.message }];
    throw error;
  }
}

/** Null for what `checkSatellite` has told already. */
function quietly<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof SatelliteNotFound || error instanceof StationError)
      return null;
    throw error;
  }
}
