import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { findProject } from '../core/project.ts';
import { type CamelCase, camelCase } from './camel-case.ts';
import { ConfigError } from './config-error.ts';
import { contradictions, idleSdrs, usualRangesDeg } from './contradictions.ts';
import { fittingPart } from './fitting-part.ts';
import { type NamedSettings, namedIn, requestOf } from './named-settings.ts';
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

/** A satellite that is followed by its passes. */
export interface TrackSettings extends ReceiveSettings {
  readonly priority: number;
  readonly minElevationDeg?: number;
  readonly leastMaxElevationDeg: number;
  readonly record: boolean;
}

/** One member of the union gets the fields that are always there. */
type WithDefaults<Sdr> = Sdr extends unknown
  ? Readonly<Omit<Sdr, 'id' | 'receive' | 'tuningHz'>> & {
      readonly id: string;
      /** Null: it follows the plan of passes. */
      readonly receive: readonly ReceiveSettings[] | null;
      readonly tuningHz?: readonly [number, number];
    }
  : never;

/** A rotator with its mount; angles as it shows them. */
export interface RotatorSettings {
  readonly id: string;
  readonly driver: 'rotctld' | 'simulator';
  readonly host: string;
  readonly port: number;
  readonly azimuthRangeDeg: readonly [number, number];
  readonly elevationRangeDeg: readonly [number, number];
  readonly azimuthRateDegS: number;
  readonly elevationRateDegS: number;
  readonly azimuthOffsetDeg: number;
  readonly elevationOffsetDeg: number;
  readonly minimumStepDeg: number;
  readonly updateIntervalS: number;
  readonly loopDelayS: number;
  readonly park: { readonly azimuthDeg: number; readonly elevationDeg: number } | null;
}

type DocumentCollector = NonNullable<Document['collectors']>[number];

type CollectorDefaults<Collector> = Collector extends unknown
  ? Readonly<Omit<Collector, 'satellites' | 'except' | 'enabled' | 'start'>> & {
      readonly enabled: boolean;
      /** Only frames of these; null: of all. */
      readonly satellites: readonly string[] | null;
      readonly except: readonly string[];
      /** Which frames a collector that is new gets: those to come, or all that the ledger has. */
      readonly start: 'now' | 'beginning';
    }
  : never;

/** Where frames are delivered to, by `type`. Paths are absolute. */
export type CollectorSettings = CollectorDefaults<DocumentCollector>;
export type CollectorSettingsOf<Kind extends CollectorSettings['type']> = Extract<CollectorSettings, { type: Kind }>;

/** How long frames stay. Null: for ever. */
export interface RetentionSettings {
  readonly maxAgeDays: number | null;
  readonly maxSizeBytes: number | null;
}

/** One receiver, by `driver`. */
export type SdrSettings = WithDefaults<DocumentSdr>;
export type SdrSettingsOf<Driver extends SdrSettings['driver']> = Extract<SdrSettings, { driver: Driver }>;

/** A rig that is kept on the frequencies of what an SDR receives. */
export interface RigSettings {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly sdr: string;
  readonly updateIntervalS: number;
  readonly stepHz: number;
  readonly uplinks: readonly { readonly satellite: string; readonly uplinkHz: number }[];
}

export interface RecordingSettings {
  /** Absolute. */
  readonly folder: string;
  readonly quotaBytes: number;
  readonly minFreeBytes: number;
}

