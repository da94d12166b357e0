import { type Mode, ModeError, parseMode, transmitterId } from '../../dsp/mode.ts';
import { ConfigError } from '../settings/config-error.ts';
import { readSchema } from '../settings/schema-file.ts';
import { type Problem, problemLine, schemaProblems } from '../settings/schema-problems.ts';
import type { TelemetryName } from '../telemetry/names.ts';
import type { SatelliteDocument, TransmitterDocument } from './satellite-schema.ts';

export interface Transmitter {
  /** `modulation-rate-framing`, with `-2` on a repeat, unless its file says otherwise. */
  readonly id: string;
  readonly frequencyHz: number;
  readonly mode: Mode;
  /** What its frames are read with: its own, or else the satellite's. Undefined: what the framing carries. */
  readonly telemetry?: TelemetryName;
}

export interface Satellite {
  readonly name: string;
  /** Catalogue number; null while it has none. */
  readonly norad: number | null;
  /** Placeholder in use while there is no catalogue number. No orbital elements exist for it. */
  readonly temporaryId?: number;
  readonly alternativeNames: readonly string[];
  /** What a user has to know, such as why there is no transmitter. */
  readonly note?: string;
  /** What frames are read with that no transmitter of the file sent. */
  readonly telemetry?: TelemetryName;
  readonly transmitters: readonly Transmitter[];
}

let schema: ReturnType<typeof readSchema> | undefined;

/** Checks the data of a satellite file. @throws ConfigError with one line for every problem */
export function satelliteFrom(value: unknown, shownAs: string): Satellite {
  schema ??= readSchema('satellite');
  const problems: Problem[] = schemaProblems(schema, value);
  const modes: Mode[] = [];
  const document = value as SatelliteDocument;
  if (problems.length === 0) {
    document.transmitters.forEach((transmitter, i) => {
      try {
        modes.push(modeOf(transmitter));
      } catch (error) {
        if (!(error instanceof ModeError)) throw error;
        problems.push({ path: `transmitters[${i}]`, value: undefined, expected: error.message });
      }
    });
    const ids = document.transmitters.map((transmitter) => transmitter.id);
    ids.forEach((id, i) => {
      if (id !== undefined && ids.indexOf(id) < i)
        problems.push({ path: `transmitters[${i}].id`, value: `'${id}'`, expected: 'different from the others' });
    });
  }
  if (problems.length > 0)
    throw new ConfigError(
      problems.map((problem) => problemLine(shownAs, problem)),
      { places: problems },
    );
  const taken = new Set(document.transmitters.flatMap((transmitter) => transmitter.id ?? []));
  const telemetryOf = (named?: TelemetryName) => (named === undefined ? {} : { telemetry: named });
  return {
    name: document.name,
    norad: document.norad,
    ...(document.temporary_id === undefined ? {} : { temporaryId: document.temporary_id }),
    alternativeNames: document.alternative_names ?? [],
    ...(document.note === undefined ? {} : { note: document.note.trim() }),
    ...telemetryOf(document.telemetry),
    transmitters: document.transmitters.map((transmitter, i) => ({
      id: transmitter.id ?? freeId(transmitterId(modes[i]!), taken),
      frequencyHz: transmitter.frequency_hz,
      mode: modes[i]!,
      ...telemetryOf(transmitter.telemetry ?? document.telemetry),
    })),
  };
}

/** `id`, or with `-2`, `-3` … when that is taken. */
export function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let repeat = 2; taken.has(free); repeat++) free = `${id}-${repeat}`;
  taken.add(free);
  return free;
}

/** A file's keys are those of MODE, so that both are read in one place. */
function modeOf({ modulation, framing }: TransmitterDocument): Mode {
  const { kind, symbol_rate, ...modulationKeys } = modulation;
  const { kind: framingKind, ...framingKeys } = framing;
  const keys = Object.entries({ ...modulationKeys, ...framingKeys }).map(([key, value]) => `,${key}=${value}`);
  return parseMode(`${kind}:${symbol_rate}:${framingKind}${keys.join('')}`);
}
