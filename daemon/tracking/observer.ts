import type { State } from './propagator.ts';
import { earthFixed, type Place } from './wgs84.ts';

/** Where a station sees a satellite; geometric, without refraction and light time. */
export interface Look {
  /** From north over east, 0 to below 360. */
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  readonly rangeKm: number;
  /** Negative while the satellite comes nearer. */
  readonly rangeRateKmS: number;
}

export type Observer = (state: State) => Look;

const DEG = 180 / Math.PI;

/** The view from a place. @throws RangeError for a place that is none */
export function observer(place: Place): Observer {
  const { latitudeDeg, longitudeDeg, altitudeM } = place;
  if (!(Math.abs(latitudeDeg) <= 90)) throw new RangeError(`latitude ${latitudeDeg}: -90 to 90 degrees expected`);
  if (!(Math.abs(longitudeDeg) <= 360)) throw new RangeError(`longitude ${longitudeDeg}: -360 to 360 degrees expected`);
  if (!Number.isFinite(altitudeM)) throw new RangeError(`altitude ${altitudeM}: metres expected`);
  const site = earthFixed(place);
  const [sinLat, cosLat] = [Math.sin(latitudeDeg / DEG), Math.cos(latitudeDeg / DEG)];
  const [sinLon, cosLon] = [Math.sin(longitudeDeg / DEG), Math.cos(longitudeDeg / DEG)];
  return ({ position, velocity }) => {
    const x = position.x - site.x;
    const y = position.y - site.y;
    const z = position.z - site.z;
    const rangeKm = Math.sqrt(x * x + y * y + z * z);
    const outward = cosLon * x + sinLon * y;
    const east = cosLon * y - sinLon * x;
    const north = cosLat * z - sinLat * outward;
    const up = cosLat * outward + sinLat * z;
    const azimuthDeg = Math.atan2(east, north) * DEG;
    return {
      azimuthDeg: azimuthDeg < 0 ? (azimuthDeg + 360) % 360 : azimuthDeg,
      elevationDeg: Math.atan2(up, Math.sqrt(east * east + north * north)) * DEG,
      rangeKm,
      rangeRateKmS: (x * velocity.x + y * velocity.y + z * velocity.z) / rangeKm,
    };
  };
}

export const SPEED_OF_LIGHT_KM_S = 299_792.458;

/** What the carrier is shifted by: positive while the satellite comes nearer (first order in v/c: good for 0.3 Hz at 435 MHz). */
export function dopplerHz(frequencyHz: number, rangeRateKmS: number): number {
  return (-rangeRateKmS / SPEED_OF_LIGHT_KM_S) * frequencyHz;
}
