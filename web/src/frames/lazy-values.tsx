import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { texts } from '../texts.ts';

type Props = { rows: readonly StoredFrame[]; satellites: readonly string[] };
const plot = signal<ComponentType<Props> | null>(null);

/** Telemetry over time; what draws it is loaded when it is first wanted. */
export function LazyValues(props: Props) {
  const [open, setOpen] = useState(false);
  const Shown = plot.value;
  return (
    <details
      class="panel"
      open={open}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
        if (currentTarget.open && plot.peek() === null)
          void import('./values-plot.tsx').then((module) => {
            plot.value = module.default;
          });
      }}
    >
      <summary>
        <h2>{texts.frames.values.title}</h2>
      </summary>
      {open && (Shown === null ? <p>{texts.loading}</p> : <Shown {...props} />)}
    </details>
  );
}
