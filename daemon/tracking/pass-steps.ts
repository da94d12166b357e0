import type { Elements } from './elements.ts';
import type { Horizon } from './horizon.ts';
import { type Look, observer } from './observer.ts';
import { semiMajorAxisKm } from './orbit-check.ts';
import { EARTH_RATE, propagator } from './propagator.ts';
import { earthFixed, type Place } from './wgs84.ts';

/** A satellite over a station's horizon at one moment. */
export interface Sample {
  readonly timeMs: number;
  /** Null where SGP4 has no answer. */
  readonly look: Look | null;
  /** Degrees; −180 where there is no answer. */
  readonly elevationDeg: number;
  /** Elevation minus that of the horizon at its azimuth, degrees: the satellite is up where it is positive. */
  readonly aboveDeg: number;
  /** How long nothing can be missed, ms: no rising, and no extreme of the elevation that matters. */
  readonly stepMs: number;
  /** The satellite may be seen within two steps from here. */
  readonly near: boolean;
}

export interface Sky {
  readonly elements: Elements;
  readonly place: Place;
  readonly horizon: Horizon;
}

/** Of the time in which a satellite moves as far as it is high, the part that a step takes: elevation is smooth over it. */
const STEP_PART = 0.3;
const SHORTEST_MS = 500;
const LONGEST_MS = 300_000;
const UNANSWERED_MS = 60_000;
/** A mask is sampled at least this fine in azimuth. */
const MASK_STEP_DEG = 0.5;
/** Between the geodetic vertical and the geocentric one, at most. */
const VERTICAL_DEG = 0.2;
/** What perturbations add to the apogee and to the angular rate at the perigee. */
const MARGIN = 1.1;
const DEG = 180 / Math.PI;

/**
 * Samples of the elevation with the step that suits each. Far below the horizon a step is as long as the satellite needs at the
 * least to come into view: the angle at the Earth's centre that is missing, at the angular rate of the perigee.
 */
export function sampler({ elements, place, horizon }: Sky): (timeMs: number) => Sample {
  const orbit = propagator(elements);
  const look = observer(place);
  const site = earthFixed(place);
  const siteKm = Math.hypot(site.x, site.y, site.z);
  const { eccentricity, meanMotionRevPerDay } = elements;
  const apogeeKm = semiMajorAxisKm(meanMotionRevPerDay) * (1 + eccentricity) * MARGIN;
  const lowest = (horizon.lowestDeg - VERTICAL_DEG) / DEG;
  const viewRad = Math.acos(Math.min(1, (siteKm * Math.cos(lowest)) / apogeeKm)) - lowest;
  const perigeeRate =
    (((meanMotionRevPerDay * 2 * Math.PI) / 86_400) * Math.sqrt(1 + eccentricity)) / (1 - eccentricity) ** 1.5;
  const fastestRadPerMs = (perigeeRate * MARGIN + EARTH_RATE) / 1000;

  return (timeMs) => {
    const state = orbit(timeMs);
    if (state.failed)
      return { timeMs, look: null, elevationDeg: -180, aboveDeg: -180, stepMs: UNANSWERED_MS, near: false };
    const { position: p, velocity: v } = state;
    const seen = look(state);
    const elevationDeg = seen.elevationDeg;
    const aboveDeg = elevationDeg - horizon.at(seen.azimuthDeg);
    const radiusKm = Math.sqrt(p.x * p.x + p.y * p.y + p.z * p.z);
    const speed = Math.sqrt(v.x * v.x + v.y * v.y + v.z * v.z);
    const heightKm = Math.max(1, radiusKm - siteKm);
    let stepMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (STEP_PART * heightKm * 1000) / speed));
    const cosAngle = (p.x * site.x + p.y * site.y + p.z * site.z) / (radiusKm * siteKm);
    const missingRad = Math.acos(Math.min(1, Math.max(-1, cosAngle))) - viewRad;
    const near = missingRad < 2 * stepMs * fastestRadPerMs;
    if (missingRad > 0) stepMs = Math.max(stepMs, missingRad / fastestRadPerMs);
    else if (!horizon.flat && elevationDeg > horizon.lowestDeg - 1) {
      const azimuthDegPerMs = (speed / (seen.rangeKm * Math.max(0.001, Math.cos(elevationDeg / DEG)))) * (DEG / 1000);
      stepMs = Math.min(stepMs, Math.max(SHORTEST_MS, MASK_STEP_DEG / azimuthDegPerMs));
    }
    return { timeMs, look: seen, elevationDeg, aboveDeg, stepMs, near };
  };
}
