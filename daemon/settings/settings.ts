import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ModeError, parseMode } from '../../dsp/mode.ts';
import { findProject } from '../core/project.ts';
import { type CamelCase, camelCase } from './camel-case.ts';
import { ConfigError } from './config-error.ts';
import { readSchema } from './schema-file.ts';
import { type Problem, problemLine, schemaProblems } from './schema-problems.ts';
import type { StationDocument } from './station-schema.ts';
import { parseYaml, readYamlFile } from './yaml-file.ts';

type Document = CamelCase<StationDocument>;
type DocumentSdr = Document['sdrs'][number];

export interface ReceiveSettings {
  /** Name or catalogue number. */
  readonly satellite: string;
  /** One of its transmitters; left out, all of them. */
  readonly transmitter?: string;
  /** Added to the frequency of its transmitters. */
  readonly offsetHz?: number;
  /** False refuses frames that list decoding repaired. */
  readonly repair?: boolean;
}

/** One member of the union gets the fields that are always there. */
type WithDefaults<Sdr> = Sdr extends unknown
  ? Readonly<Omit<Sdr, 'id' | 'receive'>> & { readonly id: string; readonly receive: readonly ReceiveSettings[] }
  : never;

/** One receiver, by `driver`. */
export type SdrSettings = WithDefaults<DocumentSdr>;
export type SdrSettingsOf<Driver extends SdrSettings['driver']> = Extract<SdrSettings, { driver: Driver }>;

/** config/station.yaml, checked, with its defaults; all paths are absolute. */
export interface Settings {
  /** The file it came from. */
  readonly file: string;
  readonly station: Readonly<NonNullable<Document['station']>>;
  readonly dataFolder: string;
  readonly api: { readonly host: string; readonly port: number };
  readonly sdrs: readonly SdrSettings[];
}

export const defaultApi = { host: '127.0.0.1', port: 8480 } as const;

/**
 * Reads the settings: `path`, else config/station.yaml of the working folder or of the project, else the project's
 * config/station.example.yaml. Relative paths in a file are relative to its folder, or to the folder above when that is
 * called `config`.
 * @throws ConfigError with one line for every problem
 */
export function loadSettings(path?: string): Settings {
  const file = path === undefined ? defaultFile() : resolve(path);
  return checkSettings(readYamlFile(file, path), file, path);
}

/** The settings in YAML text, as if it stood in `file`. @throws ConfigError */
export function parseSettings(text: string, file: string): Settings {
  return checkSettings(parseYaml(text, file), resolve(file), file);
}

function defaultFile(): string {
  const project = findProject().folder;
  const own = [process.cwd(), project].map((folder) => join(folder, 'config', 'station.yaml'));
  return own.find((file) => existsSync(file)) ?? join(project, 'config', 'station.example.yaml');
}

/** An example inside node_modules must not make a data folder there. */
function baseFolder(file: string): string {
  const folder = dirname(file);
  const base = basename(folder) === 'config' ? dirname(folder) : folder;
  return basename(file) === 'station.example.yaml' && base.split(/[\\/]/).includes('node_modules')
    ? process.cwd()
    : base;
}

function checkSettings(value: unknown, file: string, shownAs = file): Settings {
  const problems = schemaProblems(readSchema('station'), value);
  if (problems.length === 0) problems.push(...contradictions(value as StationDocument));
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => problemLine(shownAs, problem)));
  const document = camelCase(value as StationDocument);
  const base = baseFolder(file);
  return {
    file,
    station: document.station ?? {},
    dataFolder: resolve(base, document.dataFolder ?? 'data'),
    api: { ...defaultApi, ...document.api },
    sdrs: document.sdrs.map((sdr, i) => withDefaults(sdr, i, base)),
  };
}

function withDefaults(sdr: DocumentSdr, index: number, base: string): SdrSettings {
  const whole = {
    ...sdr,
    id: sdr.id ?? `sdr${index}`,
    receive: sdr.receive.map((item) => (typeof item === 'string' ? { satellite: item } : item)),
  };
  if (whole.driver === 'file') return { ...whole, path: resolve(base, whole.path) };
  return whole;
}

/** What a schema can't say. */
function contradictions(document: StationDocument): Problem[] {
  const found: Problem[] = [];
  const ids = document.sdrs.map((sdr, i) => sdr.id ?? `sdr${i}`);
  document.sdrs.forEach((sdr, i) => {
    if (ids.indexOf(ids[i]!) < i)
      found.push({ path: `sdrs[${i}].id`, value: `'${ids[i]}'`, expected: 'different from the others' });
    if (sdr.driver === 'rtl_tcp' && sdr.supervise === true && sdr.host !== undefined)
      found.push({ path: `sdrs[${i}].supervise`, value: 'true', expected: 'false or left out where a host is given' });
    if (sdr.driver === 'simulator')
      found.push(...(sdr.signals ?? []).flatMap((s, j) => signalProblems(s, `sdrs[${i}].signals[${j}]`)));
  });
  const { latitude, longitude } = document.station ?? {};
  if ((latitude === undefined) !== (longitude === undefined)) {
    const missing = latitude === undefined ? 'latitude' : 'longitude';
    found.push({
      path: `station.${missing}`,
      value: undefined,
      expected: 'missing, latitude and longitude go together',
    });
  }
  return found;
}

type Signal = NonNullable<Extract<StationDocument['sdrs'][number], { driver: 'simulator' }>['signals']>[number];

function signalProblems(signal: Signal, path: string): Problem[] {
  if ((signal.satellite === undefined) === (signal.mode === undefined))
    return [{ path, value: undefined, expected: 'either satellite or mode is needed, and not both' }];
  if (signal.mode === undefined) return [];
  const found: Problem[] = [];
  if (signal.frequency_hz === undefined)
    found.push({ path: `${path}.frequency_hz`, value: undefined, expected: 'missing, needed with a mode' });
  try {
    parseMode(signal.mode);
  } catch (error) {
    if (!(error instanceof ModeError)) throw error;
    found.push({ path: `${path}.mode`, value: undefined, expected: error.message });
  }
  return found;
}
