import { useId } from 'preact/hooks';
import { texts } from '../../texts.ts';
import { Field, type FieldProps } from './field.tsx';
import { firstValue, isGroup, isSecret, type Schema, shapeOf, wordsOf } from './schema.ts';

interface Props extends FieldProps {
  /** A key that is shown elsewhere. */
  readonly hidden?: string;
}

/** A group of keys: those that are there, and the others to be added. */
export function ObjectField({ schema, value, path, problems, onChange, hidden }: Props) {
  const group = isGroup(value) ? value : {};
  const properties = Object.entries(schema.properties ?? {}).filter(([key]) => key !== hidden);
  const there = properties.filter(([key]) => Object.hasOwn(group, key));
  const missing = properties.filter(([key]) => !Object.hasOwn(group, key));
  const set = (key: string, next: unknown) => onChange({ ...group, [key]: next });
  const remove = (key: string) => onChange(Object.fromEntries(Object.entries(group).filter(([name]) => name !== key)));
  return (
    <div class="group">
      {there.map(([key, inner]) => {
        const own = path === '' ? key : `${path}.${key}`;
        const needed = schema.required?.includes(key) ?? false;
        const field = (
          <Field
            schema={inner}
            value={group[key]}
            path={own}
            label={wordsOf(key)}
            secret={isSecret(key)}
            problems={problems}
            onChange={(next) => set(key, next)}
          />
        );
        const removal = !needed && (
          <button
            type="button"
            class="quiet icon"
            title={texts.station.remove(wordsOf(key))}
            onClick={() => remove(key)}
          >
            <span aria-hidden="true">×</span>
            <span class="visually-hidden">{texts.station.remove(wordsOf(key))}</span>
          </button>
        );
        return isLarge(inner) ? (
          <fieldset key={key} class={problemsBelow(problems, own) ? 'part has-problem' : 'part'}>
            <legend>
              {wordsOf(key)} {removal}
            </legend>
            {inner.description !== undefined && <small class="quiet">{inner.description}</small>}
            {field}
          </fieldset>
        ) : (
          <div key={key} class="line">
            {field}
            {removal}
          </div>
        );
      })}
      {missing.length > 0 && <AddKey missing={missing} onAdd={(key, inner) => set(key, firstValue(inner))} of={path} />}
    </div>
  );
}

interface AddKeyProps {
  readonly missing: readonly (readonly [string, Schema])[];
  readonly onAdd: (key: string, schema: Schema) => void;
  readonly of: string;
}

function AddKey({ missing, onAdd, of }: AddKeyProps) {
  const id = useId();
  return (
    <p class="add">
      <label for={id} class="visually-hidden">
        {texts.station.addKey} {of}
      </label>
      <select
        id={id}
        value=""
        onChange={(event) => {
          const found = missing.find(([key]) => key === event.currentTarget.value);
          event.currentTarget.value = '';
          if (found) onAdd(...found);
        }}
      >
        <option value="">{texts.station.addKey}</option>
        {missing.map(([key, { description }]) => (
          <option key={key} value={key}>
            {description === undefined ? wordsOf(key) : `${wordsOf(key)}: ${description}`}
          </option>
        ))}
      </select>
    </p>
  );
}

function isLarge(schema: Schema): boolean {
  return ['object', 'array', 'tagged', 'either'].includes(shapeOf(schema).kind);
}

export function problemsBelow(problems: ReadonlyMap<string, string>, path: string): boolean {
  return [...problems.keys()].some((one) => one === path || one.startsWith(`${path}.`) || one.startsWith(`${path}[`));
}
