import type { Group, Schema } from '../station/form/schema.ts';

/** A transmitter as the form has it. Empty texts stand for keys that are left out. */
export interface TransmitterDraft {
  readonly frequencyMhz: string;
  readonly modulation: Group;
  readonly framing: Group;
}

export const emptyTransmitter: TransmitterDraft = {
  frequencyMhz: '',
  modulation: { kind: 'fsk', symbol_rate: 9600 },
  framing: { kind: 'ax25-g3ruh' },
};

/** As a file of a satellite has it. @param keysOf the keys that a kind of modulation or framing looks at */
export function transmitterOf(
  { frequencyMhz, modulation, framing }: TransmitterDraft,
  keysOf: (part: 'modulation' | 'framing', kind: string) => readonly string[],
): object {
  const given = (part: 'modulation' | 'framing', group: Group, always: readonly string[]) => {
    const keys = [...always, ...keysOf(part, String(group['kind']))];
    return Object.fromEntries(keys.flatMap((key) => (isEmpty(group[key]) ? [] : [[key, group[key]]])));
  };
  return {
    frequency_hz: hertzOf(frequencyMhz),
    modulation: given('modulation', modulation, ['kind', 'symbol_rate']),
    framing: given('framing', framing, ['kind']),
  };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === '';

/** What was entered in MHz, with a decimal point or comma. */
export const hertzOf = (megahertz: string): number => Math.round(Number(megahertz.replace(',', '.')) * 1e6);

/** A key that may be left out: one more choice, that of none. */
export function optional(schema: Schema): Schema {
  return schema.enum === undefined ? schema : { ...schema, enum: ['', ...schema.enum] };
}
