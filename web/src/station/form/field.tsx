import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { texts } from '../../texts.ts';
import { ArrayField } from './array-field.tsx';
import { ObjectField } from './object-field.tsx';
import { ScalarField } from './scalar-field.tsx';
import { asBranch, firstValue, flat, isGroup, type Schema, shapeOf, typed } from './schema.ts';

export interface FieldProps {
  readonly schema: Schema;
  readonly value: unknown;
  /** As the check names it: `sdrs[0].gain_db`. */
  readonly path: string;
  /** Of the key, or of the list that it is an item of. */
  readonly label: string;
  readonly secret?: boolean;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (value: unknown) => void;
}

/** A value of the settings, as its schema wants to have it. */
export function Field(props: FieldProps) {
  const { schema, value, onChange } = props;
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'object':
      return <ObjectField {...props} schema={shape.schema} />;
    case 'array':
      return <ArrayField {...props} schema={shape.schema} />;
    case 'tagged': {
      const { tag, branches } = shape;
      const group = isGroup(value) ? value : {};
      const branch = branches.get(String(group[tag])) ?? [...branches.values()][0]!;
      return (
        <>
          <Choice
            label={tag}
            value={String(group[tag])}
            options={[...branches.keys()].map((name) => [name, name])}
            onChange={(name) => onChange(asBranch(group, tag, branches.get(name)!))}
          />
          <ObjectField {...props} schema={branch} hidden={tag} />
        </>
      );
    }
    case 'either': {
      const { plain, group } = shape;
      const switchable = plain[0]?.const === false;
      const isPlain = !isGroup(value);
      const plainSchema: Schema = { anyOf: plain };
      return (
        <>
          <Choice
            label={texts.station.kind}
            value={isPlain ? 'plain' : 'group'}
            options={[
              ['plain', switchable ? texts.station.off : texts.station.single],
              ['group', texts.station.group],
            ]}
            onChange={(kind) => onChange(kind === 'group' ? asGroup(value, group) : asPlain(value, plain))}
          />
          {isPlain ? (
            !switchable && <ScalarField {...props} schema={plainSchema} />
          ) : (
            <ObjectField {...props} schema={group} />
          )}
        </>
      );
    }
    default:
      return <ScalarField {...props} schema={shape.schema} />;
  }
}

/** A satellite alone becomes one with options, and the other way round. */
function asGroup(value: unknown, group: Schema): unknown {
  const first = firstValue(group) as Record<string, unknown>;
  const [key] = group.required ?? [];
  return key === undefined || value === false ? first : { ...first, [key]: value };
}

function asPlain(value: unknown, plain: readonly Schema[]): unknown {
  if (plain[0]?.const === false) return false;
  const name = isGroup(value) ? value['satellite'] : undefined;
  return typed(String(name ?? ''), { anyOf: plain.flatMap(flat) });
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label}>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Labelled({ id, label, children }: { id: string; label: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label.charAt(0).toUpperCase() + label.slice(1)}</label>
      {children}
    </div>
  );
}
