import type { Orbit } from './elements.ts';

/** WGS 72, the model that mean elements are fitted with: km³/s² and km. */
const EARTH_MU = 398_600.8;
const EARTH_RADIUS_KM = 6378.135;
/** A circular orbit at the surface has 17.04 revolutions a day. */
const MOST_REV_PER_DAY = 18;

export const MAX_CATALOGUE_NUMBER = 999_999_999;

/** Semi-major axis in km of a mean motion. */
export function semiMajorAxisKm(meanMotionRevPerDay: number): number {
  const radPerS = (meanMotionRevPerDay * 2 * Math.PI) / 86_400;
  return Math.cbrt(EARTH_MU / radPerS ** 2);
}

/** Why no satellite can be on this orbit, or null. */
export function impossibility(orbit: Orbit): string | null {
  const { norad, epochMs, meanMotionRevPerDay, eccentricity, inclinationDeg } = orbit;
  if (!(Number.isInteger(norad) && norad >= 1 && norad <= MAX_CATALOGUE_NUMBER))
    return `catalogue number ${norad}: 1 to ${MAX_CATALOGUE_NUMBER} expected`;
  if (!Number.isFinite(epochMs)) return 'the epoch is no time';
  if (!(eccentricity >= 0 && eccentricity < 1)) return `eccentricity ${eccentricity}: 0 to below 1 expected`;
  if (!(meanMotionRevPerDay > 0 && meanMotionRevPerDay <= MOST_REV_PER_DAY))
    return `mean motion ${meanMotionRevPerDay} revolutions a day: above 0 and up to ${MOST_REV_PER_DAY} expected`;
  if (!(inclinationDeg >= 0 && inclinationDeg <= 180))
    return `inclination ${inclinationDeg} degrees: 0 to 180 expected`;
  for (const key of ['raanDeg', 'argumentOfPerigeeDeg', 'meanAnomalyDeg'] as const)
    if (!(Math.abs(orbit[key]) <= 360)) return `${key} ${orbit[key]}: 0 to 360 expected`;
  if (!Number.isFinite(orbit.bstar)) return `drag ${orbit.bstar}: a number expected`;
  const perigeeKm = semiMajorAxisKm(meanMotionRevPerDay) * (1 - eccentricity) - EARTH_RADIUS_KM;
  if (perigeeKm < 0) return `the perigee is ${(-perigeeKm).toFixed(0)} km below the surface`;
  return null;
}
