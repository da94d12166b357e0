import { parseArgs } from 'node:util';
import { ModeError, parseMode } from '../../dsp/mode.ts';
import { readIsoTime } from '../core/iso-time.ts';
import type { Placement, Wanted } from '../decode/chain.ts';
import { type InputFormat, inputFormats, type OpenOptions } from '../inputs/open-input.ts';
import {
  findSatellite,
  loadCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import { frameTelemetry } from '../satellites/frame-telemetry.ts';
import { loadSettings } from '../settings/settings.ts';
import { UsageError } from './command.ts';
import type { DopplerOptions } from './decode-doppler.ts';
import { joinNegative } from './negative-values.ts';

export const outputFormats = ['jsonl', 'kiss', 'hex'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** The command line of `decode`, understood. */
export interface DecodeOptions {
  readonly inputs: readonly string[];
  readonly wanted: readonly Wanted[];
  readonly placement: Placement;
  /** Null: no Doppler shift is predicted. */
  readonly doppler: DopplerOptions | null;
  readonly open: OpenOptions;
  readonly format: OutputFormat;
  readonly output: string | null;
  /** False refuses frames that list decoding repaired. */
  readonly repair: boolean;
  /** Null: not asked for. */
  readonly telemetry: ReturnType<typeof frameTelemetry> | null;
}

/** There is something to say but nothing to decode: one line, exit code 1. */
export class NothingToDecode extends Error {
  override readonly name = 'NothingToDecode';
  readonly code = 'NOTHING_TO_DECODE';
}

const options = {
  satellite: { type: 'string' },
  transmitter: { type: 'string' },
  mode: { type: 'string' },
  iq: { type: 'boolean' },
  audio: { type: 'boolean' },
  'sample-rate': { type: 'string' },
  'input-format': { type: 'string' },
  'start-time': { type: 'string' },
  'offset-hz': { type: 'string' },
  'audio-carrier-hz': { type: 'string' },
  elements: { type: 'string', multiple: true },
  location: { type: 'string' },
  'no-repair': { type: 'boolean' },
  telemetry: { type: 'boolean' },
  format: { type: 'string' },
  output: { type: 'string' },
  json: { type: 'boolean' },
  config: { type: 'string' },
} as const;

/** @throws UsageError, an error of parseArgs, NothingToDecode, ConfigError */
export function readDecodeOptions(argv: string[]): DecodeOptions {
  const { values, positionals: inputs } = parseArgs({
    args: joinNegative(argv, ['offset-hz', 'location']),
    options,
    allowPositionals: true,
  });
  if (inputs.length === 0) throw new UsageError("decode what? Give a recording, a folder or '-' for standard input");
  if (inputs.filter((input) => input === '-').length > 1) throw new UsageError("'-' is standard input, once");
  if (values.iq && values.audio) throw new UsageError('--iq and --audio exclude each other');
  if (values.json && values.format !== undefined && values.format !== 'jsonl')
    throw new UsageError(`--json and --format ${values.format} exclude each other`);
  const format = readChoice('format', values.format, outputFormats) ?? 'jsonl';
  if (values.telemetry && format !== 'jsonl') throw new UsageError('--telemetry goes with --format jsonl only');
  const startTime = values['start-time'] === undefined ? undefined : readTime(values['start-time']);
  if (values.audio && values['offset-hz'] !== undefined) throw new UsageError('--offset-hz is for IQ, not for audio');
  if (values.iq && values['audio-carrier-hz'] !== undefined)
    throw new UsageError('--audio-carrier-hz is for audio, not for IQ');
  const sampleRate = readNumber('sample-rate', values['sample-rate'], 1, 1e9);
  const offsetHz = readNumber('offset-hz', values['offset-hz'], -1e9, 1e9);
  const audioCarrierHz = readNumber('audio-carrier-hz', values['audio-carrier-hz'], 1, 1e6);
  const inputFormat = readChoice('input-format', values['input-format'], inputFormats);
  return {
    inputs,
    wanted: wantedFrom(values),
    placement: {
      ...(offsetHz === undefined ? {} : { offsetHz }),
      ...(audioCarrierHz === undefined ? {} : { audioCarrierHz }),
    },
    doppler: dopplerFrom(values),
    open: {
      ...(inputFormat === undefined ? {} : { format: inputFormat satisfies InputFormat }),
      ...(sampleRate === undefined ? {} : { sampleRate }),
      ...(values.iq ? { kind: 'iq' as const } : values.audio ? { kind: 'real' as const } : {}),
      ...(startTime === undefined ? {} : { startTime }),
    },
    format,
    output: values.output ?? null,
    repair: !values['no-repair'],
    telemetry: values.telemetry ? frameTelemetry(catalogueOf(values.config)) : null,
  };
}

interface WantedValues {
  readonly satellite?: string | undefined;
  readonly transmitter?: string | undefined;
  readonly mode?: string | undefined;
  readonly config?: string | undefined;
}

function wantedFrom(values: WantedValues): Wanted[] {
  if ((values.satellite === undefined) === (values.mode === undefined))
    throw new UsageError('say what to look for: either --satellite NAME or --mode MODULATION:RATE:FRAMING');
  if (values.mode === undefined) return fromSatellite(values.satellite ?? '', values);
  if (values.transmitter !== undefined)
    throw new UsageError('--transmitter picks one of a satellite, it goes with --satellite');
  try {
    return [{ mode: parseMode(values.mode), satellite: null, transmitter: null, frequencyHz: null }];
  } catch (error) {
    if (error instanceof ModeError) throw new UsageError(error.message);
    throw error;
  }
}

function dopplerFrom(values: WantedValues & { elements?: string[]; location?: string }): DopplerOptions | null {
  const { satellite, elements, location, config } = values;
  if (elements === undefined) {
    if (location !== undefined)
      throw new UsageError('--location is for the Doppler shift, it goes with --elements FILE');
    return null;
  }
  if (satellite === undefined)
    throw new UsageError('--elements is for the Doppler shift of a satellite, it goes with --satellite NAME');
  return { satellite, elements, location, config };
}

function fromSatellite(name: string, values: WantedValues): Wanted[] {
  const satellite = find(name, values.config);
  if (satellite.transmitters.length === 0)
    throw new NothingToDecode(satellite.note ?? `${satellite.name} has no known transmitter`);
  const chosen = satellite.transmitters.filter((t) => values.transmitter === undefined || t.id === values.transmitter);
  if (chosen.length === 0) {
    const ids = satellite.transmitters.map((t) => t.id).join(', ');
    throw new UsageError(`${satellite.name} has no transmitter '${values.transmitter}'; it has ${ids}`);
  }
  return chosen.map(({ mode, id, frequencyHz }) => ({
    mode,
    satellite: satellite.name,
    transmitter: id,
    frequencyHz,
  }));
}

function find(name: string, config: string | undefined): ReturnType<typeof findSatellite> {
  try {
    return findSatellite(catalogueOf(config), name);
  } catch (error) {
    if (error instanceof SatelliteNotFound) throw new UsageError(error.message);
    throw error;
  }
}

function catalogueOf(config: string | undefined) {
  return loadCatalogue(shippedSatellites(), ownSatellites(loadSettings(config).dataFolder));
}

function readNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new UsageError(`--${name} '${text}' should be a number from ${least} to ${most}`);
  return value;
}

function readChoice<T extends string>(name: string, text: string | undefined, choices: readonly T[]): T | undefined {
  const found = choices.find((choice) => choice === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--${name} '${text}' should be one of ${choices.join(', ')}`);
  return found;
}

/** ISO 8601 date and time; without a zone it is UTC, as everything here. */
function readTime(text: string): Date {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?$/i.exec(text);
  const timeMs = match && readIsoTime(`${match[1]}T${match[2]}${match[3]?.toUpperCase() ?? 'Z'}`);
  if (timeMs === null) throw new UsageError(`--start-time '${text}' should be like 2026-05-31T12:34:56.789Z`);
  return new Date(timeMs);
}
