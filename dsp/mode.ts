import type { ModulationKind, ModulationParams } from './core/receiver.ts';
import type { FramingKey, FramingParams } from './framing/framing.ts';
import { framingNames, isFramingName } from './framing/names.ts';

/** How a transmitter sends: modulation and framing, as data. */
export interface Mode {
  readonly modulation: ModulationParams;
  readonly framing: FramingParams;
}

/** A MODE that can't be understood; the message is one clear line. */
export class ModeError extends Error {
  override readonly name = 'ModeError';
}

export const modulationKinds = [
  'fsk',
  'fsk-subaudio',
  'fsk4',
  'afsk',
  'bpsk',
  'bpsk-manchester',
  'dbpsk',
  'dbpsk-manchester',
] as const satisfies readonly ModulationKind[];

/** Keys that each modulation looks at, as MODE and satellite files name them. */
export const modulationKeys = {
  fsk: ['deviation_hz'],
  fsk4: ['deviation_hz'],
  'fsk-subaudio': ['deviation_hz', 'fm_deviation_hz'],
  afsk: ['deviation_hz', 'af_carrier_hz', 'fm_deviation_hz'],
  bpsk: [],
  'bpsk-manchester': [],
  dbpsk: [],
  'dbpsk-manchester': [],
} as const satisfies Readonly<Record<ModulationKind, readonly string[]>>;

type Part = 'modulation' | 'framing';
type Parse = (text: string) => number | string | null;

const anyNumber: Parse = (text) => {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : null;
};
const positive: Parse = (text) => {
  const value = anyNumber(text);
  return typeof value === 'number' && value > 0 ? value : null;
};
const count: Parse = (text) => (/^\d{1,5}$/.test(text) && Number(text) > 0 ? Number(text) : null);
const oneOf =
  (...words: readonly string[]): Parse =>
  (text) =>
    words.includes(text) ? text : null;

interface Key {
  readonly part: Part;
  readonly field: string;
  readonly parse: Parse;
  readonly expected: string;
}

/** The one set of keys, in the order of the normal form. */
const keys: Readonly<Record<string, Key>> = {
  deviation_hz: { part: 'modulation', field: 'deviationHz', parse: anyNumber, expected: 'a number of Hz, sign kept' },
  af_carrier_hz: { part: 'modulation', field: 'afCarrierHz', parse: positive, expected: 'a positive number of Hz' },
  fm_deviation_hz: { part: 'modulation', field: 'fmDeviationHz', parse: positive, expected: 'a positive number of Hz' },
  frame_size: { part: 'framing', field: 'frameSize', parse: count, expected: 'a number of bytes' },
  rs_basis: {
    part: 'framing',
    field: 'rsBasis',
    parse: oneOf('dual', 'conventional'),
    expected: 'dual or conventional',
  },
  rs_interleaving: { part: 'framing', field: 'rsInterleaving', parse: count, expected: 'a positive whole number' },
  precoding: { part: 'framing', field: 'precoding', parse: oneOf('differential'), expected: 'differential' },
  scrambler: { part: 'framing', field: 'scrambler', parse: oneOf('ccsds', 'none'), expected: 'ccsds or none' },
  convolutional: {
    part: 'framing',
    field: 'convolutional',
    parse: oneOf('ccsds', 'ccsds-uninverted', 'nasa-dsn', 'nasa-dsn-uninverted'),
    expected: 'ccsds, ccsds-uninverted, nasa-dsn or nasa-dsn-uninverted',
  },
  callsign: {
    part: 'framing',
    field: 'callsign',
    parse: (text) => (/^[A-Z0-9]{3,6}$/.test(text.toUpperCase()) ? text.toUpperCase() : null),
    expected: 'three to six letters and digits',
  },
};
const aliases: Readonly<Record<string, string>> = {
  deviation: 'deviation_hz',
  af_carrier: 'af_carrier_hz',
  fm_deviation: 'fm_deviation_hz',
};

/** How MODE and satellite files name a parameter of a framing. */
export function keyOf(field: FramingKey): string {
  return Object.keys(keys).find((name) => keys[name]!.field === field)!;
}

/** Highest symbol rate that makes sense for a dongle of 2.4 MS/s, in Bd. */
const maxSymbolRate = 1_000_000;

/**
 * Reads `modulation:symbol_rate:framing[,key=value…]`.
 * @throws ModeError naming the part that is wrong and what was expected
 */
export function parseMode(text: string): Mode {
  const [head = '', ...options] = text.trim().toLowerCase().split(',');
  const words = head.split(':');
  if (words.length !== 3)
    throw new ModeError(`mode '${text}': expected modulation:symbol_rate:framing, such as fsk:9600:ax25-g3ruh`);
  const [kindText = '', rateText = '', framingText = ''] = words;
  const kind = modulationKinds.find((k) => k === kindText);
  if (!kind) throw new ModeError(`mode '${text}': modulation '${kindText}' is none of ${modulationKinds.join(', ')}`);
  const symbolRate = positive(rateText);
  if (typeof symbolRate !== 'number' || symbolRate > maxSymbolRate)
    throw new ModeError(
      `mode '${text}': symbol rate '${rateText}' is not a positive number of Bd up to ${maxSymbolRate}`,
    );
  if (!isFramingName(framingText))
    throw new ModeError(`mode '${text}': unknown framing '${framingText}'; known are ${framingNames.join(', ')}`);
  const parts: Record<Part, Record<string, number | string>> = {
    modulation: { kind, symbolRate },
    framing: { kind: framingText },
  };
  for (const option of options) {
    const [name = '', value = '', ...rest] = option.trim().split('=');
    const key = keys[aliases[name] ?? name];
    if (!key || rest.length > 0)
      throw new ModeError(`mode '${text}': unknown key '${name}'; known are ${Object.keys(keys).join(', ')}`);
    const parsed = key.parse(value);
    if (parsed === null) throw new ModeError(`mode '${text}': ${name}=${value} is not ${key.expected}`);
    if (key.field in parts[key.part]) throw new ModeError(`mode '${text}': ${name} is given twice`);
    parts[key.part][key.field] = parsed;
  }
  return {
    modulation: parts.modulation as unknown as ModulationParams,
    framing: parts.framing as unknown as FramingParams,
  };
}

/** The normal form of a mode: what is not said is left out, keys in a fixed order. `parseMode` reads it back. */
export function formatMode(mode: Mode): string {
  let text = `${mode.modulation.kind}:${mode.modulation.symbolRate}:${mode.framing.kind}`;
  for (const [name, key] of Object.entries(keys)) {
    const value = (mode[key.part] as unknown as Record<string, number | string | undefined>)[key.field];
    if (value !== undefined) text += `,${name}=${value}`;
  }
  return text;
}

/** Identity of a transmitter within its satellite: `fsk-9600-ax25-g3ruh`. */
export function transmitterId(mode: Mode): string {
  return `${mode.modulation.kind}-${mode.modulation.symbolRate}-${mode.framing.kind}`;
}
