import { nextCommand } from './rotator-command.ts';
import { type OffTarget, offTargetTimes } from './rotator-follow.ts';
import {
  type AxisPosition,
  type CompleteMount,
  checkPosition,
  completeMount,
  type Direction,
  type Envelope,
  envelopeOf,
  type Mount,
} from './rotator-mount.ts';
import { type AxisPath, cheapestPath, positionAt } from './rotator-path.ts';
import { commandOn, type Route, routeBetween } from './rotator-route.ts';
import { azimuthCost, bestElevation, elevationCost, nearestAzimuth } from './rotator-target.ts';

/** The satellite's way over the sky during a pass. */
export interface Track {
  readonly aosMs: number;
  readonly losMs: number;
  /** Where it is at any time from `aosMs` to `losMs`. */
  at(timeMs: number): Direction;
}

export interface RotationQuery {
  readonly track: Track;
  readonly mount: Mount;
  /** Where the rotator is, or will be, before the pass. */
  readonly from: AxisPosition;
  /** It can't move before this time. Default: there is time enough. */
  readonly notBeforeMs?: number;
}

export interface RotatorPlan {
  readonly aosMs: number;
  readonly losMs: number;
  /** When it has to start moving to be in position at AOS. */
  readonly prePointMs: number;
  /** From one command to the next, ms: what the plan counts on. */
  readonly updateIntervalMs: number;
  /** Where the satellite is; at its ends before and behind the pass. */
  target(timeMs: number): Direction;
  /**
   * The position to command at a time, early by the loop delay and half an update interval. Before `prePointMs` and behind the
   * pass it stands still. Always inside the envelope.
   */
  at(timeMs: number): AxisPosition;
  /** What to send at a time when `last` was sent before; null while it is near enough. Heeds the smallest step. */
  next(timeMs: number, last: AxisPosition | null): AxisPosition | null;
  /** When the antenna is on the satellite first: AOS, or later where it could not be there in time. */
  readonly reachedMs: number;
  /** When the antenna will be further than the tolerance from the satellite. */
  readonly offTarget: readonly OffTarget[];
  /** The elevation axis is beyond 90 degrees during some of the pass. */
  readonly flipped: boolean;
  /** How far the azimuth axis turns from `from` to LOS. */
  readonly azimuthTravelDeg: number;
  /** Where to wait for the next pass: parked, or the end of this pass unwound to the middle turn. */
  readonly rest: AxisPosition;
}

/** Paths are planned a little slower than the mount is, so that it can catch up. */
const RATE_PART = 0.97;
/** It is ready this long before AOS. */
const READY_MS = 1000;
/** A turn more costs this much time off target, s a degree: next to nothing, but the shorter way wins. */
const TRAVEL_COST_S = 1e-5;

/**
 * Plans a pass: which turn of the over-travel, whether flipped, and when to swing round where the satellite outruns the mount,
 * so that the time off target is as short as the rates allow, and of such plans the one with the least travel. A swing at the
 * zenith begins before the satellite is there or lasts until after, as loses less. Takes about 0.1 s for a pass of 15 minutes.
 * @throws RangeError for a mount that can't be, a pass without duration, or a direction that is none
 */
export function planRotation({ track, mount: given, from, notBeforeMs }: RotationQuery): RotatorPlan {
  const mount = completeMount(given);
  const envelope = envelopeOf(mount);
  checkPosition('from', from);
  const { aosMs, losMs } = track;
  if (!(Number.isFinite(aosMs) && losMs > aosMs && losMs < Number.POSITIVE_INFINITY))
    throw new RangeError(`a pass from ${aosMs} to ${losMs}: two times in order expected`);
  const target = (timeMs: number): Direction => {
    const direction = track.at(Math.min(losMs, Math.max(aosMs, timeMs)));
    checkPosition(`direction at ${timeMs}`, direction);
    return direction;
  };
  const leadMs = mount.loopDelayMs + mount.updateIntervalMs / 2;

  const task: PathTask = { mount, envelope, target, aosMs, losMs, from };
  let paths = pathsOf(task, aosMs, false);
  let route: Route | null = routeBetween(mount, envelope, from, startOf(paths));
  let prePointMs = aosMs - leadMs - READY_MS - route.durationMs;
  if (notBeforeMs !== undefined && notBeforeMs > prePointMs) {
    // Too late to be in position: from here on, on the way, every second counts.
    prePointMs = Math.min(notBeforeMs, losMs - 1);
    paths = pathsOf(task, prePointMs, true);
    route = null;
  }

  const rest = restOf(mount, envelope, endOf(paths));
  const start = envelope.clamp(from);
  const at = (timeMs: number): AxisPosition => {
    if (timeMs < prePointMs) return start;
    const elapsedMs = timeMs - prePointMs;
    if (route && elapsedMs < route.durationMs) return commandOn(route, elapsedMs);
    return envelope.clamp({
      azimuthDeg: positionAt(paths.azimuth, timeMs + leadMs),
      elevationDeg: positionAt(paths.elevation, timeMs + leadMs),
    });
  };
  const offTarget = offTargetTimes({ mount, from, startMs: Math.min(prePointMs, aosMs), aosMs, losMs, target, at });
  const [first] = offTarget;
  const next = (timeMs: number, last: AxisPosition | null) => nextCommand(mount, envelope, at(timeMs), last);
  return {
    aosMs,
    losMs,
    prePointMs,
    updateIntervalMs: mount.updateIntervalMs,
    target,
    at,
    next,
    reachedMs: route === null && first?.fromMs === aosMs ? first.toMs : aosMs,
    offTarget,
    flipped: paths.elevation.positionsDeg.some((deg) => deg + mount.elevationOffsetDeg > 90),
    azimuthTravelDeg: travelOf(from.azimuthDeg, paths.azimuth),
    rest,
  };
}

