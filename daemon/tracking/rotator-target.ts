import { STEP_ERROR } from './rotator-command.ts';
import type { CompleteMount, Direction, Envelope } from './rotator-mount.ts';

/** Planning keeps within this part of the tolerance: ticks need the rest, and steps still more. */
const TUBE = 0.8;
const LEAST_TUBE = 0.3;
/** Being at the edge of the tolerance costs this part of being off target: little, but the middle is better. */
const EDGE_COST = 0.005;
/** Far off target costs this part more than just off target: of swings that take as long, the one that stays nearer. */
const FAR_COST = 0.05;
/** Over the shoulder costs this, s a second: only when something is gained. */
const FLIPPED_COST = 1e-5;
const RAD = Math.PI / 180;

type CostOf = (timesMs: Float64Array, gridDeg: Float64Array) => (time: number, position: number) => number;
type Target = (timeMs: number) => Direction;

/**
 * What it costs to have the azimuth axis somewhere, with the elevation axis where it is best for that. With the mount's plane
 * at an angle d from the satellite's azimuth, the best elevation is atan2(sin e, cos e cos d), beyond 90 degrees where the
 * satellite is behind; where the axis can't go there, its nearest end. Everything is in sines and cosines from tables.
 */
export function azimuthCost(mount: CompleteMount, envelope: Envelope, target: Target, aosMs: number): CostOf {
  const { azimuthOffsetDeg, elevationOffsetDeg } = mount;
  return (timesMs, gridDeg) => {
    const price = priceOf(mount, gridDeg);
    const [cosAxis, sinAxis] = circle(gridDeg, (deg) => deg + azimuthOffsetDeg);
    const [cosLow, sinLow] = circle(gridDeg, (deg) => envelope.lowest(deg) + elevationOffsetDeg);
    const [cosHigh, sinHigh] = circle(gridDeg, (deg) => envelope.highest(deg) + elevationOffsetDeg);
    let known = -1;
    let [east, north, up] = [0, 0, 0];
    return (time, i) => {
      if (timesMs[time]! < aosMs) return 0;
      if (time !== known) {
        known = time;
        [east, north, up] = unit(target(timesMs[time]!));
      }
      const along = north * cosAxis[i]! + east * sinAxis[i]!;
      const [cosL, sinL, cosH, sinH] = [cosLow[i]!, sinLow[i]!, cosHigh[i]!, sinHigh[i]!];
      if (up * cosH > along * sinH || up * cosL < along * sinL)
        return price(Math.max(up * sinH + along * cosH, up * sinL + along * cosL));
      return price(Math.sqrt(up * up + along * along)) + (along < 0 ? FLIPPED_COST : 0);
    };
  };
}

/** What it costs to have the elevation axis somewhere, with the azimuth axis known. */
export function elevationCost(
  mount: CompleteMount,
  envelope: Envelope,
  target: Target,
  aosMs: number,
  azimuthAt: (timeMs: number) => number,
): CostOf {
  const { azimuthOffsetDeg, elevationOffsetDeg } = mount;
  return (timesMs, gridDeg) => {
    const price = priceOf(mount, gridDeg);
    const [cosAxis, sinAxis] = circle(gridDeg, (deg) => deg + elevationOffsetDeg);
    let known = -1;
    let [along, up, lowest, highest] = [0, 0, 0, 0];
    return (time, i) => {
      if (timesMs[time]! < aosMs) return 0;
      if (time !== known) {
        known = time;
        const azimuthDeg = azimuthAt(timesMs[time]!);
        const [east, north, high] = unit(target(timesMs[time]!));
        const axis = (azimuthDeg + azimuthOffsetDeg) * RAD;
        along = north * Math.cos(axis) + east * Math.sin(axis);
        up = high;
        lowest = envelope.lowest(azimuthDeg);
        highest = envelope.highest(azimuthDeg);
      }
      // Where it may not be, it will be clamped: the nearer the better.
      const deg = gridDeg[i]!;
      const outside = deg < lowest ? lowest - deg : deg > highest ? deg - highest : 0;
      return outside > 0 ? 2 + outside : price(along * cosAxis[i]! + up * sinAxis[i]!);
    };
  };
}

/** The indicated azimuth nearest to `deg` at which the satellite is in the mount's plane, in front or behind. */
export function nearestAzimuth(
  { azimuthOffsetDeg, elevationRangeDeg, elevationOffsetDeg }: CompleteMount,
  direction: Direction,
  deg: number,
): number {
  const every = elevationRangeDeg[1] + elevationOffsetDeg > 90 ? 180 : 360;
  const front = direction.azimuthDeg - azimuthOffsetDeg;
  return front + every * Math.round((deg - front) / every);
}

/** The indicated elevation that looks nearest to the satellite from an indicated azimuth. */
export function bestElevation(
  { azimuthOffsetDeg, elevationOffsetDeg }: CompleteMount,
  direction: Direction,
  azimuthDeg: number,
): number {
  const [east, north, up] = unit(direction);
  const axis = (azimuthDeg + azimuthOffsetDeg) * RAD;
  return Math.atan2(up, north * Math.cos(axis) + east * Math.sin(axis)) / RAD - elevationOffsetDeg;
}

/** From the cosine of the angle to the satellite to the cost of a second: as its square within the tube, from 1 on outside. Half a
 * grid step is free: else turns would be chosen by which of them the grid fits best. */
function priceOf({ toleranceDeg, minimumStepDeg }: CompleteMount, gridDeg: Float64Array): (cosine: number) => number {
  const tubeDeg = Math.max(LEAST_TUBE * toleranceDeg, TUBE * toleranceDeg - Math.SQRT2 * STEP_ERROR * minimumStepDeg);
  const least = Math.cos(tubeDeg * RAD);
  const half = gridDeg.length > 1 ? (gridDeg[1]! - gridDeg[0]!) / 2 : 0;
  const free = Math.max(least, Math.cos(half * RAD));
  const slope = EDGE_COST / (1 - least);
  const far = FAR_COST * (1 - least);
  return (cosine) => (cosine < least ? 1 + FAR_COST - far / (1 - cosine) : slope * Math.max(0, free - cosine));
}

function unit({ azimuthDeg, elevationDeg }: Direction): [east: number, north: number, up: number] {
  const flat = Math.cos(elevationDeg * RAD);
  return [flat * Math.sin(azimuthDeg * RAD), flat * Math.cos(azimuthDeg * RAD), Math.sin(elevationDeg * RAD)];
}

function circle(gridDeg: Float64Array, angle: (deg: number) => number): [cosines: Float64Array, sines: Float64Array] {
  const radians = gridDeg.map((deg) => angle(deg) * RAD);
  return [radians.map(Math.cos), radians.map(Math.sin)];
}
