import { parseArgs } from 'node:util';
import { loadCatalogue, ownSatellites, shippedSatellites } from '../satellites/catalogue.ts';
import { ConfigError } from '../settings/config-error.ts';
import { type Survey, surveySettings } from '../settings/settings.ts';
import { probeCollector } from './collector-probes.ts';
import { type Command, UsageError } from './command.ts';
import { type Finding, probeClock, probeDataFolder, probePort, probeSdr } from './probes.ts';
import { checkReach, checkSatellites } from './satellite-probes.ts';
import { checkElements, probeRig, probeRotator } from './tracking-probes.ts';

const help = `
Checks the configuration and looks whether the receivers, the disk and the clock are fit for a pass. Starts nothing.

Usage: downlinkd check [--config FILE] [--json]

  --config FILE  instead of config/station.yaml
  --json         an array of { check, state, message }; state is ok, warning or failed

Exit code 0: nothing failed; 1: something did.
`;

export const run: Command = {
  name: 'check',
  summary: 'check the configuration, the receivers, the disk and the clock',
  help,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { config: { type: 'string' }, json: { type: 'boolean' } },
    });
    if (positionals.length > 0)
      throw new UsageError(`check takes no '${positionals[0]}'; a configuration goes behind --config`);
    const findings = await checkStation(values.config);
    if (values.json) io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
    else
      for (const { check, state, message } of findings) io.stdout.write(`${state.padEnd(7)}  ${check}: ${message}\n`);
    return findings.some((finding) => finding.state === 'failed') ? 1 : 0;
  },
};

async function checkStation(config: string | undefined): Promise<Finding[]> {
  let survey: Survey;
  try {
    survey = surveySettings(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...failures(error.problems), await probeClock(new Date())];
  }
  const { settings, problems, named } = survey;
  const catalogue = loadCatalogue(shippedSatellites(), ownSatellites(named.dataFolder));
  const satellites = checkSatellites(named, catalogue);
  // What can be said of settings with problems is said with them.
  if (settings === null) return [...failures(problems), ...satellites, await probeClock(new Date())];
  const { kiss } = settings;
  return [
    { check: 'configuration', state: 'ok', message: settings.file },
    ...satellites,
    ...checkReach(settings, catalogue),
    ...(
      await Promise.all<Finding | Finding[]>([
        ...settings.sdrs.map(probeSdr),
        ...settings.rotators.map((rotator) => probeRotator(rotator, settings.station.horizon)),
        ...settings.rigs.map(probeRig),
        ...settings.collectors.map((collector) => probeCollector(collector, settings)),
      ])
    ).flat(),
    ...checkElements(settings, catalogue, Date.now()),
    probeDataFolder(settings.dataFolder),
    await probePort('api', settings.api.host, settings.api.port),
    ...(kiss === null ? [] : [await probePort('kiss', kiss.host ?? settings.api.host, kiss.port)]),
    await probeClock(new Date()),
  ];
}

function failures(problems: readonly string[]): Finding[] {
  return problems.map((message) => ({ check: 'configuration', state: 'failed', message }));
}