interface Paths {
  readonly azimuth: AxisPath;
  readonly elevation: AxisPath;
}

interface PathTask {
  readonly mount: CompleteMount;
  readonly envelope: Envelope;
  readonly target: (timeMs: number) => Direction;
  readonly aosMs: number;
  readonly losMs: number;
  readonly from: AxisPosition;
}

/** Azimuth first, with elevation free to follow it; then elevation within its own rate. */
function pathsOf({ mount, envelope, target, aosMs, losMs, from }: PathTask, startMs: number, bound: boolean): Paths {
  const travelCostS = TRAVEL_COST_S;
  const azimuth = cheapestPath({
    fromMs: startMs,
    toMs: losMs,
    rangeDeg: mount.azimuthRangeDeg,
    rateDegS: RATE_PART * mount.azimuthRateDegS,
    cost: azimuthCost(mount, envelope, target, aosMs),
    travelCostS,
    start: { atDeg: from.azimuthDeg, bound },
  });
  snap(azimuth, mount.azimuthRangeDeg, (timeMs, deg) => nearestAzimuth(mount, target(timeMs), deg));
  const azimuthAt = (timeMs: number) => positionAt(azimuth, timeMs);
  const elevation = cheapestPath({
    fromMs: startMs,
    toMs: losMs,
    rangeDeg: mount.elevationRangeDeg,
    rateDegS: RATE_PART * mount.elevationRateDegS,
    cost: elevationCost(mount, envelope, target, aosMs, azimuthAt),
    travelCostS,
    start: { atDeg: from.elevationDeg, bound },
  });
  snap(elevation, mount.elevationRangeDeg, (timeMs) => bestElevation(mount, target(timeMs), azimuthAt(timeMs)));
  return { azimuth, elevation };
}

/** A path on a grid becomes exact where the exact position is next to it. */
function snap(
  { timesMs, positionsDeg, gridDeg }: AxisPath,
  [least, most]: readonly [number, number],
  exact: (timeMs: number, deg: number) => number,
): void {
  for (const [k, timeMs] of timesMs.entries()) {
    const deg = Math.min(most, Math.max(least, exact(timeMs, positionsDeg[k]!)));
    if (Math.abs(deg - positionsDeg[k]!) <= 1.5 * gridDeg) positionsDeg[k] = deg;
  }
}

function startOf({ azimuth, elevation }: Paths): AxisPosition {
  return { azimuthDeg: azimuth.positionsDeg[0]!, elevationDeg: elevation.positionsDeg[0]! };
}

function endOf({ azimuth, elevation }: Paths): AxisPosition {
  return { azimuthDeg: azimuth.positionsDeg.at(-1)!, elevationDeg: elevation.positionsDeg.at(-1)! };
}

function restOf({ azimuthRangeDeg, parkAt }: CompleteMount, envelope: Envelope, end: AxisPosition): AxisPosition {
  const middle = (azimuthRangeDeg[0] + azimuthRangeDeg[1]) / 2;
  const turns = Math.round((end.azimuthDeg - middle) / 360);
  return envelope.clamp(parkAt ?? { ...end, azimuthDeg: end.azimuthDeg - 360 * turns });
}

function travelOf(fromDeg: number, { positionsDeg }: AxisPath): number {
  let before = fromDeg;
  let sum = 0;
  for (const deg of positionsDeg) {
    sum += Math.abs(deg - before);
    before = deg;
  }
  return sum;
}
