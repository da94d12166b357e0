/** The point of the Earth that has the Sun in its zenith. */
export interface Subsolar {
  readonly latitudeDeg: number;
  /** −180 to 180, east is positive. */
  readonly longitudeDeg: number;
}

const rad = Math.PI / 180;
const j2000Ms = Date.UTC(2000, 0, 1, 12);

/**
 * Low-precision formula of the Astronomical Almanac (page C5: 0.01° from 1950 to 2050), Greenwich mean sidereal time after
 * Meeus, Astronomical Algorithms, 12.4. @param timeMs ms since 1970, UTC
 */
export function subsolar(timeMs: number): Subsolar {
  const days = (timeMs - j2000Ms) / 86_400_000;
  const meanLongitude = 280.46 + 0.985_647_4 * days;
  const anomaly = (357.528 + 0.985_600_3 * days) * rad;
  const longitude = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * rad;
  const obliquity = (23.439 - 4e-7 * days) * rad;
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude)) / rad;
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude)) / rad;
  const sidereal = 280.460_618_37 + 360.985_647_366_29 * days;
  return { latitudeDeg: declination, longitudeDeg: around(rightAscension - sidereal) };
}

/** Height of the Sun's centre above the horizon of a place, without refraction, degrees. */
export function sunElevation(latitudeDeg: number, longitudeDeg: number, timeMs: number): number {
  const sun = subsolar(timeMs);
  const [here, there] = [latitudeDeg * rad, sun.latitudeDeg * rad];
  const hourAngle = (longitudeDeg - sun.longitudeDeg) * rad;
  const up = Math.sin(here) * Math.sin(there) + Math.cos(here) * Math.cos(there) * Math.cos(hourAngle);
  // By rounding, the sine of the zenith may be a little above one.
  return Math.asin(Math.max(-1, Math.min(1, up))) / rad;
}

/** An angle from −180 to 180. */
export function around(deg: number): number {
  return deg - 360 * Math.round(deg / 360);
}
