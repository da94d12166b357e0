import {
  type AxisPosition,
  type CompleteMount,
  completeMount,
  type Envelope,
  envelopeOf,
  type Mount,
} from './rotator-mount.ts';

/** A way between two positions as commands one after another, each given when the one before is reached. */
export interface Route {
  readonly legs: readonly { readonly to: AxisPosition; readonly durationMs: number }[];
  readonly durationMs: number;
}

/** Beyond what the rates say, each leg is given this much for starting and stopping. */
const LEG_SLACK = 1.05;
const LEG_EXTRA_MS = 1000;
/** Obstacles are looked for this close together, and cleared by this much. */
const LOOK_DEG = 0.2;
const CLEARANCE_DEG = 0.5;

/**
 * A safe way from one position to another, both axes moving at once, each at its own rate. Where a horizon mask lies between,
 * elevation first goes as high as the highest obstacle on the way, then azimuth turns, then elevation comes down.
 */
export function routeBetween(mount: CompleteMount, envelope: Envelope, from: AxisPosition, to: AxisPosition): Route {
  const start = envelope.clamp(from);
  const end = envelope.clamp(to);
  const stops = [end];
  if (!envelope.box) {
    let lowest = Number.NEGATIVE_INFINITY;
    let highest = Number.POSITIVE_INFINITY;
    const turn = end.azimuthDeg - start.azimuthDeg;
    const looks = Math.max(1, Math.ceil(Math.abs(turn) / LOOK_DEG));
    for (let i = 0; i <= looks; i++) {
      const azimuthDeg = start.azimuthDeg + (turn * i) / looks;
      lowest = Math.max(lowest, envelope.lowest(azimuthDeg));
      highest = Math.min(highest, envelope.highest(azimuthDeg));
    }
    const over = (elevationDeg: number) =>
      Math.max(lowest + CLEARANCE_DEG, Math.min(highest - CLEARANCE_DEG, elevationDeg));
    const up = envelope.clamp({ ...start, elevationDeg: over(start.elevationDeg) });
    const across = envelope.clamp({ ...end, elevationDeg: over(end.elevationDeg) });
    if (!same(across, end)) stops.unshift(across);
    if (!same(up, start)) stops.unshift(up);
  }
  let at = from;
  const legs = stops.map((stop) => {
    const seconds = Math.max(
      Math.abs(stop.azimuthDeg - at.azimuthDeg) / mount.azimuthRateDegS,
      Math.abs(stop.elevationDeg - at.elevationDeg) / mount.elevationRateDegS,
    );
    at = stop;
    return { to: stop, durationMs: seconds * 1000 * LEG_SLACK + LEG_EXTRA_MS };
  });
  return { legs, durationMs: legs.reduce((sum, leg) => sum + leg.durationMs, 0) };
}

/** The stops of a safe way, the last one being `to` or the nearest allowed position. @throws RangeError for a mount that can't be */
export function stopsBetween(mount: Mount, from: AxisPosition, to: AxisPosition): AxisPosition[] {
  const complete = completeMount(mount);
  return routeBetween(complete, envelopeOf(complete), from, to).legs.map((leg) => leg.to);
}

/** The command that is due `elapsedMs` after the start of a route. */
export function commandOn(route: Route, elapsedMs: number): AxisPosition {
  let left = elapsedMs;
  for (const { to, durationMs } of route.legs) {
    if (left < durationMs) return to;
    left -= durationMs;
  }
  return route.legs.at(-1)!.to;
}

function same(a: AxisPosition, b: AxisPosition): boolean {
  return a.azimuthDeg === b.azimuthDeg && a.elevationDeg === b.elevationDeg;
}
