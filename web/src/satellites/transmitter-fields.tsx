import { texts } from '../texts.ts';
import { satellites } from './state.ts';

const words = texts.satellites;

/** What a transmitter needs to be known by. */
export interface TransmitterDraft {
  readonly frequencyMhz: string;
  readonly modulation: string;
  readonly symbolRate: string;
  readonly deviationHz: string;
  readonly framing: string;
}

export const emptyTransmitter: TransmitterDraft = {
  frequencyMhz: '',
  modulation: 'fsk',
  symbolRate: '9600',
  deviationHz: '',
  framing: 'ax25-g3ruh',
};

/** As a file of a satellite has it. */
export function transmitterOf(draft: TransmitterDraft): object {
  return {
    frequency_hz: hertzOf(draft.frequencyMhz),
    modulation: {
      kind: draft.modulation,
      symbol_rate: Number(draft.symbolRate),
      ...(draft.deviationHz.trim() === '' ? {} : { deviation_hz: Number(draft.deviationHz) }),
    },
    framing: { kind: draft.framing },
  };
}

const hertzOf = (megahertz: string): number => Math.round(Number(megahertz.replace(',', '.')) * 1e6);

/** What is wrong with a frequency, in the unit that it is entered in; empty where nothing is. */
function frequencyProblem(megahertz: string): string {
  const hz = hertzOf(megahertz);
  // As the schema of satellites has it.
  return megahertz.trim() === '' || (hz >= 1 && hz <= 100e9) ? '' : words.badFrequency(megahertz);
}

/** Kinds that known satellites have: all that can be entered. */
function kindsOf(part: 0 | 2): readonly string[] {
  const modes = (satellites.value ?? []).flatMap(({ transmitters }) => transmitters.map(({ mode }) => mode));
  return [...new Set(modes.map((mode) => mode.split(/[,]/)[0]!.split(':')[part] ?? ''))].filter(Boolean).sort();
}

export function TransmitterFields({
  draft,
  onChange,
}: {
  draft: TransmitterDraft;
  onChange: (draft: TransmitterDraft) => void;
}) {
  const text = (key: keyof TransmitterDraft, label: string, required = true) => (
    <label>
      <span>{label}</span>
      <input
        inputMode="decimal"
        required={required}
        value={draft[key]}
        onInput={(event) => {
          const { value } = event.currentTarget;
          event.currentTarget.setCustomValidity(key === 'frequencyMhz' ? frequencyProblem(value) : '');
          onChange({ ...draft, [key]: value });
        }}
      />
    </label>
  );
  const choice = (key: 'modulation' | 'framing', label: string, part: 0 | 2) => (
    <label>
      <span>{label}</span>
      <select value={draft[key]} onChange={(event) => onChange({ ...draft, [key]: event.currentTarget.value })}>
        {kindsOf(part).map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      {text('frequencyMhz', words.frequency)}
      {choice('modulation', words.modulation, 0)}
      {text('symbolRate', words.symbolRate)}
      {text('deviationHz', words.deviation, false)}
      {choice('framing', words.framing, 2)}
    </>
  );
}
