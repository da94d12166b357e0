import { useState } from 'preact/hooks';
import type { ElementsReport, TrackReport } from '../../../daemon/api/wire.ts';
import '../map/map.css';
import MapPicture from '../map/map.tsx';
import { type Position, usePositions } from '../map/positions.ts';
import { SatelliteTable } from '../map/table.tsx';
import { useTracks } from '../map/tracks.ts';
import { Untracked } from '../parts/untracked.tsx';
import { useResource } from '../parts/use-resource.ts';
import { status, tick, tracking, tracks } from '../station.ts';
import { texts } from '../texts.ts';

const t = texts.map;
const elementsEveryMs = 60_000;

export default function WorldMap({ rest }: { rest: string }) {
  const [allTracks, setAllTracks] = useState(false);
  const elements = useResource<ElementsReport>(tracks.value ? 'elements' : null, elementsEveryMs);
  const tracked = elements.value?.satellites ?? [];
  // Nobody can tell where the others are: they are not asked for.
  const known = new Set(tracked.filter(({ epoch }) => epoch !== null).map(({ norad }) => norad));
  const positions = usePositions([...known].join(','));
  const rows = tracked
    .map(({ norad, name }) => ({ norad, name, at: known.has(norad) ? positions.get(norad) : null }))
    .sort((a, b) => Number(isUp(b.at)) - Number(isUp(a.at)) || (a.name < b.name ? -1 : 1));
  const wanted = rows.find(({ norad }) => String(norad) === rest)?.norad ?? null;
  const chosen = wanted ?? rows.find(({ at }) => at !== null)?.norad ?? null;
  const lined = allTracks ? [...known].toSorted((a, b) => a - b) : chosen !== null && known.has(chosen) ? [chosen] : [];
  const lines = useTracks(lined.join(','));
  const station = status.value?.station;
  const nowMs = tracking.value === null ? tick.value : Date.parse(tracking.value.time);
  if (tracks.value === false)
    return (
      <section class="panel">
        <h2>{t.title}</h2>
        <Untracked />
      </section>
    );
  if (elements.value === null || station === undefined)
    return <p class={elements.error === null ? undefined : 'warn'}>{elements.error ?? texts.loading}</p>;
  return (
    <div class="map-view">
      <section class="panel" aria-labelledby="map-title">
        <div class="title">
          <h2 id="map-title">{t.title}</h2>
          <label>
            <input type="checkbox" checked={allTracks} onChange={() => setAllTracks(!allTracks)} /> {t.allTracks}
          </label>
        </div>
        <MapPicture
          station={station}
          satellites={rows.flatMap(({ at }) => (isKnown(at) ? [at] : []))}
          tracks={lines}
          chosen={chosen}
          wanted={wanted}
          nowMs={nowMs}
        />
        <Legend />
      </section>
      <div class="panel">
        <SatelliteTable satellites={rows} chosen={chosen} />
      </div>
    </div>
  );
}

const isKnown = (at: Position | undefined): at is TrackReport => at !== undefined && at !== null && !('reason' in at);
const isUp = (at: Position | undefined): boolean => isKnown(at) && at.elevation_deg > 0;

function Legend() {
  return (
    <p class="map-legend" aria-hidden="true">
      {(['past', 'next', 'footprint', 'horizon', 'night'] as const).map((what) => (
        <span key={what}>
          <span class={`key ${what}`} /> {t.legend[what]}
        </span>
      ))}
    </p>
  );
}
