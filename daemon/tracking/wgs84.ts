import type { Vector } from './propagator.ts';

/** Semi-major axis in km and square of the eccentricity of the ellipsoid WGS 84. */
const AXIS_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);

/** A place by its geodetic coordinates: north and east are positive, the altitude is above the ellipsoid. */
export interface Place {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly altitudeM: number;
}

/** Geodetic → fixed to the Earth, km. */
export function earthFixed({ latitudeDeg, longitudeDeg, altitudeM }: Place): Vector {
  const latitude = (latitudeDeg * Math.PI) / 180;
  const longitude = (longitudeDeg * Math.PI) / 180;
  const sin = Math.sin(latitude);
  const normal = AXIS_KM / Math.sqrt(1 - E2 * sin * sin);
  const across = (normal + altitudeM / 1000) * Math.cos(latitude);
  return {
    x: across * Math.cos(longitude),
    y: across * Math.sin(longitude),
    z: (normal * (1 - E2) + altitudeM / 1000) * sin,
  };
}

/** Fixed to the Earth, km → geodetic; the longitude from −180 to below 180 degrees. */
export function geodetic({ x, y, z }: Vector): Place {
  const across = Math.hypot(x, y);
  let latitude = Math.atan2(z, across);
  // Each round gains over two digits: below a millimetre after six.
  for (let round = 0; round < 6; round++) {
    const sin = Math.sin(latitude);
    const normal = AXIS_KM / Math.sqrt(1 - E2 * sin * sin);
    latitude = Math.atan2(z + normal * E2 * sin, across);
  }
  const sin = Math.sin(latitude);
  // This form of the altitude holds at the poles as well.
  const altitudeKm = across * Math.cos(latitude) + z * sin - AXIS_KM * Math.sqrt(1 - E2 * sin * sin);
  const longitudeDeg = (Math.atan2(y, x) * 180) / Math.PI;
  return {
    latitudeDeg: (latitude * 180) / Math.PI,
    longitudeDeg: longitudeDeg >= 180 ? longitudeDeg - 360 : longitudeDeg,
    altitudeM: altitudeKm * 1000,
  };
}
