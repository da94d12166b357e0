/**
 * Makes config/satellites/*.yaml from a list of satellites and their transmitters.
 * Usage: node scripts/import-satellites.ts LIST.json [FOLDER]
 *
 * The list is an array of { name, norad_id, alternative_names, transmitters: [{ frequency, modulation, baudrate, framing,
 * deviation?, af_carrier?, fm_deviation?, frame_size?, RS_basis?, RS_interleaving?, precoding?, scrambler?, convolutional?,
 * callsign? }] }. Files that are in the folder already and not in the list stay.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freeId, satelliteFrom } from '../daemon/satellites/satellite.ts';
import { framingSlug } from '../dsp/framing/index.ts';

interface ListedTransmitter {
  readonly frequency: number;
  readonly modulation: string;
  readonly baudrate: number;
  readonly framing: string;
  readonly deviation?: number;
  readonly af_carrier?: number;
  readonly fm_deviation?: number;
  readonly frame_size?: number;
  readonly RS_basis?: string;
  readonly RS_interleaving?: number;
  readonly precoding?: string;
  readonly scrambler?: string;
  readonly convolutional?: string;
  readonly callsign?: string;
}

interface ListedSatellite {
  readonly name: string;
  readonly norad_id: number;
  readonly alternative_names: readonly string[];
  readonly transmitters: readonly ListedTransmitter[];
}

/** Numbers that no object has (the five-digit catalogue ended at 69999): placeholders of those who made the list. */
const isPlaceholder = (norad: number) => norad >= 70000 && norad <= 99999;

/** `BPSK Manchester` → `bpsk-manchester`. */
const slug = (text: string) => text.toLowerCase().replace(/ /g, '-');

const lower = (text: string | undefined) => (text === undefined ? undefined : slug(text));

function fileName(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return `${ascii.replace(/[^a-z0-9.]+/g, '-').replace(/^-|-$/g, '')}.yaml`;
}

/** Drops what is not said. */
function said<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function transmitterDocument(t: ListedTransmitter, taken: Set<string>): object {
  const modulation = slug(t.modulation);
  const framing = framingSlug(t.framing);
  return {
    id: freeId(`${modulation}-${t.baudrate}-${framing}`, taken),
    frequency_hz: t.frequency,
    modulation: said({
      kind: modulation,
      symbol_rate: t.baudrate,
      deviation_hz: t.deviation,
      af_carrier_hz: t.af_carrier,
      fm_deviation_hz: t.fm_deviation,
    }),
    framing: said({
      kind: framing,
      frame_size: t.frame_size,
      rs_basis: lower(t.RS_basis),
      rs_interleaving: t.RS_interleaving,
      precoding: lower(t.precoding),
      scrambler: lower(t.scrambler),
      convolutional: lower(t.convolutional),
      callsign: t.callsign,
    }),
  };
}

function satelliteDocument(satellite: ListedSatellite): object {
  const taken = new Set<string>();
  const norad = satellite.norad_id;
  return {
    name: satellite.name,
    ...(isPlaceholder(norad) ? { norad: null, temporary_id: norad } : { norad }),
    ...(satellite.alternative_names.length > 0 ? { alternative_names: satellite.alternative_names } : {}),
    transmitters: satellite.transmitters.map((t) => transmitterDocument(t, taken)),
  };
}

const [list, folder = join(import.meta.dirname, '..', 'config', 'satellites')] = process.argv.slice(2);
if (list === undefined) throw new Error('usage: node scripts/import-satellites.ts LIST.json [FOLDER]');
mkdirSync(folder, { recursive: true });
const header = '# yaml-language-server: $schema=../schema/satellite.schema.json\n';
const written = new Set<string>();
for (const satellite of JSON.parse(readFileSync(list, 'utf8')) as ListedSatellite[]) {
  const file = fileName(satellite.name);
  if (written.has(file)) throw new Error(`two satellites would be ${file}`);
  written.add(file);
  const document = satelliteDocument(satellite);
  satelliteFrom(document, file);
  writeFileSync(join(folder, file), header + stringify(document, { lineWidth: 120, collectionStyle: 'any' }));
}
process.stdout.write(`${written.size} satellites in ${folder}\n`);
