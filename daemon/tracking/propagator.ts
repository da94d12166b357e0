import { checkForDecay, gstime, json2satrec, SatRecError, sgp4 } from 'satellite.js';
import type { Elements } from './elements.ts';
import { ommOf } from './omm.ts';

export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Where a satellite is. */
export interface State {
  readonly failed: false;
  readonly timeMs: number;
  /** In TEME, the frame of SGP4, which does not turn: km. */
  readonly inertial: Vector;
  /** Fixed to the Earth (TEME turned by the mean sidereal time of 1982, UT1 = UTC, no polar motion): km. */
  readonly position: Vector;
  /** Against the turning Earth: km/s. */
  readonly velocity: Vector;
}

/** SGP4 has no answer for that time. */
export interface PropagationFailure {
  readonly failed: 'decayed' | 'no orbit';
  readonly timeMs: number;
}

/** Why there is no answer, for people. */
export function failureReason({ epochMs }: Elements, failed: PropagationFailure['failed']): string {
  const epoch = new Date(epochMs).toISOString().slice(0, 10);
  return failed === 'decayed'
    ? `by its elements of ${epoch} it has decayed`
    : `its elements of ${epoch} do not reach that far`;
}

/** @param timeMs milliseconds since 1970, UTC */
export type Propagator = (timeMs: number) => State | PropagationFailure;

/** The Earth's rotation, rad/s (Vallado, rate of the mean sidereal time). */
export const EARTH_RATE = 7.292115146706979e-5;
const JULIAN_1970 = 2_440_587.5;
const DAY_MS = 86_400_000;

export function julianDay(timeMs: number): number {
  return JULIAN_1970 + timeMs / DAY_MS;
}

/** SGP4 of one satellite. A decayed orbit, or one that the model can't follow so far, is a value. */
export function propagator(elements: Elements): Propagator {
  // The library reads an epoch in whole milliseconds, and sgp4 takes minutes from it: so no fraction is lost.
  const satellite = json2satrec({
    ...ommOf(elements),
    OBJECT_ID: '',
    ELEMENT_SET_NO: 0,
    MEAN_MOTION_DOT: 0,
    MEAN_MOTION_DDOT: 0,
  } as Parameters<typeof json2satrec>[0]);
  const { epochMs } = elements;
  return (timeMs) => {
    const state = sgp4(satellite, (timeMs - epochMs) / 60_000);
    if (state === null) return { failed: satellite.error === SatRecError.Decayed ? 'decayed' : 'no orbit', timeMs };
    if (checkForDecay(satellite)) return { failed: 'decayed', timeMs };
    const { position: r, velocity: v } = state;
    if (!Number.isFinite(r.x + r.y + r.z + v.x + v.y + v.z)) return { failed: 'no orbit', timeMs };
    const sidereal = gstime(julianDay(timeMs));
    const cos = Math.cos(sidereal);
    const sin = Math.sin(sidereal);
    const position = { x: cos * r.x + sin * r.y, y: cos * r.y - sin * r.x, z: r.z };
    const velocity = {
      x: cos * v.x + sin * v.y + EARTH_RATE * position.y,
      y: cos * v.y - sin * v.x - EARTH_RATE * position.x,
      z: v.z,
    };
    return { failed: false, timeMs, inertial: r, position, velocity };
  };
}