/** config/station.yaml, checked, with its defaults; all paths are absolute. */
export interface Settings {
  /** The file it came from. */
  readonly file: string;
  readonly station: Readonly<NonNullable<Document['station']>>;
  readonly dataFolder: string;
  readonly api: { readonly host: string; readonly port: number };
  /** Null: no KISS server. Its host is the API's where it is null. */
  readonly kiss: { readonly host: string | null; readonly port: number; readonly timestamps: boolean } | null;
  /** Followed by their passes, on the SDRs that `receive` nothing fixed. */
  readonly track: readonly TrackSettings[];
  /** Files (absolute) and addresses of orbital elements. */
  readonly elementSources: readonly string[];
  readonly rotators: readonly RotatorSettings[];
  readonly rigs: readonly RigSettings[];
  readonly recordings: RecordingSettings;
  readonly collectors: readonly CollectorSettings[];
  readonly retention: RetentionSettings;
  /** True: the clock counts as synchronised, whatever the system says of it. */
  readonly clockTrusted: boolean;
  readonly sdrs: readonly SdrSettings[];
}

/** Amateur and other small satellites; asked every two hours at most. */
const defaultElementSources = [
  'https://celestrak.org/NORAD/elements/gp.php?GROUP=amateur&FORMAT=json',
  'https://celestrak.org/NORAD/elements/gp.php?GROUP=cubesat&FORMAT=json',
  'https://db.satnogs.org/api/tle/?format=json',
];
/** What most amateur rotators with a common controller do. */
const defaultMount = {
  driver: 'rotctld',
  host: '127.0.0.1',
  port: 4533,
  azimuthRangeDeg: usualRangesDeg.azimuth,
  elevationRangeDeg: usualRangesDeg.elevation,
  azimuthRateDegS: 5,
  elevationRateDegS: 3,
  azimuthOffsetDeg: 0,
  elevationOffsetDeg: 0,
  minimumStepDeg: 0.5,
  updateIntervalS: 1,
  loopDelayS: 0,
} as const;

const defaultRig = { host: '127.0.0.1', port: 4532, updateIntervalS: 1, stepHz: 10 } as const;
const GB = 1e9;
const defaultDataFolder = 'data';
/** The simulated station of the project. */
export const exampleName = 'station.example.yaml';

export const defaultApi = { host: '127.0.0.1', port: 8480 } as const;
/** The usual one of sound modems; direwolf's own is 8001. */
const defaultKissPort = 8100;

/**
 * Reads the settings: `path`, else config/station.yaml of the working folder or of the project, else the project's
 * config/station.example.yaml. Relative paths in a file are relative to its folder, or to the folder above when that is
 * called `config`.
 * @throws ConfigError with one line for every problem
 */
export function loadSettings(path?: string): Settings {
  return settingsOf(surveySettings(path));
}

/** The settings in YAML text, as if it stood in `file`. @throws ConfigError */
export function parseSettings(text: string, file: string): Settings {
  return settingsOf(survey(parseYaml(text, file), resolve(file), file));
}

export interface Survey {
  /** Null where there are problems. */
  readonly settings: Settings | null;
  /** One line each. */
  readonly problems: readonly string[];
  /** The same, with their places. */
  readonly found: readonly Problem[];
  readonly named: NamedSettings;
}

/** The settings of a file (see `loadSettings`) with all that is wrong with them. @throws ConfigError for a file that is no YAML */
export function surveySettings(path?: string): Survey {
  const file = path === undefined ? defaultFile() : resolve(path);
  return survey(readYamlFile(file, path), file, path);
}

/** The same of plain data, as if it stood in `file`. */
export function surveyData(value: unknown, file: string): Survey {
  return survey(value, file);
}

function settingsOf({ settings, problems }: Survey): Settings {
  if (settings === null) throw new ConfigError(problems);
  return settings;
}

function defaultFile(): string {
  const project = findProject().folder;
  const own = [process.cwd(), project].map((folder) => join(folder, 'config', 'station.yaml'));
  return own.find((file) => existsSync(file)) ?? join(project, 'config', exampleName);
}

/** Where relative paths of a settings file start. An example inside node_modules must not make a data folder there. */
export function baseFolder(file: string): string {
  const folder = dirname(file);
  const base = basename(folder) === 'config' ? dirname(folder) : folder;
  return basename(file) === exampleName && base.split(/[\\/]/).includes('node_modules') ? process.cwd() : base;
}

