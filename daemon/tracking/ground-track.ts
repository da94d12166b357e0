import type { Elements } from './elements.ts';
import { type PropagationFailure, propagator } from './propagator.ts';
import { sunlit } from './sunlight.ts';
import { geodetic } from './wgs84.ts';

/** A point of the Earth below a satellite. */
export interface GroundPoint {
  readonly timeMs: number;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Of the satellite, above the ellipsoid. */
  readonly altitudeKm: number;
  readonly sunlit: boolean;
}

/** Time of one turn around the Earth. */
export const orbitMs = ({ meanMotionRevPerDay }: Elements): number => 86_400_000 / meanMotionRevPerDay;

/** The way over the Earth, first and last instant included where the step comes out even; the failure where there is one. */
export function groundTrack(
  elements: Elements,
  fromMs: number,
  toMs: number,
  stepMs: number,
): readonly GroundPoint[] | PropagationFailure {
  const at = propagator(elements);
  const points: GroundPoint[] = [];
  for (let timeMs = fromMs; timeMs <= toMs; timeMs += stepMs) {
    const state = at(timeMs);
    if (state.failed) return state;
    const { latitudeDeg, longitudeDeg, altitudeM } = geodetic(state.position);
    points.push({ timeMs, latitudeDeg, longitudeDeg, altitudeKm: altitudeM / 1000, sunlit: sunlit(state) });
  }
  return points;
}
