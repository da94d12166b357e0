import { texts } from '../../texts.ts';
import { Field, type FieldProps } from './field.tsx';
import { problemsBelow } from './object-field.tsx';
import { firstValue, nameOf, shapeOf } from './schema.ts';

/** A list: items are added, removed and moved. Ranges, of a fixed number of values, are two fields side by side. */
export function ArrayField({ schema, value, path, label, problems, onChange }: FieldProps) {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const inner = schema.items ?? {};
  const set = (i: number, next: unknown) => onChange(items.with(i, next));
  const small = shapeOf(inner).kind === 'scalar' || shapeOf(inner).kind === 'enum';
  const fixed = schema.minItems !== undefined && schema.minItems === schema.maxItems;
  const move = (i: number, by: -1 | 1) => onChange(items.with(i, items[i + by]).with(i + by, items[i]));
  const problem = problems.get(path);
  return (
    <div class={fixed ? 'list range' : 'list'}>
      {items.map((item, i) => {
        const own = `${path}[${i}]`;
        const called = nameOf(item) || texts.station.item(label, i + 1);
        const field = (
          <Field
            schema={inner}
            value={item}
            path={own}
            label={texts.station.item(label, i + 1)}
            problems={problems}
            onChange={(next) => set(i, next)}
          />
        );
        const buttons = !fixed && (
          <span class="buttons">
            <Small text="↑" label={texts.station.moveUp(called)} disabled={i === 0} onClick={() => move(i, -1)} />
            <Small
              text="↓"
              label={texts.station.moveDown(called)}
              disabled={i === items.length - 1}
              onClick={() => move(i, 1)}
            />
            <Small text="×" label={texts.station.remove(called)} onClick={() => onChange(items.toSpliced(i, 1))} />
          </span>
        );
        return small ? (
          <div key={i} class="line">
            {field}
            {buttons}
          </div>
        ) : (
          <details key={i} class={problemsBelow(problems, own) ? 'item has-problem' : 'item'}>
            <summary>{called}</summary>
            {buttons}
            {field}
          </details>
        );
      })}
      {problem !== undefined && <small class="bad">{problem}</small>}
      {!fixed && (
        <p class="add">
          <button type="button" class="quiet" onClick={() => onChange([...items, firstValue(inner)])}>
            {texts.station.addItem} <span class="visually-hidden">({label})</span>
          </button>
        </p>
      )}
    </div>
  );
}

interface SmallProps {
  readonly text: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Small({ text, label, disabled = false, onClick }: SmallProps) {
  return (
    <button type="button" class="quiet icon" title={label} disabled={disabled} onClick={onClick}>
      <span aria-hidden="true">{text}</span>
      <span class="visually-hidden">{label}</span>
    </button>
  );
}
