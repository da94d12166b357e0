/**
 * A satellite on a circular orbit passing a station on a spherical Earth, in closed form: what a synthetic pass needs, with no
 * elements and no clock. The Earth's turning is left out (it changes a low pass by some per cent).
 */
export interface PassShape {
  readonly altitudeKm: number;
  readonly maxElevationDeg: number;
}

export interface PassGeometry {
  /** Half the time above the horizon, in s: the pass lasts from −halfDurationS to halfDurationS around the closest approach. */
  readonly halfDurationS: number;
  /** Slant range in km, `t` in s from the closest approach. */
  rangeKm(t: number): number;
  /** Its rate in km/s: negative while the satellite comes nearer. */
  rangeRateKmS(t: number): number;
  elevationDeg(t: number): number;
}

/** Mean radius of the Earth, km (IUGG R1), and its gravitational parameter, km³/s² (WGS 84). */
const EARTH_RADIUS_KM = 6371.0088;
const EARTH_MU = 398_600.4418;
export const SPEED_OF_LIGHT_KM_S = 299_792.458;

/** @throws RangeError unless the orbit is 150 to 40000 km high and the highest elevation above 0 and up to 90 degrees. */
export function passGeometry({ altitudeKm, maxElevationDeg }: PassShape): PassGeometry {
  if (!(altitudeKm >= 150 && altitudeKm <= 40_000))
    throw new RangeError(`altitude ${altitudeKm} km: 150 to 40000 expected`);
  if (!(maxElevationDeg > 0 && maxElevationDeg <= 90))
    throw new RangeError(`maximum elevation ${maxElevationDeg} degrees: above 0 and up to 90 expected`);
  const radius = EARTH_RADIUS_KM + altitudeKm;
  const angularRate = Math.sqrt(EARTH_MU / radius ** 3); // rad/s
  const elevation = (maxElevationDeg * Math.PI) / 180;
  // Angle at the Earth's centre between the station and the closest point of the track.
  const nearest = Math.acos((EARTH_RADIUS_KM * Math.cos(elevation)) / radius) - elevation;
  const cosNearest = Math.cos(nearest);
  const cosAngle = (t: number) => cosNearest * Math.cos(angularRate * t);
  const rangeKm = (t: number) =>
    Math.sqrt(EARTH_RADIUS_KM ** 2 + radius ** 2 - 2 * EARTH_RADIUS_KM * radius * cosAngle(t));
  return {
    halfDurationS: Math.acos(EARTH_RADIUS_KM / radius / cosNearest) / angularRate,
    rangeKm,
    rangeRateKmS: (t) => (EARTH_RADIUS_KM * radius * cosNearest * angularRate * Math.sin(angularRate * t)) / rangeKm(t),
    elevationDeg: (t) => (Math.asin((radius * cosAngle(t) - EARTH_RADIUS_KM) / rangeKm(t)) * 180) / Math.PI,
  };
}
