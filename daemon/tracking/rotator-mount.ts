import type { Horizon } from './horizon.ts';

/** Where the axes of an azimuth/elevation mount stand, as its own display shows it, degrees. */
export interface AxisPosition {
  /** May be below 0 or above 360 where the mount has over-travel. */
  readonly azimuthDeg: number;
  /** Above 90 the antenna looks over its shoulder: azimuth + 180, elevation 180 − this. */
  readonly elevationDeg: number;
}

/** A direction in the sky, degrees: azimuth from north over east. */
export interface Direction {
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
}

/** What an azimuth/elevation mount can do. X/Y mounts are not covered. */
export interface Mount {
  /** First and last indicated azimuth, such as [0, 360], [−180, 450] or [−180, 540]. */
  readonly azimuthRangeDeg: readonly [number, number];
  /** First and last indicated elevation: [0, 90], or [0, 180] for one that can flip. */
  readonly elevationRangeDeg: readonly [number, number];
  readonly azimuthRateDegS: number;
  readonly elevationRateDegS: number;
  /** True azimuth minus the indicated one. Default 0. */
  readonly azimuthOffsetDeg?: number;
  /** True elevation minus the indicated one. Default 0. */
  readonly elevationOffsetDeg?: number;
  /** Commands differ by this at least. Default 0: any difference is sent. */
  readonly minimumStepDeg?: number;
  /** From a command being sent to the axes moving. Default 0. */
  readonly loopDelayMs?: number;
  /** From one command to the next, 100 ms at least. Default 500. */
  readonly updateIntervalMs?: number;
  /** The antenna never points below this. Default: only the elevation range counts. */
  readonly horizon?: Horizon;
  /** Where the mount stands while nothing is to do. */
  readonly parkAt?: AxisPosition;
  /** Further than this from the satellite it is off target. Default 2: a Yagi's beam. */
  readonly toleranceDeg?: number;
}

/** The positions that a mount may be sent to. */
export interface Envelope {
  /** The lowest indicated elevation at an indicated azimuth. */
  lowest(azimuthDeg: number): number;
  /** The highest indicated elevation at an indicated azimuth: over the shoulder there is a horizon too. */
  highest(azimuthDeg: number): number;
  /** The next allowed position: azimuth first, then elevation at that azimuth. */
  clamp(position: AxisPosition): AxisPosition;
  /** Nothing but the two ranges and a horizon that is the same all around. */
  readonly box: boolean;
}

const RAD = Math.PI / 180;

/** A mount with everything that was left out. @throws RangeError for a mount that can't be, naming the field */
export function completeMount(mount: Mount) {
  const full = {
    azimuthOffsetDeg: 0,
    elevationOffsetDeg: 0,
    minimumStepDeg: 0,
    loopDelayMs: 0,
    updateIntervalMs: 500,
    toleranceDeg: 2,
    ...mount,
  };
  const [azimuthFrom, azimuthTo] = full.azimuthRangeDeg;
  const [elevationFrom, elevationTo] = full.elevationRangeDeg;
  check(azimuthTo - azimuthFrom > 0 && azimuthTo - azimuthFrom <= 3600, 'azimuthRangeDeg', full.azimuthRangeDeg);
  check(elevationFrom >= -90 && elevationTo > elevationFrom && elevationTo <= 270, 'elevationRangeDeg', [
    elevationFrom,
    elevationTo,
  ]);
  check(positive(full.azimuthRateDegS), 'azimuthRateDegS', full.azimuthRateDegS);
  check(positive(full.elevationRateDegS), 'elevationRateDegS', full.elevationRateDegS);
  check(Math.abs(full.azimuthOffsetDeg) <= 360, 'azimuthOffsetDeg', full.azimuthOffsetDeg);
  check(Math.abs(full.elevationOffsetDeg) <= 90, 'elevationOffsetDeg', full.elevationOffsetDeg);
  check(full.minimumStepDeg >= 0 && full.minimumStepDeg <= 45, 'minimumStepDeg', full.minimumStepDeg);
  check(full.loopDelayMs >= 0 && full.loopDelayMs <= 60_000, 'loopDelayMs', full.loopDelayMs);
  check(full.updateIntervalMs >= 100 && full.updateIntervalMs <= 60_000, 'updateIntervalMs', full.updateIntervalMs);
  check(full.toleranceDeg > 0 && full.toleranceDeg <= 90, 'toleranceDeg', full.toleranceDeg);
  if (full.parkAt) checkPosition('parkAt', full.parkAt);
  return full;
}

