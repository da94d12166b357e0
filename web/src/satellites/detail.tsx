import type { SatelliteEntry } from '../../../daemon/api/wire.ts';
import { megahertz } from '../format.ts';
import { Scroll } from '../parts/scroll.tsx';
import { texts } from '../texts.ts';
import { AddTransmitter } from './add-transmitter.tsx';
import { elements } from './state.ts';
import { TrackingForm } from './tracking-form.tsx';

const words = texts.satellites;

/** One satellite: what is known of it, how it is followed. */
export function Detail({ satellite }: { satellite: SatelliteEntry }) {
  const { name, norad, alternative_names, note, transmitters } = satellite;
  return (
    <section class="panel satellite" aria-labelledby="satellite-name">
      <a class="back" href="#satellites">
        {words.back}
      </a>
      <h2 id="satellite-name">{name}</h2>
      {note !== null && <p>{note}</p>}
      <dl class="facts">
        <dt>{words.number}</dt>
        <dd>{norad ?? words.noNumber}</dd>
        {alternative_names.length > 0 && (
          <>
            <dt>{words.alsoCalled}</dt>
            <dd>{alternative_names.join(', ')}</dd>
          </>
        )}
        <dt>{words.elements}</dt>
        <dd>{elementsOf(satellite)}</dd>
      </dl>
      <TrackingForm key={name} satellite={satellite} />
      <h3>{words.table}</h3>
      <Scroll label={words.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.columns.frequency}</th>
              <th scope="col">{words.columns.mode}</th>
              <th scope="col">{words.columns.state}</th>
            </tr>
          </thead>
          <tbody>
            {transmitters.map(({ id, frequency_hz, mode, received }) => (
              <tr key={id}>
                <td>{megahertz(frequency_hz)}</td>
                <td class="mono mode">{mode}</td>
                <td class={received ? 'good' : ''}>{received ? words.states.received : words.states.able}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <AddTransmitter key={`${name} transmitter`} to={String(norad ?? name)} />
    </section>
  );
}

function elementsOf({ name, tracked }: SatelliteEntry): string {
  const own = elements.value?.satellites.find((one) => one.name === name);
  if (own === undefined) return tracked === null ? words.notFollowed : words.noElements;
  if (own.age_days === null) return words.noElements;
  const age = words.elementsAge(own.age_days) + (own.pinned ? `, ${words.pinned}` : '');
  return own.source === null ? age : words.elementsOf(age, own.source);
}
