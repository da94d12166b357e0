import { readFileSync } from 'node:fs';
import type { ControlSource } from './api/control-routes.ts';
import { checkSurvey, type InUse } from './check/check-station.ts';
import type { Restarter } from './control/restarter.ts';
import { makeSatelliteControl } from './control/satellite-control.ts';
import { makeSettingsControl } from './control/settings-control.ts';
import type { LogRing } from './core/log-ring.ts';
import type { TrackingStation } from './main-tracking.ts';
import { operatorToken, operatorTokenFile } from './operator-token.ts';
import { type LiveCatalogue, ownSatellites } from './satellites/catalogue.ts';
import type { Satellite } from './satellites/satellite.ts';
import { namedBy } from './settings/named-settings.ts';
import { secretsIn } from './settings/secrets.ts';
import type { Settings } from './settings/settings.ts';

export interface ControlDeps {
  readonly settings: Settings;
  readonly catalogue: LiveCatalogue;
  readonly find: (nameOrNorad: string) => Satellite;
  readonly tracking: TrackingStation | null;
  readonly restarter: Restarter | null;
  readonly ring: LogRing | null;
  readonly inUse: InUse;
  /** Satellites are followed with these from now on. */
  readonly tracked: (track: Settings['track']) => void;
}

/** The half of the API that shows and changes how the station works: settings, satellites, log, check. */
export function openControl(deps: ControlDeps): ControlSource {
  const { settings, catalogue, find, tracking, restarter, ring, inUse } = deps;
  const token = operatorToken(settings.dataFolder);
  ring?.hide([token, ...secretsOf(settings)]);
  let { track } = settings;

  function interrupts(): string[] {
    const passes = tracking?.source.state().receiving ?? [];
    return passes.map(({ name, los }) => `the pass of ${name}, which goes on until ${los.slice(11, 19)} UTC`);
  }

  function retrack(next: Settings['track']): boolean {
    if (tracking === null || !tracking.retrack(next)) return false;
    track = next;
    deps.tracked(next);
    return true;
  }

  const control = makeSettingsControl({
    file: settings.file,
    operatorTokenFile: operatorTokenFile(settings.dataFolder),
    restarter,
    find,
    interrupts,
  });
  return {
    operatorToken: token,
    settings: control,
    satellites: makeSatelliteControl({
      settings: control,
      catalogue,
      folder: ownSatellites(settings.dataFolder),
      find,
      retrack,
      renewed({ name }) {
        const uses = (one: { readonly satellite: string }) => find(one.satellite).name === name;
        if (settings.sdrs.some(({ receive }) => receive?.some(uses))) return false;
        return !track.some(uses) || retrack(track);
      },
      restart: restarter && (() => restarter.restart(settings.file, async () => {})),
    }),
    log: (since, level) => ring?.page(since, level) ?? { lines: [], next: 0 },
    check: async () => ({
      findings: await checkSurvey(
        { settings: { ...settings, track }, problems: [], found: [], named: namedBy({ ...settings, track }) },
        inUse,
      ),
    }),
  };
}

/** Those in the settings, and those in the files that they name. */
function secretsOf({ collectors }: Settings): string[] {
  const files = collectors.flatMap((one) =>
    ['tokenFile', 'secretFile', 'passwordFile'].flatMap(
      (key) => (one as unknown as Record<string, string | undefined>)[key] ?? [],
    ),
  );
  const kept = files.flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8').trim()];
    } catch {
      // The collector tells that it can't be read.
      return [];
    }
  });
  return [...secretsIn(collectors), ...kept];
}
