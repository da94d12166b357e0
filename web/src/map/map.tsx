import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { GroundReport, StatusReport, TrackReport } from '../../../daemon/api/wire.ts';
import { remPx } from '../parts/rem.ts';
import { texts } from '../texts.ts';
import { type Camera, mapHeight, mapWidth, wholeMap } from './camera.ts';
import { footprintDeg } from './footprint.ts';
import { Names, sizes } from './names.tsx';
import { nightCentre } from './night.ts';
import { subsolar } from './sun.ts';
import { useCamera } from './use-camera.ts';
import { type World, world } from './world.ts';

const t = texts.map;

/** The Earth with satellites, their tracks and footprints, day and night. */
export default function MapPicture(props: {
  station: StatusReport['station'];
  satellites: readonly TrackReport[];
  tracks: readonly GroundReport[];
  chosen: number | null;
  /** The chosen one where somebody chose it: it is brought into view. */
  wanted: number | null;
  nowMs: number;
}) {
  const { station, satellites, tracks, chosen, wanted, nowMs } = props;
  const box = useRef<SVGSVGElement>(null);
  const camera = useCamera(box);
  const [widthPx, setWidthPx] = useState(mapWidth);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidthPx(box.current?.clientWidth || mapWidth));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const earth = useMemo(() => world(station.longitude ?? 0), [station.longitude]);
  const target = satellites.find(({ norad }) => norad === wanted);
  useEffect(() => {
    const at = target && earth.point(target.longitude_deg, target.latitude_deg);
    if (at) camera.bring(at[0], at[1]);
    // Once: from then on the reader may look elsewhere.
  }, [wanted, target === undefined]);
  // The night moves a quarter of a degree in a minute.
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  const night = useMemo(() => earth.circle(...nightCentre(minute), 90), [earth, minute]);
  const sun = subsolar(minute);
  const inView = satellites.filter(({ elevation_deg }) => elevation_deg > 0).map(({ name }) => name);
  const alternative = t.picture(
    inView.length === 0 ? t.noneInView : t.inViewNow(inView.join(', ')),
    t.place(sun.latitudeDeg, sun.longitudeDeg),
  );
  /** Of the map's units, a sixteenth of a rem, so that a text has the same size at every zoom. */
  const px = ((mapWidth / camera.at.zoom / widthPx) * remPx.value) / 16;
  return (
    <div class="map">
      <Buttons camera={camera} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys move it */}
      <section class="map-keys" tabIndex={0} aria-label={t.keys} onKeyDown={camera.key}>
        <svg
          ref={box}
          viewBox={viewBox(camera.at)}
          role="img"
          aria-label={alternative}
          style={{ fontSize: `${sizes.letters * px}px` }}
        >
          <path class="sea" d={earth.edge} />
          <path class="land" d={earth.land} />
          <path class="grid" d={earth.grid} />
          <path class="night" d={night} />
          {tracks.map((track) => (
            <Track key={track.norad} track={track} earth={earth} nowMs={nowMs} main={track.norad === chosen} />
          ))}
          {satellites.map((one) => (
            <path
              key={one.norad}
              class={`footprint${one.norad === chosen ? ' chosen' : ''}`}
              d={earth.circle(one.longitude_deg, one.latitude_deg, footprintDeg(one.altitude_km))}
            />
          ))}
          <Sun earth={earth} {...sun} px={px} />
          <Station earth={earth} station={station} over={satellites.find(({ norad }) => norad === chosen)} px={px} />
          {satellites.map((one) => (
            <Satellite key={one.norad} one={one} earth={earth} chosen={one.norad === chosen} px={px} />
          ))}
          <Names {...{ earth, satellites, chosen, station, sun, px }} camera={camera.at} />
        </svg>
      </section>
      <span class="north" aria-hidden="true">
        ↑ {t.north}
      </span>
    </div>
  );
}

const viewBox = ({ zoom, x, y }: Camera) => `${x} ${y} ${mapWidth / zoom} ${mapHeight / zoom}`;

function Buttons({ camera }: { camera: ReturnType<typeof useCamera> }) {
  return (
    <div class="map-buttons">
      <button type="button" aria-label={t.zoomIn} title={t.zoomIn} onClick={() => camera.zoom(1.6)}>
        +
      </button>
      <button type="button" aria-label={t.zoomOut} title={t.zoomOut} onClick={() => camera.zoom(1 / 1.6)}>
        −
      </button>
      <button type="button" aria-label={t.all} title={t.all} disabled={camera.at === wholeMap} onClick={camera.reset}>
        ⤢
      </button>
    </div>
  );
}

/** What was, dashed, and what will be. */
function Track(props: { track: GroundReport; earth: World; nowMs: number; main: boolean }) {
  const { track, earth, nowMs, main } = props;
  const [past, next] = useMemo(() => {
    const isPast = ({ time }: { time: string }) => Date.parse(time) <= nowMs;
    const at = track.points.findLastIndex(isPast);
    const line = (points: GroundReport['points']) =>
      earth.path({ type: 'LineString', coordinates: points.map((p) => [p.longitude_deg, p.latitude_deg]) });
    return [line(track.points.slice(0, at + 1)), line(track.points.slice(Math.max(0, at)))];
  }, [track, earth, Math.floor(nowMs / 10_000)]);
  return (
    <>
      <path class={`track past${main ? ' chosen' : ''}`} d={past} />
      <path class={`track${main ? ' chosen' : ''}`} d={next} />
    </>
  );
}

function Satellite({ one, earth, chosen, px }: { one: TrackReport; earth: World; chosen: boolean; px: number }) {
  const at = earth.point(one.longitude_deg, one.latitude_deg);
  if (at === null) return null;
  const marks = `${one.elevation_deg > 0 ? ' seen' : ''}${chosen ? ' chosen' : ''}`;
  return (
    <circle class={`satellite${marks}`} cx={at[0]} cy={at[1]} r={(chosen ? sizes.chosen : sizes.satellite) * px} />
  );
}

function Sun(props: { earth: World; latitudeDeg: number; longitudeDeg: number; px: number }) {
  const { earth, latitudeDeg, longitudeDeg, px } = props;
  const at = earth.point(longitudeDeg, latitudeDeg);
  if (at === null) return null;
  return <circle class="sun" cx={at[0]} cy={at[1]} r={sizes.sun * px} />;
}

/** The station, and where the chosen satellite must be to be in view. */
function Station(props: { earth: World; station: StatusReport['station']; over: TrackReport | undefined; px: number }) {
  const { earth, station, over, px } = props;
  const { latitude, longitude } = station;
  if (latitude === null || longitude === null) return null;
  const at = earth.point(longitude, latitude);
  if (at === null) return null;
  const size = sizes.station * px;
  return (
    <g class="place">
      {over !== undefined && (
        <path class="horizon" d={earth.circle(longitude, latitude, footprintDeg(over.altitude_km))} />
      )}
      <path d={`M${at[0]} ${at[1] - size}l${size} ${2 * size}h${-2 * size}z`} />
    </g>
  );
}
