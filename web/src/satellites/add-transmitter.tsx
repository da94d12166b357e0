import { useState } from 'preact/hooks';
import { texts } from '../texts.ts';
import { emptyTransmitter, TransmitterFields, transmitterOf } from './transmitter-fields.tsx';
import { useChange } from './use-change.tsx';

const words = texts.satellites;

interface Added {
  readonly name: string;
  readonly restarts: boolean;
}

const told = ({ name, restarts }: Added) => `${words.added(name)} ${restarts ? words.restarting : ''}`;

/** Adds a transmitter to a satellite that is known. @param to its number or name */
export function AddTransmitter({ to }: { to: string }) {
  const { send, busy, shown } = useChange();
  const [draft, setDraft] = useState(emptyTransmitter);
  return (
    <details>
      <summary>{words.addTransmitter}</summary>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void send<Added>('POST', 'satellites', { to, transmitter: transmitterOf(draft) }, told);
        }}
      >
        <TransmitterFields draft={draft} onChange={setDraft} />
        <button type="submit" disabled={busy}>
          {words.add}
        </button>
      </form>
      {shown}
    </details>
  );
}

/** Adds a satellite that is not known, with one transmitter. */
export function AddSatellite() {
  const { send, busy, shown } = useChange();
  const [draft, setDraft] = useState(emptyTransmitter);
  const [name, setName] = useState('');
  const [norad, setNorad] = useState('');
  return (
    <details class="panel">
      <summary>{words.addSatellite}</summary>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          const number = norad.trim() === '' ? null : Number(norad);
          const satellite = { name: name.trim(), norad: number, transmitters: [transmitterOf(draft)] };
          void send<Added>('POST', 'satellites', { satellite }, told);
        }}
      >
        <label>
          <span>{words.name}</span>
          <input required value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          <span>{words.norad}</span>
          <input inputMode="numeric" value={norad} onInput={(event) => setNorad(event.currentTarget.value)} />
        </label>
        <TransmitterFields draft={draft} onChange={setDraft} />
        <button type="submit" disabled={busy}>
          {words.add}
        </button>
      </form>
      {shown}
    </details>
  );
}
