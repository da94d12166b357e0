import { type GeoPermissibleObjects, geoCircle, geoGraticule10, geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import land from 'world-atlas/land-110m.json';
import { mapHeight, mapWidth } from './camera.ts';

const continents = feature(
  land as unknown as Topology,
  (land as unknown as Topology).objects['land'] as GeometryCollection,
);
const sphere: GeoPermissibleObjects = { type: 'Sphere' };

export interface World {
  /** Paths of SVG. */
  readonly land: string;
  readonly grid: string;
  readonly edge: string;
  path(what: GeoPermissibleObjects): string;
  /** A circle on the Earth, radius in degrees. */
  circle(longitudeDeg: number, latitudeDeg: number, radiusDeg: number): string;
  /** Null for what is not on the map. */
  point(longitudeDeg: number, latitudeDeg: number): readonly [number, number] | null;
}

/** The Earth by Natural Earth's projection, north is up, that longitude in the middle: nothing near the station is cut. */
export function world(middleDeg: number): World {
  const projection = geoNaturalEarth1()
    .rotate([-middleDeg, 0])
    .fitExtent(
      [
        [4, 4],
        [mapWidth - 4, mapHeight - 4],
      ],
      sphere,
    );
  const draw = geoPath(projection).digits(1);
  const path = (what: GeoPermissibleObjects) => draw(what) ?? '';
  return {
    land: path(continents),
    grid: path(geoGraticule10()),
    edge: path(sphere),
    path,
    circle: (longitude, latitude, radius) =>
      path(geoCircle().center([longitude, latitude]).radius(radius).precision(2)()),
    point: (longitude, latitude) => projection([longitude, latitude]),
  };
}
