import { useId } from 'preact/hooks';
import type { ModesReport } from '../../../daemon/api/wire.ts';
import { ScalarField } from '../station/form/scalar-field.tsx';
import { type Group, type Schema, wordsOf } from '../station/form/schema.ts';
import { texts } from '../texts.ts';
import { modes } from './state.ts';
import { hertzOf, optional, type TransmitterDraft } from './transmitter-draft.ts';

const words = texts.satellites;
type Part = 'modulation' | 'framing';

/** The keys that a kind of modulation or framing looks at, as the station tells them. */
export function keysOf(part: Part, kind: string): readonly string[] {
  return kindsOf(modes.value, part).find((one) => one.kind === kind)?.keys ?? [];
}

function kindsOf(report: ModesReport | null, part: Part): readonly { kind: string; keys: readonly string[] }[] {
  return (part === 'modulation' ? report?.modulations : report?.framings) ?? [];
}

/** What is wrong with a frequency, in the unit that it is entered in; empty where nothing is. */
function frequencyProblem(megahertz: string): string {
  const hz = hertzOf(megahertz);
  // As the schema of satellites has it.
  return megahertz.trim() === '' || (hz >= 1 && hz <= 100e9) ? '' : words.badFrequency(megahertz);
}

/** @param problems what the station found wrong, by `modulation.symbol_rate` and the like */
export function TransmitterFields(props: {
  draft: TransmitterDraft;
  problems: ReadonlyMap<string, string>;
  onChange: (draft: TransmitterDraft) => void;
}) {
  const { draft, problems, onChange } = props;
  const set = (part: Part, key: string, value: unknown) =>
    onChange({ ...draft, [part]: { ...draft[part], [key]: value } });
  const fields = (part: Part, keys: readonly string[], required = false) =>
    keys.map((key) => (
      <ScalarField
        key={`${part} ${key}`}
        schema={required ? schemaOf(part, key) : optional(schemaOf(part, key))}
        value={draft[part][key]}
        path={`${part}.${key}`}
        label={wordsOf(key)}
        problems={problems}
        onChange={(value) => set(part, key, value)}
      />
    ));
  const kind = (part: Part, label: string) => (
    <Kind
      part={part}
      label={label}
      of={draft[part]}
      problems={problems}
      onChange={(value) => set(part, 'kind', value)}
    />
  );
  return (
    <>
      <label>
        <span>{words.frequency}</span>
        <input
          inputMode="decimal"
          required
          value={draft.frequencyMhz}
          onInput={(event) => {
            const { value } = event.currentTarget;
            event.currentTarget.setCustomValidity(frequencyProblem(value));
            onChange({ ...draft, frequencyMhz: value });
          }}
        />
      </label>
      {kind('modulation', words.modulation)}
      {fields('modulation', ['symbol_rate'], true)}
      {fields('modulation', keysOf('modulation', String(draft.modulation['kind'])))}
      {kind('framing', words.framing)}
      {fields('framing', keysOf('framing', String(draft.framing['kind'])))}
    </>
  );
}

function schemaOf(part: Part, key: string): Schema {
  const transmitter = (modes.value?.schema ?? {}) as Schema;
  return transmitter.properties?.[part]?.properties?.[key] ?? {};
}

interface KindProps {
  readonly part: Part;
  readonly label: string;
  readonly of: Group;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (kind: string) => void;
}

/** Which modulation or framing. What is wrong with all of it together is told here. */
function Kind({ part, label, of, problems, onChange }: KindProps) {
  const id = useId();
  const problem = problems.get(part) ?? problems.get(`${part}.kind`);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={String(of['kind'])}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-says`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {kindsOf(modes.value, part).map(({ kind }) => (
          <option key={kind}>{kind}</option>
        ))}
      </select>
      <small id={`${id}-says`} class="bad">
        {problem}
      </small>
    </div>
  );
}
