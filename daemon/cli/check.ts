import { parseArgs } from 'node:util';
import { isImplemented } from '../../dsp/framing/index.ts';
import {
  type Catalogue,
  findSatellite,
  loadCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import { ConfigError } from '../settings/config-error.ts';
import { loadSettings, type ReceiveSettings, type Settings } from '../settings/settings.ts';
import { type Command, UsageError } from './command.ts';
import { type Finding, probeClock, probeDataFolder, probePort, probeSdr } from './probes.ts';
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
  let settings: Settings;
  try {
    settings = loadSettings(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...configFailures(error), await probeClock(new Date())];
  }
  const catalogue = loadCatalogue(shippedSatellites(), ownSatellites(settings.dataFolder));
  return [
    { check: 'configuration', state: 'ok', message: settings.file },
    ...checkSatellites(settings, catalogue),
    ...(await Promise.all([
      ...settings.sdrs.map(probeSdr),
      ...settings.rotators.map(probeRotator),
      ...settings.rigs.map(probeRig),
    ])),
    ...checkElements(settings, catalogue, Date.now()),
    probeDataFolder(settings.dataFolder),
    await probePort(settings.api.host, settings.api.port),
    await probeClock(new Date()),
  ];
}

function configFailures(error: ConfigError): Finding[] {
  return error.problems.map((message) => ({ check: 'configuration', state: 'failed', message }));
}

function checkSatellites(settings: Settings, catalogue: Catalogue): Finding[] {
  const wanted = [...settings.sdrs.flatMap(({ receive }) => receive ?? []), ...settings.track];
  return wanted.flatMap((one) => checkSatellite(one, catalogue));
}

function checkSatellite(wanted: ReceiveSettings, catalogue: Catalogue): Finding[] {
  const check = `satellite ${wanted.satellite}`;
  try {
    const { transmitters, note } = findSatellite(catalogue, wanted.satellite);
    if (transmitters.length === 0) return [{ check, state: 'failed', message: note ?? 'has no known transmitter' }];
    const chosen = transmitters.filter((t) => wanted.transmitter === undefined || t.id === wanted.transmitter);
    if (chosen.length === 0)
      return [
        {
          check,
          state: 'failed',
          message: `has no transmitter '${wanted.transmitter}'; it has ${transmitters.map((t) => t.id).join(', ')}`,
        },
      ];
    const able = chosen.filter((t) => isImplemented(t.mode.framing.kind));
    const unable = chosen.filter((t) => !able.includes(t)).map((t) => t.id);
    if (able.length === 0) return [{ check, state: 'failed', message: `not implemented yet: ${unable.join(', ')}` }];
    const remark = unable.length > 0 ? `; not implemented yet: ${unable.join(', ')}` : '';
    return [{ check, state: unable.length > 0 ? 'warning' : 'ok', message: able.map((t) => t.id).join(', ') + remark }];
  } catch (error) {
    if (error instanceof ConfigError) return configFailures(error);
    if (error instanceof SatelliteNotFound) return [{ check, state: 'failed', message: error.message }];
    throw error;
  }
}
