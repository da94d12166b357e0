import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject } from '../core/project.ts';
import { nearWords } from '../settings/near.ts';
import { parseYaml } from '../settings/yaml-file.ts';
import { type Satellite, satelliteFrom } from './satellite.ts';

/** Where the satellites lie that come with the program. */
export function shippedSatellites(): string {
  return join(findProject().folder, 'config', 'satellites');
}

/** The user's own satellites: they add to the shipped ones, or replace those of the same file name. */
export function ownSatellites(dataFolder: string): string {
  return join(dataFolder, 'config', 'satellites');
}

/** All known satellites. A file is parsed when it may be what is asked for: parsing all 427 takes 0.4 s, reading them 15 ms. */
export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
}

interface CatalogueEntry {
  readonly file: string;
  /** False when no name or number in it can match `key`, a normalised name or a number. */
  mayMatch(key: string): boolean;
  /** @throws ConfigError with one line for every problem */
  satellite(): Satellite;
}

export class SatelliteNotFound extends Error {
  override readonly name = 'SatelliteNotFound';
  readonly code: 'SATELLITE_UNKNOWN' | 'SATELLITE_AMBIGUOUS';

  constructor(code: SatelliteNotFound['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Reads folders of satellite files; in a later folder a file replaces one of the same name. Missing folders are empty. */
export function loadCatalogue(...folders: readonly string[]): Catalogue {
  const entries = new Map<string, CatalogueEntry>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      if (/^[^.].*\.ya?ml$/.test(name)) entries.set(name.replace(/\.ya?ml$/, ''), entry(join(folder, name)));
    }
  }
  return { entries: [...entries.values()] };
}

/** A catalogue whose folders can be read again, for satellites that were added. */
export interface LiveCatalogue extends Catalogue {
  reload(): void;
}

/** @see loadCatalogue */
export function liveCatalogue(...folders: readonly string[]): LiveCatalogue {
  let now = loadCatalogue(...folders);
  return {
    get entries() {
      return now.entries;
    },
    reload() {
      now = loadCatalogue(...folders);
    },
  };
}

/** Every satellite, in the order of their names. @throws ConfigError */
export function allSatellites(catalogue: Catalogue): Satellite[] {
  const order = new Intl.Collator('en', { numeric: true });
  return catalogue.entries.map((e) => e.satellite()).sort((a, b) => order.compare(a.name, b.name));
}

/**
 * The satellite of that name or alternative name (case does not matter, blank = dash), catalogue number or temporary id.
 * @throws SatelliteNotFound when there is none (with near names) or several (listing all); ConfigError for a bad file
 */
export function findSatellite(catalogue: Catalogue, nameOrNorad: string | number): Satellite {
  const key = normalised(String(nameOrNorad));
  const found = catalogue.entries
    .filter((e) => e.mayMatch(key))
    .map((e) => ({ file: e.file, satellite: e.satellite() }))
    .filter(({ satellite }) => matches(satellite, key));
  if (found.length === 1) return found[0]!.satellite;
  if (found.length > 1) {
    const names = found.map(({ satellite: s }) => (s.norad === null ? s.name : `${s.name} (${s.norad})`));
    const message =
      new Set(names).size === names.length
        ? `may be ${names.join(', ')}: say which`
        : `stands in several files, ${found.map(({ file }) => file).join(', ')}: keep one, or call yours as the other is called`;
    throw new SatelliteNotFound('SATELLITE_AMBIGUOUS', `'${nameOrNorad}' ${message}`);
  }
  const names = allSatellites(catalogue).flatMap((s) => [s.name, ...s.alternativeNames]);
  const near = nearWords(key, names.map(normalised));
  const display = new Map(names.map((name) => [normalised(name), name]));
  const hint = near.length > 0 ? `; did you mean ${near.map((n) => display.get(n)).join(', ')}?` : '';
  throw new SatelliteNotFound('SATELLITE_UNKNOWN', `unknown satellite '${nameOrNorad}'${hint}`);
}

/** The form in which names are compared. */
export function normalised(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replace(/\s+/g, '-');
}

function matches(satellite: Satellite, key: string): boolean {
  if (/^\d+$/.test(key) && (satellite.norad === Number(key) || satellite.temporaryId === Number(key))) return true;
  return [satellite.name, ...satellite.alternativeNames].some((name) => normalised(name) === key);
}

function entry(file: string): CatalogueEntry {
  const text = readFileSync(file, 'utf8');
  const searchable = normalised(text);
  // Escapes, quotes, block text and unusual numbers hide a name from a search of the text: then look inside.
  const plain = !/[\\"'|>&*]/.test(text.replace(/^#.*$/gm, '')) && /^norad: (\d+|null)$/m.test(text);
  let parsed: Satellite | undefined;
  return {
    file,
    mayMatch: (key) => !plain || searchable.includes(key),
    satellite: () => {
      parsed ??= satelliteFrom(parseYaml(text, file), file);
      return parsed;
    },
  };
}
