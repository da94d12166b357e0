import { parseArgs } from 'node:util';
import { framingNames, isFramingName } from '../../dsp/framing/names.ts';
import { formatMode } from '../../dsp/mode.ts';
import {
  allSatellites,
  findSatellite,
  loadCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import type { Satellite } from '../satellites/satellite.ts';
import { nearWords } from '../settings/near.ts';
import { loadSettings } from '../settings/settings.ts';
import { type Command, UsageError } from './command.ts';

const help = `
Lists the known satellites and their transmitters, or those of one.

Usage: downlinkd satellites [NAME|NORAD] [--framing FRAMING] [--json] [--config FILE]

  --framing FRAMING  only transmitters with this framing
  --json             an array of satellites instead of a table
  --config FILE      settings whose data folder may hold own satellites (config/satellites/*.yaml in it)
`;

export const run: Command = {
  name: 'satellites',
  summary: 'list the known satellites and their transmitters',
  help,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { framing: { type: 'string' }, json: { type: 'boolean' }, config: { type: 'string' } },
    });
    if (positionals.length > 1)
      throw new UsageError('one satellite at a time; a name with blanks needs quotes or dashes');
    const catalogue = loadCatalogue(shippedSatellites(), ownSatellites(loadSettings(values.config).dataFolder));
    const [name] = positionals;
    const framing = values.framing?.toLowerCase();
    if (framing !== undefined && !isFramingName(framing)) {
      const near = nearWords(framing, framingNames);
      throw new UsageError(
        `unknown framing '${framing}'${near.length > 0 ? `; did you mean ${near.join(', ')}?` : ''}`,
      );
    }
    let satellites = name === undefined ? allSatellites(catalogue) : [find(catalogue, name)];
    if (framing !== undefined) {
      satellites = satellites
        .map((s) => ({ ...s, transmitters: s.transmitters.filter((t) => t.mode.framing.kind === framing) }))
        .filter((s) => s.transmitters.length > 0);
    }
    io.stdout.write(
      values.json ? `${JSON.stringify(satellites.map(asJson), null, 2)}\n` : asTable(satellites, name !== undefined),
    );
    return 0;
  },
};

/** What the user asked for does not exist: that is usage. */
function find(catalogue: Parameters<typeof findSatellite>[0], name: string): Satellite {
  try {
    return findSatellite(catalogue, name);
  } catch (error) {
    if (error instanceof SatelliteNotFound) throw new UsageError(error.message);
    throw error;
  }
}

function asJson(satellite: Satellite): object {
  return {
    name: satellite.name,
    norad: satellite.norad,
    temporary_id: satellite.temporaryId ?? null,
    alternative_names: satellite.alternativeNames,
    note: satellite.note ?? null,
    transmitters: satellite.transmitters.map((t) => ({
      id: t.id,
      frequency_hz: t.frequencyHz,
      mode: formatMode(t.mode),
    })),
  };
}

function asTable(satellites: readonly Satellite[], withNotes: boolean): string {
  const rows: string[][] = [];
  for (const satellite of satellites) {
    const norad = satellite.norad === null ? '-' : String(satellite.norad);
    if (satellite.transmitters.length === 0) rows.push([satellite.name, norad, '-', '-', 'no transmitter known']);
    for (const t of satellite.transmitters) {
      const megahertz = `${(t.frequencyHz / 1e6).toFixed(4)} MHz`;
      rows.push([satellite.name, norad, megahertz, t.id, formatMode(t.mode)]);
    }
  }
  const table = [['NAME', 'NORAD', 'FREQUENCY', 'TRANSMITTER', 'MODE'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  for (const satellite of withNotes ? satellites : []) {
    if (satellite.alternativeNames.length > 0)
      lines.push('', `Also known as ${satellite.alternativeNames.join(', ')}.`);
    if (satellite.note !== undefined) lines.push('', satellite.note);
  }
  return `${lines.join('\n')}\n`;
}