export type CompleteMount = ReturnType<typeof completeMount>;

/** The safe positions of a mount. @throws RangeError where the horizon is higher than the mount can look */
export function envelopeOf(mount: CompleteMount): Envelope {
  const { azimuthRangeDeg, elevationRangeDeg, azimuthOffsetDeg, elevationOffsetDeg, horizon } = mount;
  const [leastAzimuth, mostAzimuth] = azimuthRangeDeg;
  const [leastElevation, mostElevation] = elevationRangeDeg;
  const horizonAt = (azimuthDeg: number) => horizon?.at(turned(azimuthDeg + azimuthOffsetDeg)) ?? -90;
  const lowest = (azimuthDeg: number) => Math.max(leastElevation, horizonAt(azimuthDeg) - elevationOffsetDeg);
  const highest = (azimuthDeg: number) =>
    Math.min(mostElevation, 180 - horizonAt(azimuthDeg + 180) - elevationOffsetDeg);
  for (let azimuthDeg = 0; azimuthDeg < 360; azimuthDeg++)
    if (lowest(azimuthDeg) > highest(azimuthDeg))
      throw new RangeError(`elevation up to ${mostElevation}: at azimuth ${azimuthDeg} the horizon is higher`);
  return {
    lowest,
    highest,
    box: horizon?.flat ?? true,
    clamp(position) {
      const azimuthDeg = Math.min(mostAzimuth, Math.max(leastAzimuth, position.azimuthDeg));
      const elevationDeg = Math.max(
        lowest(azimuthDeg),
        Math.min(highest(azimuthDeg), Math.max(leastElevation, position.elevationDeg)),
      );
      return { azimuthDeg, elevationDeg };
    },
  };
}

/** The direction in which a mount looks: azimuth 0 to below 360, elevation −90 to 90. */
export function directionOf(mount: Mount, position: AxisPosition): Direction {
  const elevation = position.elevationDeg + (mount.elevationOffsetDeg ?? 0);
  const azimuth = position.azimuthDeg + (mount.azimuthOffsetDeg ?? 0);
  return elevation > 90
    ? { azimuthDeg: turned(azimuth + 180), elevationDeg: 180 - elevation }
    : { azimuthDeg: turned(azimuth), elevationDeg: elevation };
}

/** The angle between two directions along the great circle, 0 to 180 degrees. */
export function angleBetweenDeg(a: Direction, b: Direction): number {
  // Haversine: exact for small angles too.
  const up = Math.sin(((a.elevationDeg - b.elevationDeg) / 2) * RAD);
  const around = Math.sin(((a.azimuthDeg - b.azimuthDeg) / 2) * RAD);
  const h = up * up + Math.cos(a.elevationDeg * RAD) * Math.cos(b.elevationDeg * RAD) * around * around;
  return (2 * Math.asin(Math.min(1, Math.sqrt(h)))) / RAD;
}

/** The same azimuth from 0 to below 360. */
export function turned(azimuthDeg: number): number {
  const rest = azimuthDeg % 360;
  return rest < 0 ? (rest + 360) % 360 : rest;
}

/** @throws RangeError unless both are numbers */
export function checkPosition(name: string, { azimuthDeg, elevationDeg }: AxisPosition): void {
  check(Number.isFinite(azimuthDeg) && Number.isFinite(elevationDeg), name, [azimuthDeg, elevationDeg]);
}

function positive(rate: number): boolean {
  return rate > 0 && rate <= 1000;
}

function check(right: boolean, field: string, value: number | readonly number[]): void {
  if (!right)
    throw new RangeError(`${field} ${Array.isArray(value) ? value.join(' to ') : value} of a rotator can't be`);
}
