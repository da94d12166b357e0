import type { Elements } from './elements.ts';
import { dopplerHz, observer } from './observer.ts';
import { type PropagationFailure, propagator } from './propagator.ts';
import { sunlit } from './sunlight.ts';
import { geodetic, type Place } from './wgs84.ts';

/** Where a satellite is, seen from a place and above the Earth. */
export interface TrackView {
  readonly failed: false;
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  readonly rangeKm: number;
  readonly rangeRateKmS: number;
  /** Null without a frequency. */
  readonly dopplerHz: number | null;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly altitudeKm: number;
  readonly sunlit: boolean;
}

/** @param timeMs milliseconds since 1970, UTC */
export function trackView(
  elements: Elements,
  place: Place,
  timeMs: number,
  frequencyHz: number | null,
): TrackView | PropagationFailure {
  const state = propagator(elements)(timeMs);
  if (state.failed) return state;
  const look = observer(place)(state);
  const below = geodetic(state.position);
  return {
    failed: false,
    ...look,
    dopplerHz: frequencyHz === null ? null : dopplerHz(frequencyHz, look.rangeRateKmS),
    latitudeDeg: below.latitudeDeg,
    longitudeDeg: below.longitudeDeg,
    altitudeKm: below.altitudeM / 1000,
    sunlit: sunlit(state),
  };
}
