import { resolve } from 'node:path';
import { earliestPlausibleMs, systemClock } from '../core/clock.ts';
import { StationError } from '../core/error.ts';
import { isoTimeExample, readIsoTime } from '../core/iso-time.ts';
import {
  chosenElements,
  type ElementsFile,
  noStationElements,
  readElementsFile,
  stationElementFiles,
} from '../elements/station-elements.ts';
import {
  allSatellites,
  type Catalogue,
  findSatellite,
  loadCatalogue,
  normalised,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import type { Satellite } from '../satellites/satellite.ts';
import { loadSettings, type Settings } from '../settings/settings.ts';
import type { Elements } from '../tracking/elements.ts';
import type { Place } from '../tracking/wgs84.ts';
import { type CommandIo, UsageError } from './command.ts';

/** The options of all commands that predict. */
export const trackingOptions = {
  elements: { type: 'string', multiple: true },
  location: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const trackingHelp = `
  --elements FILE              OMM as JSON, TLE or 3LE; may be repeated (default the files of the
                               settings and elements.json in the data folder, which 'run' makes)
  --location LAT,LON[,ALT_M]   degrees north and east, metres (default the station's)
  --config FILE                settings that tell elements, data folder and location`.slice(1);

/** So many warnings of a kind are shown, of more the number. */
export const SHOWN = 5;
const OLD_DAYS = 30;
const DAY_MS = 86_400_000;

/** What predictions are made from. */
export interface TrackingBase {
  readonly place: Place;
  /** What to tell about the place with the answer. */
  readonly placeNote: string | null;
  readonly catalogue: Catalogue;
  /** The files that were read, for messages. */
  readonly elementsFrom: string;
  readonly elements: ReadonlyMap<number, Elements>;
}

/**
 * Reads what the options point to; warnings go to standard error.
 * @param timeMs what is predicted for: elements from far behind both it and now are not preferred
 * @throws UsageError, ConfigError, StationError
 */
export function trackingBase(
  values: { elements?: readonly string[] | undefined; location?: string | undefined; config?: string | undefined },
  io: CommandIo,
  timeMs: number,
): TrackingBase {
  const settings = loadSettings(values.config);
  const place = values.location === undefined ? stationPlace(settings) : readLocation(values.location);
  const ofExample = values.location === undefined && settings.file.endsWith('station.example.yaml');
  const given = values.elements?.map((file) => resolve(file));
  return {
    place,
    placeNote: ofExample
      ? `the place is that of the example, ${place.latitudeDeg},${place.longitudeDeg}: there is no station.yaml`
      : null,
    catalogue: loadCatalogue(shippedSatellites(), ownSatellites(settings.dataFolder)),
    ...(given === undefined
      ? stationElements(settings, io, timeMs)
      : { elementsFrom: given.join(', '), elements: readElements(given, io, timeMs) }),
  };
}

/** @throws StationError when there are none to use */
function stationElements(
  settings: Settings,
  io: CommandIo,
  timeMs: number,
): Pick<TrackingBase, 'elementsFrom' | 'elements'> {
  const files = stationElementFiles(settings);
  for (const one of files) {
    // What `run` keeps is not there before it ran; what the settings name should be.
    if (one.trouble !== null && !(one.kept && one.missing)) io.stderr.write(`downlinkd: ${one.file}: ${one.trouble}\n`);
    tellBad(one, io);
  }
  const elements = chosenElements(files, Math.max(systemClock.now(), timeMs));
  if (elements.size === 0) throw noStationElements(settings);
  const read = files.filter(({ trouble }) => trouble === null);
  return { elements, elementsFrom: read.map(({ file }) => file).join(', ') };
}

function stationPlace({ station, file }: Settings): Place {
  const { latitude, longitude, altitudeM = 0 } = station;
  if (latitude === undefined || longitude === undefined)
    throw new UsageError(`where? Give --location LAT,LON,ALT_M or station.latitude and station.longitude in ${file}`);
  return { latitudeDeg: latitude, longitudeDeg: longitude, altitudeM };
}

/** @throws UsageError */
export function readLocation(text: string): Place {
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [latitudeDeg, longitudeDeg, altitudeM = 0] = parts as [number, number, number?];
  const valid =
    Math.abs(latitudeDeg) <= 90 && Math.abs(longitudeDeg) <= 180 && altitudeM >= -500 && altitudeM <= 10_000;
  if (!valid || parts.length > 3)
    throw new UsageError(`--location '${text}' should be like 48.1,11.6,520: degrees north and east, metres`);
  return { latitudeDeg, longitudeDeg, altitudeM };
}

/**
 * The elements of all these files together. Warnings of single records go to standard error.
 * @throws StationError when one can't be read, or there are none to use
 */
export function readElements(files: readonly string[], io: CommandIo, timeMs: number): ReadonlyMap<number, Elements> {
  const read = files.map((file) => readElementsFile(file, true));
  for (const one of read) {
    if (one.trouble !== null) throw new StationError('ELEMENTS_UNREADABLE', `${one.file}: ${one.trouble}`);
    tellBad(one, io);
    if (one.parsed.elements.length === 0)
      throw new StationError('ELEMENTS_MISSING', `${one.file}: has no elements that can be used`);
  }
  return chosenElements(read, Math.max(systemClock.now(), timeMs));
}

function tellBad({ file, parsed: { bad } }: ElementsFile, io: CommandIo): void {
  for (const { line, record, reason } of bad.slice(0, SHOWN))
    io.stderr.write(`downlinkd: ${file}:${line}: ${record === undefined ? '' : `record ${record}: `}${reason}\n`);
  if (bad.length > SHOWN)
    io.stderr.write(`downlinkd: ${file}: ${bad.length - SHOWN} more records that can't be used\n`);
}

/** A satellite with elements; `known` when the catalogue has it. */
export interface Target {
  readonly name: string;
  readonly elements: Elements;
  readonly known: Satellite | null;
}

/**
 * The satellite of a name or number: of the catalogue, else of the elements.
 * @throws UsageError when neither knows it, StationError when there are no elements for it
 */
export function findTarget(
  { catalogue, elements, elementsFrom }: Pick<TrackingBase, 'catalogue' | 'elements' | 'elementsFrom'>,
  nameOrNorad: string,
): Target {
  let known: Satellite;
  try {
    known = findSatellite(catalogue, nameOrNorad);
  } catch (error) {
    if (!(error instanceof SatelliteNotFound)) throw error;
    const key = normalised(nameOrNorad);
    const own = [...elements.values()].filter((e) => normalised(e.name) === key || String(e.norad) === key);
    if (own.length === 1) {
      const [{ name, norad }] = own as [Elements];
      // The file has another name for it than the catalogue.
      const known = allSatellites(catalogue).find((one) => (one.norad ?? one.temporaryId) === norad) ?? null;
      return { name: known?.name ?? name, elements: own[0]!, known };
    }
    throw new UsageError(
      own.length > 1 ? `'${nameOrNorad}' may be ${own.map((e) => e.norad).join(', ')}: say which` : error.message,
    );
  }
  const number = known.norad ?? known.temporaryId;
  const found = number === undefined ? undefined : elements.get(number);
  if (!found) {
    const shown = number === undefined ? known.name : `${known.name} (${number})`;
    throw new StationError(
      'ELEMENTS_MISSING',
      `no elements for ${shown} in ${elementsFrom}; give a file that has them with --elements FILE`,
    );
  }
  return { name: known.name, elements: found, known };
}

/** Says so when elements are too far from the time they are used for. */
export function warnOfAge(targets: readonly Target[], timeMs: number, io: CommandIo, oldDays = OLD_DAYS): void {
  const old = targets.filter(({ elements }) => Math.abs(timeMs - elements.epochMs) > oldDays * DAY_MS);
  for (const { name, elements } of old.slice(0, SHOWN)) {
    const days = (timeMs - elements.epochMs) / DAY_MS;
    const epoch = new Date(elements.epochMs).toISOString().slice(0, 10);
    const what = days > 0 ? `are ${Math.floor(days)} days old` : `are from ${Math.floor(-days)} days later`;
    io.stderr.write(`downlinkd: the elements of ${name} ${what} (${epoch})\n`);
  }
  if (old.length > SHOWN)
    io.stderr.write(`downlinkd: those of ${old.length - SHOWN} more satellites are over ${oldDays} days away too\n`);
}

/** The time of an option, or now. @throws UsageError, StationError when there is neither: the clock was never set */
export function timeOrNow(option: string, text: string | undefined): number {
  if (text !== undefined) return readInstant(option, text);
  const nowMs = systemClock.now();
  if (nowMs < earliestPlausibleMs)
    throw new StationError(
      'CLOCK_NOT_SET',
      `this computer's clock is not set, it says ${new Date(nowMs).toISOString()}: set it, or give a time with --${option} ISO`,
    );
  return nowMs;
}

/** An instant such as 2026-11-26T12:00:00Z. @throws UsageError */
export function readInstant(option: string, text: string): number {
  const time = readIsoTime(text);
  if (time === null) throw new UsageError(`--${option} '${text}' should be like ${isoTimeExample}`);
  return time;
}

/** @throws UsageError */
export function readNumber(option: string, text: string, lowest: number, highest: number): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!(number >= lowest && number <= highest))
    throw new UsageError(`--${option} '${text}' should be a number from ${lowest} to ${highest}`);
  return number;
}

/** How long something takes. @throws UsageError */
export function readHours(text: string, most: number, mostIs = ''): number {
  const hours = text.trim() === '' ? Number.NaN : Number(text);
  if (hours > 0 && hours <= most) return hours;
  throw new UsageError(`--hours '${text}' should be a number above 0 and up to ${most}${mostIs}`);
}
