import { useState } from 'preact/hooks';
import { ScalarField } from '../station/form/scalar-field.tsx';
import type { Schema } from '../station/form/schema.ts';
import { texts } from '../texts.ts';
import { emptyTransmitter, transmitterOf } from './transmitter-draft.ts';
import { keysOf, TransmitterFields } from './transmitter-fields.tsx';
import { useChange } from './use-change.tsx';

const words = texts.satellites;

interface Added {
  readonly name: string;
  readonly restarts: boolean;
}

const told = ({ name, restarts }: Added) => `${words.added(name)} ${restarts ? words.restarting : ''}`;

/** Adds a transmitter to a satellite that is known. @param to its number or name */
export function AddTransmitter({ to }: { to: string }) {
  const { send, busy, shown, problems, form } = useChange();
  const [draft, setDraft] = useState(emptyTransmitter);
  return (
    <details>
      <summary>{words.addTransmitter}</summary>
      <form
        ref={form}
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void send<Added>('POST', 'satellites', { to, transmitter: transmitterOf(draft, keysOf) }, told);
        }}
      >
        <TransmitterFields draft={draft} problems={problems} onChange={setDraft} />
        <button type="submit" disabled={busy}>
          {words.add}
        </button>
      </form>
      {shown}
    </details>
  );
}

/** A number where one is entered; what is none is told by the station. */
const numberOrText: Schema = { anyOf: [{ type: 'integer' }, { type: 'string' }] };
const firstOne = 'transmitters[0].';

/** Adds a satellite that is not known, with one transmitter. */
export function AddSatellite() {
  const { send, busy, shown, problems, form } = useChange();
  const [draft, setDraft] = useState(emptyTransmitter);
  const [name, setName] = useState<unknown>('');
  const [norad, setNorad] = useState<unknown>('');
  const ofTransmitter = new Map(
    [...problems].flatMap(([path, text]) => (path.startsWith(firstOne) ? [[path.slice(firstOne.length), text]] : [])),
  );
  return (
    <details class="panel">
      <summary>{words.addSatellite}</summary>
      <form
        ref={form}
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          const transmitters = [transmitterOf(draft, keysOf)];
          const satellite = { name: String(name).trim(), norad: norad === '' ? null : norad, transmitters };
          void send<Added>('POST', 'satellites', { satellite }, told);
        }}
      >
        <ScalarField
          schema={{ type: 'string' }}
          value={name}
          path="name"
          label={words.name}
          problems={problems}
          onChange={setName}
        />
        <ScalarField
          schema={numberOrText}
          value={norad}
          path="norad"
          label={words.norad}
          problems={problems}
          onChange={setNorad}
        />
        <TransmitterFields draft={draft} problems={ofTransmitter} onChange={setDraft} />
        <button type="submit" disabled={busy}>
          {words.add}
        </button>
      </form>
      {shown}
    </details>
  );
}