function survey(value: unknown, file: string, shownAs = file): Survey {
  const misfits = schemaProblems(readSchema('station'), value);
  const part = fittingPart<StationDocument>(value, misfits);
  const problems = [...misfits, ...idleSdrs(value), ...contradictions(part)];
  return {
    settings: problems.length > 0 ? null : withAllDefaults(value as StationDocument, file),
    problems: problems.map((problem) => problemLine(shownAs, problem)),
    found: problems,
    named: namedIn(part, resolve(baseFolder(file), part.data_folder ?? defaultDataFolder)),
  };
}

function withAllDefaults(value: StationDocument, file: string): Settings {
  const document = camelCase(value);
  const base = baseFolder(file);
  return {
    file,
    station: document.station ?? {},
    dataFolder: resolve(base, document.dataFolder ?? defaultDataFolder),
    api: { ...defaultApi, ...document.api },
    kiss: kissSettings(document),
    track: (document.track ?? []).map((item) => ({
      priority: 0,
      leastMaxElevationDeg: 0,
      record: false,
      ...requestOf(item),
    })),
    elementSources: (document.elements?.sources ?? (document.track ? defaultElementSources : [])).map((source) =>
      /^https?:\/\//.test(source) ? source : resolve(base, source),
    ),
    rotators: (document.rotators ?? []).map(
      (rotator) => ({ park: null, ...defaultMount, ...rotator }) as RotatorSettings,
    ),
    rigs: (document.rigs ?? []).map((rig) => ({
      ...defaultRig,
      ...rig,
      uplinks: (rig.uplinks ?? []).map(requestOf),
    })),
    recordings: {
      folder: resolve(
        base,
        document.recordings?.folder ?? join(document.dataFolder ?? defaultDataFolder, 'recordings'),
      ),
      quotaBytes: GB * (document.recordings?.quotaGb ?? 20),
      minFreeBytes: GB * (document.recordings?.minFreeGb ?? 2),
    },
    collectors: (document.collectors ?? []).map((collector) => collectorOf(collector, base)),
    retention: {
      maxAgeDays: document.retention?.maxAgeDays ?? null,
      maxSizeBytes: document.retention?.maxSizeGb === undefined ? null : GB * document.retention.maxSizeGb,
    },
    clockTrusted: document.clock === 'trusted',
    sdrs: document.sdrs.map((sdr, i) => withDefaults(sdr, i, base)),
  };
}

/** A station at any free port runs beside others: it takes the usual port of KISS only when it is told to. */
function kissSettings({ api, kiss = {} }: Document): Settings['kiss'] {
  if (kiss === false) return null;
  const { host = null, port = api?.port === 0 ? 0 : defaultKissPort, timestamps = false } = kiss;
  return port === 0 ? null : { host, port, timestamps };
}

function withDefaults(sdr: DocumentSdr, index: number, base: string): SdrSettings {
  const whole = {
    ...sdr,
    id: sdr.id ?? `sdr${index}`,
    receive: sdr.receive?.map(requestOf) ?? null,
  } as unknown as SdrSettings;
  if (whole.driver === 'file') return { ...whole, path: resolve(base, whole.path) };
  return whole;
}

const collectorPaths = ['path', 'tokenFile', 'secretFile', 'passwordFile', 'credentialsFile', 'tlsCaFile'] as const;

function collectorOf(collector: DocumentCollector, base: string): CollectorSettings {
  const absolute = Object.fromEntries(
    collectorPaths.flatMap((key) => {
      const path = (collector as Partial<Record<(typeof collectorPaths)[number], string>>)[key];
      return path === undefined ? [] : [[key, resolve(base, path)]];
    }),
  );
  return {
    enabled: true,
    start: 'now',
    ...collector,
    ...absolute,
    satellites: collector.satellites?.map(String) ?? null,
    except: (collector.except ?? []).map(String),
  } as CollectorSettings;
}
