import { loadCatalogue, ownSatellites, shippedSatellites } from '../satellites/catalogue.ts';
import { ConfigError } from '../settings/config-error.ts';
import { type Survey, surveySettings } from '../settings/settings.ts';
import { probeCollector } from './collector-probes.ts';
import { type Finding, probeClock, probeDataFolder, probePort, probeSdr } from './probes.ts';
import { checkReach, checkSatellites } from './satellite-probes.ts';
import { checkElements, probeRig, probeRotator } from './tracking-probes.ts';

/** What the station that asks uses itself: told as it has it, and not looked at from outside. */
export interface InUse {
  /** Null: it isn't in use now. */
  readonly sdr: (id: string) => Finding | null;
  readonly rotator: (id: string) => Finding | null;
  readonly rig: (id: string) => Finding | null;
  readonly api: () => Finding;
  /** Null: there is no KISS server. */
  readonly kiss: () => Finding | null;
}

/**
 * Checks a configuration and looks whether the receivers, the disk and the clock are fit for a pass. Starts nothing.
 * @param inUse what a running station says of itself; null where none asks
 */
export async function checkStation(config: string | undefined, inUse: InUse | null = null): Promise<Finding[]> {
  let survey: Survey;
  try {
    survey = surveySettings(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...failures(error.problems), await probeClock(new Date())];
  }
  return checkSurvey(survey, inUse);
}

/** @see checkStation, of settings that were read already */
export async function checkSurvey({ settings, problems, named }: Survey, inUse: InUse | null): Promise<Finding[]> {
  const catalogue = loadCatalogue(shippedSatellites(), ownSatellites(named.dataFolder));
  const satellites = checkSatellites(named, catalogue);
  // What can be said of settings with problems is said with them.
  if (settings === null) return [...failures(problems), ...satellites, await probeClock(new Date())];
  const { kiss, station } = settings;
  return [
    { check: 'configuration', state: 'ok', message: settings.file },
    ...satellites,
    ...checkReach(settings, catalogue),
    ...(
      await Promise.all<Finding | Finding[]>([
        ...settings.sdrs.map((sdr) => inUse?.sdr(sdr.id) ?? probeSdr(sdr)),
        ...settings.rotators.map((rotator) => inUse?.rotator(rotator.id) ?? probeRotator(rotator, station.horizon)),
        ...settings.rigs.map((rig) => inUse?.rig(rig.id) ?? probeRig(rig)),
        ...settings.collectors.map((collector) => probeCollector(collector, settings)),
      ])
    ).flat(),
    ...checkElements(settings, catalogue, Date.now()),
    probeDataFolder(settings.dataFolder),
    inUse?.api() ?? (await probePort('api', settings.api.host, settings.api.port)),
    ...(kiss === null ? [] : [inUse?.kiss() ?? (await probePort('kiss', kiss.host ?? settings.api.host, kiss.port))]),
    await probeClock(new Date()),
  ];
}

function failures(problems: readonly string[]): Finding[] {
  return problems.map((message) => ({ check: 'configuration', state: 'failed', message }));
}
