import { useId } from 'preact/hooks';
import { texts } from '../../texts.ts';
import type { FieldProps } from './field.tsx';
import { flat, type Schema, shapeOf, typed } from './schema.ts';

/** One value: text, number, choice, yes or no. */
export function ScalarField(props: FieldProps) {
  const { schema, label, path, problems } = props;
  const id = useId();
  const problem = problems.get(path);
  const hint = hintOf(schema);
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Input {...props} id={id} described={described || undefined} />
      {hint && (
        <small id={`${id}-hint`} class="quiet">
          {hint}
        </small>
      )}
      {problem !== undefined && (
        <small id={`${id}-problem`} class="bad">
          {problem}
        </small>
      )}
    </div>
  );
}

interface InputProps extends FieldProps {
  readonly id: string;
  readonly described: string | undefined;
}

function Input({ schema, value, secret, path, problems, onChange, id, described }: InputProps) {
  const shape = shapeOf(schema);
  const common = { id, 'aria-describedby': described, 'aria-invalid': problems.has(path) };
  if (shape.kind === 'boolean')
    return (
      <span class="check">
        <input
          {...common}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />{' '}
        {texts.station.yes}
      </span>
    );
  if (shape.kind === 'enum')
    return (
      <select {...common} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)}>
        {shape.schema.enum!.map((one) => (
          <option key={String(one)}>{String(one)}</option>
        ))}
      </select>
    );
  const numbersOnly = flat(schema).every(({ type }) => type === 'number' || type === 'integer');
  const text = {
    ...common,
    spellcheck: false,
    value: value === null || value === undefined ? '' : String(value),
    onInput: (event: { currentTarget: HTMLInputElement }) => onChange(typed(event.currentTarget.value, schema)),
  };
  if (secret) return <input {...text} type="password" autocomplete="new-password" />;
  return <input {...text} type="text" autocomplete="off" inputMode={numbersOnly ? 'decimal' : 'text'} />;
}

/** What the schema says of a value, and between which numbers it lies. */
function hintOf(schema: Schema): string {
  const branches = flat(schema);
  const words = branches.flatMap((one) => one.description ?? (one.const === undefined ? [] : `${String(one.const)}`));
  const own = schema.description === undefined ? [] : [schema.description];
  const only = branches.length === 1 ? branches[0]! : {};
  const range = only.minimum !== undefined && only.maximum !== undefined ? [`${only.minimum} … ${only.maximum}`] : [];
  return [...new Set([...own, ...words, ...range])].join(', ');
}
