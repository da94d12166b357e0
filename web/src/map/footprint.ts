/** Mean radius of the Earth, km. */
const earthKm = 6371;

/**
 * How far from the point below it a satellite is above the horizon, in degrees along the Earth: the arc whose cosine is
 * R / (R + h), of a spherical Earth without refraction.
 */
export function footprintDeg(altitudeKm: number): number {
  return (Math.acos(earthKm / (earthKm + Math.max(0, altitudeKm))) * 180) / Math.PI;
}
