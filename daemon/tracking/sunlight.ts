import { shadowFraction, sunPos } from 'satellite.js';
import { julianDay, type State } from './propagator.ts';

/**
 * Whether the Sun shines on a satellite: the Earth hides less than half of its disc. Conical shadow (umbra and penumbra) of
 * a spherical Earth without air; the Sun by the formula of the Astronomical Almanac, good for 0.01 degrees.
 */
export function sunlit({ inertial, timeMs }: State): boolean {
  return shadowFraction(sunPos(julianDay(timeMs)).rsun, inertial) < 0.5;
}
