import { useEffect, useState } from 'preact/hooks';
import type { SatelliteEntry } from '../../../daemon/api/wire.ts';
import { remPx } from '../parts/rem.ts';
import { AddSatellite } from '../satellites/add-transmitter.tsx';
import { Detail } from '../satellites/detail.tsx';
import { ElementSources, PasteElements } from '../satellites/element-sources.tsx';
import { type Filter, found, isReceived } from '../satellites/search.ts';
import { refresh, satellites } from '../satellites/state.ts';
import { WindowList } from '../satellites/window-list.tsx';
import { texts } from '../texts.ts';
import '../satellites/satellites.css';

const words = texts.satellites;
const refreshEveryMs = 15_000;
const rowRem = 3.625;

/** All known satellites, and the one in the address: #satellites/GOMX-3. */
export default function Satellites({ rest }: { rest: string }) {
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  useEffect(() => {
    void refresh();
    const timer = setInterval(refresh, refreshEveryMs);
    return () => clearInterval(timer);
  }, []);
  const all = satellites.value;
  if (all === null) return <p>{texts.loading}</p>;
  const shown = found(all, search, filter);
  const chosen = all.find(({ name }) => name === rest);
  return (
    <div class={chosen === undefined ? 'satellites' : 'satellites one-chosen'}>
      <section class="panel finder" aria-label={texts.views.satellites}>
        <div class="search">
          <label class="grow">
            <span>{words.search}</span>
            <input
              type="search"
              placeholder={words.searchHint}
              value={search}
              onInput={(event) => setSearch(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && shown[0] !== undefined) location.hash = addressOf(shown[0]);
              }}
            />
          </label>
          <label>
            <span>{words.show}</span>
            <select value={filter} onChange={(event) => setFilter(event.currentTarget.value as Filter)}>
              {Object.entries(words.filters).map(([key, text]) => (
                <option key={key} value={key}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        </div>
        <p role="status" class="quiet count">
          {shown.length === 0 ? words.none : words.count(shown.length, all.length)}
        </p>
        <WindowList
          key={`${search} ${filter}`}
          label={words.list}
          items={shown}
          keyOf={({ name }) => name}
          rowHeight={rowRem * remPx.value}
          begin={shown.findIndex(({ name }) => name === rest)}
          row={(one, tabIndex) => <Row satellite={one} current={one.name === rest} tabIndex={tabIndex} />}
        />
      </section>
      <div class="beside">
        {chosen !== undefined ? (
          <Detail satellite={chosen} />
        ) : rest === '' ? (
          <p class="panel hint">{words.choose}</p>
        ) : (
          <p class="panel warn" role="alert">
            {words.unknown(rest)}
          </p>
        )}
        <ElementSources />
        <PasteElements />
        <AddSatellite />
      </div>
    </div>
  );
}

const addressOf = ({ name }: SatelliteEntry): string => `#satellites/${encodeURIComponent(name)}`;

function Row(props: { satellite: SatelliteEntry; current: boolean; tabIndex: 0 | -1 }) {
  const { satellite, current, tabIndex } = props;
  const { name, norad, transmitters, tracked } = satellite;
  const first = transmitters[0];
  return (
    <a href={addressOf(satellite)} tabIndex={tabIndex} aria-current={current ? 'true' : undefined}>
      <span class="name">
        {name} <small>{norad}</small>
      </span>
      <span class="marks">
        {isReceived(satellite) && <span class="mark good">{words.received}</span>}
        {tracked !== null && <span class="mark accent">{words.tracked}</span>}
      </span>
      <span class="radio quiet">
        {first === undefined
          ? words.noTransmitter
          : `${(first.frequency_hz / 1e6).toFixed(3)} MHz  ${first.mode.split(',')[0]}${transmitters.length > 1 ? ` +${transmitters.length - 1}` : ''}`}
      </span>
    </a>
  );
}
