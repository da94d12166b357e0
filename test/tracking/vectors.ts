import { readFileSync } from 'node:fs';
import { type Elements, parseElements } from '../../daemon/tracking/elements.ts';
import type { HorizonPoint } from '../../daemon/tracking/horizon.ts';
import type { Place } from '../../daemon/tracking/wgs84.ts';

/** Seconds are from `fromMs`. */
interface File {
  from: string;
  hours: number;
  stations: { name: string; latitude: number; longitude: number; altitude_m: number }[];
  mask: [number, number][];
  satellites: {
    name: string;
    norad: number;
    lines: [string, string];
    /** station, s, azimuth, elevation, range, range rate */
    views: [number, number, number, number, number, number][];
    /** s, latitude, longitude, altitude in km, sunlit */
    ground: [number, number, number, number, boolean | null][];
    searches: { station: number; min_elevation_deg: number | null; passes: VectorPass[] }[];
  }[];
}

/** AOS, highest, LOS, greatest elevation, azimuths at AOS and LOS */
export type VectorPass = [number | null, number, number | null, number, number | null, number | null];

export const file: File = JSON.parse(readFileSync(new URL('../vectors/tracking.json', import.meta.url), 'utf8'));
export const fromMs = Date.parse(file.from);
export const places: Place[] = file.stations.map((s) => ({
  latitudeDeg: s.latitude,
  longitudeDeg: s.longitude,
  altitudeM: s.altitude_m,
}));
export const mask: HorizonPoint[] = file.mask.map(([azimuthDeg, elevationDeg]) => ({ azimuthDeg, elevationDeg }));

export const satellites = file.satellites.map((satellite) => {
  const { elements, bad } = parseElements([satellite.name, ...satellite.lines].join('\n'), { source: 'vectors' });
  if (bad.length > 0 || elements.length !== 1) throw new Error(`${satellite.name}: ${JSON.stringify(bad)}`);
  return { ...satellite, elements: elements[0] as Elements };
});

/** The smaller way around between two azimuths, degrees. */
export function turn(a: number, b: number): number {
  return Math.abs(((((a - b + 180) % 360) + 360) % 360) - 180);
}
