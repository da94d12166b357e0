import type { StatusReport, TrackReport } from '../../../daemon/api/wire.ts';
import { isNarrow } from '../parts/narrow.ts';
import { texts } from '../texts.ts';
import { type Camera, mapHeight, mapWidth } from './camera.ts';
import { type Place, placeNames } from './place-names.ts';
import type { World } from './world.ts';

/** Sizes on the map in sixteenths of a rem: of letters, and radii of what stands there. */
export const sizes = { letters: 13, sun: 8, station: 6, satellite: 4.5, chosen: 6 } as const;

/** The names of what stands on the map; those of the chosen satellite and of what is in view before others. */
export function Names(props: {
  earth: World;
  satellites: readonly TrackReport[];
  chosen: number | null;
  station: StatusReport['station'];
  sun: { readonly longitudeDeg: number; readonly latitudeDeg: number };
  camera: Camera;
  px: number;
}) {
  const { earth, satellites, chosen, station, sun, camera, px } = props;
  const placeOf = (key: string, text: string, longitude: number, latitude: number, radius: number): Place[] => {
    const at = earth.point(longitude, latitude);
    return at === null ? [] : [{ key, text, x: at[0], y: at[1], radius: radius * px }];
  };
  const satellitePlace = ({ norad, name, longitude_deg, latitude_deg }: TrackReport, named: boolean) =>
    placeOf(
      String(norad),
      named ? name : '',
      longitude_deg,
      latitude_deg,
      norad === chosen ? sizes.chosen : sizes.satellite,
    );
  const isMarked = ({ norad, elevation_deg }: TrackReport) => norad === chosen || elevation_deg > 0;
  const marked = satellites.filter(isMarked).sort((a, b) => Number(b.norad === chosen) - Number(a.norad === chosen));
  const { latitude, longitude } = station;
  const places = [
    ...marked.flatMap((one) => satellitePlace(one, true)),
    ...(latitude === null || longitude === null
      ? []
      : placeOf('station', station.callsign ?? station.name ?? texts.map.station, longitude, latitude, sizes.station)),
    // On a phone there is no room for more.
    ...satellites.filter((one) => !isMarked(one)).flatMap((one) => satellitePlace(one, !isNarrow.value)),
    ...placeOf('sun', texts.map.sun, sun.longitudeDeg, sun.latitudeDeg, sizes.sun),
  ];
  const bold = new Set(marked.map(({ norad }) => String(norad)));
  return placeNames(places, sizes.letters * px, seenOf(camera)).map(({ key, text, x, y, width, anchor }) => (
    <text
      key={key}
      class={bold.has(key) ? 'bold' : undefined}
      x={x + { start: -0.5, middle: 0, end: 0.5 }[anchor] * width}
      y={y + 0.32 * sizes.letters * px}
      text-anchor={anchor}
    >
      {text}
    </text>
  ));
}

const seenOf = ({ zoom, x, y }: Camera) => {
  const [width, height] = [mapWidth / zoom, mapHeight / zoom];
  return { x: x + width / 2, y: y + height / 2, width, height };
};
