import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { makeDeframer } from '../../dsp/framing/index.ts';
import { formatMode } from '../../dsp/mode.ts';
import { replaceFile } from '../core/atomic-file.ts';
import { makeFolder } from '../core/make-folder.ts';
import { ConfigError } from '../settings/config-error.ts';
import { editYaml } from '../settings/edit.ts';
import { problemLine } from '../settings/schema-problems.ts';
import { parseYaml } from '../settings/yaml-file.ts';
import { type Catalogue, findSatellite, SatelliteNotFound } from './catalogue.ts';
import { type Satellite, satelliteFrom, type Transmitter } from './satellite.ts';

/** There is such a satellite, or such a transmitter of it, already. */
export class SatelliteKnown extends Error {
  override readonly name = 'SatelliteKnown';
}

/**
 * Writes a satellite of one's own. @param document as in config/satellites @param folder see `ownSatellites`
 * @throws ConfigError; SatelliteKnown
 */
export async function addSatellite(catalogue: Catalogue, folder: string, document: unknown): Promise<Satellite> {
  const satellite = satelliteFrom(document, 'satellite');
  satellite.transmitters.forEach(refuseSenseless);
  const { name, norad, temporaryId } = satellite;
  for (const key of [name, norad, temporaryId]) {
    const known = key === null || key === undefined ? null : lookUp(catalogue, key);
    if (known !== null)
      throw new SatelliteKnown(`${known} is known already: add the transmitter to it, or give another name and number`);
  }
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const taken = new Set(catalogue.entries.map(({ file }) => basename(file).replace(/\.ya?ml$/, '')));
  let stem = plain || 'satellite';
  // A file of the same name would replace a shipped satellite.
  for (let i = 2; taken.has(stem) || existsSync(join(folder, `${stem}.yaml`)); i++) stem = `${plain}-${i}`;
  await write(folder, `${stem}.yaml`, stringify(document));
  return satellite;
}

/**
 * Adds a transmitter to a known satellite: its file, with it, goes to the own ones and replaces what is shipped.
 * @throws SatelliteNotFound; SatelliteKnown; ConfigError
 */
export async function addTransmitter(
  catalogue: Catalogue,
  folder: string,
  nameOrNorad: string,
  transmitter: unknown,
): Promise<Satellite> {
  const before = findSatellite(catalogue, nameOrNorad);
  const { file } = catalogue.entries.find((entry) => entry.satellite() === before)!;
  const text = readFileSync(file, 'utf8');
  const document = parseYaml(text, file) as { readonly transmitters: readonly unknown[] };
  const changed = { ...document, transmitters: [...document.transmitters, transmitter] };
  const place = `transmitters[${document.transmitters.length}]`;
  try {
    const satellite = satelliteFrom(changed, 'satellite');
    refuseSenseless(satellite.transmitters.at(-1)!, document.transmitters.length);
    refuseTwin(satellite);
    await write(folder, basename(file), editYaml(text, changed));
    return satellite;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const places = error.places.map((one) => ({ ...one, path: one.path.replace(place, '').replace(/^\./, '') }));
    throw new ConfigError(
      error.problems.map((line) => line.replace(`${place}.`, '').replace(place, 'transmitter')),
      { places },
    );
  }
}

/** Parameters that do not go together: such a transmitter would never be received. @throws ConfigError */
function refuseSenseless({ mode: { framing, modulation } }: Transmitter, i: number): void {
  try {
    makeDeframer(framing, { symbolRate: modulation.symbolRate });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problem = { path: `transmitters[${i}].framing`, value: undefined, expected: error.message };
    throw new ConfigError([problemLine('satellite', problem)], { places: [problem] });
  }
}

/** Two that are the same would receive every frame twice. @throws SatelliteKnown when the last one is there already */
function refuseTwin({ name, transmitters }: Satellite): void {
  const added = transmitters.at(-1)!;
  const mode = formatMode(added.mode);
  const twin = transmitters
    .slice(0, -1)
    .find((one) => one.frequencyHz === added.frequencyHz && formatMode(one.mode) === mode);
  if (twin !== undefined)
    throw new SatelliteKnown(
      `${name} has this transmitter already (${twin.id}: ${twin.frequencyHz / 1e6} MHz, ${mode}): give another frequency or mode`,
    );
}

async function write(folder: string, name: string, text: string): Promise<void> {
  makeFolder(folder);
  await replaceFile(join(folder, name), text);
}

function lookUp(catalogue: Catalogue, key: string | number): string | null {
  try {
    return findSatellite(catalogue, key).name;
  } catch (error) {
    if (error instanceof SatelliteNotFound) return error.code === 'SATELLITE_AMBIGUOUS' ? `the name '${key}'` : null;
    throw error;
  }
}
