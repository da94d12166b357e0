import type { Clock } from '../../core/clock.ts';
import { StationError } from '../../core/error.ts';
import type { AxisPosition, Rotator, RotatorLimits } from './rotator.ts';

export interface SimulatedRotatorOptions extends RotatorLimits {
  readonly azimuthRateDegS: number;
  readonly elevationRateDegS: number;
  /** Where it is at first. Default: 0, or the nearest that the ranges have. */
  readonly at?: AxisPosition;
  /** From a command to the axes moving, ms. Default 0. */
  readonly delayMs?: number;
}

export interface SimulatedRotator extends Rotator {
  /** While true no axis moves whatever is commanded, as with a broken gear. */
  jammed: boolean;
  /** Where the axes are, without asking. */
  readonly now: AxisPosition;
}

/**
 * A rotator that moves each axis at its own rate on the clock given, reached at once. Positions outside of its ranges are
 * refused with ROTATOR_OUT_OF_LIMITS, as rotctld does.
 */
export function simulatedRotator(options: SimulatedRotatorOptions, clock: Clock): SimulatedRotator {
  const { azimuthRangeDeg, elevationRangeDeg, azimuthRateDegS, elevationRateDegS, delayMs = 0 } = options;
  let { azimuthDeg, elevationDeg } = options.at ?? {
    azimuthDeg: within(0, azimuthRangeDeg),
    elevationDeg: within(0, elevationRangeDeg),
  };
  let lastMs = clock.monotonic();
  let jammed = false;
  let acting: AxisPosition | null = null;
  const underWay: { atMs: number; to: AxisPosition }[] = [];

  function moveUntil(timeMs: number): void {
    const seconds = Math.max(0, timeMs - lastMs) / 1000;
    lastMs = Math.max(lastMs, timeMs);
    if (acting === null || jammed) return;
    azimuthDeg = approach(azimuthDeg, acting.azimuthDeg, azimuthRateDegS * seconds);
    elevationDeg = approach(elevationDeg, acting.elevationDeg, elevationRateDegS * seconds);
  }

  function catchUp(): AxisPosition {
    const nowMs = clock.monotonic();
    while (underWay.length > 0 && underWay[0]!.atMs <= nowMs) {
      const { atMs, to } = underWay.shift()!;
      moveUntil(atMs);
      acting = to;
    }
    moveUntil(nowMs);
    return { azimuthDeg, elevationDeg };
  }

  return {
    kind: 'simulated',
    async moveTo(to) {
      if (!(Number.isFinite(to.azimuthDeg) && Number.isFinite(to.elevationDeg)))
        throw new RangeError(`azimuth ${to.azimuthDeg}, elevation ${to.elevationDeg}: two numbers expected`);
      catchUp();
      if (
        to.azimuthDeg !== within(to.azimuthDeg, azimuthRangeDeg) ||
        to.elevationDeg !== within(to.elevationDeg, elevationRangeDeg)
      )
        throw new StationError(
          'ROTATOR_OUT_OF_LIMITS',
          `the simulated rotator can't go to ${to.azimuthDeg} ${to.elevationDeg}: outside of its limits`,
        );
      underWay.push({ atMs: clock.monotonic() + delayMs, to });
    },
    position: async () => catchUp(),
    async stop() {
      catchUp();
      underWay.length = 0;
      acting = null;
    },
    limits: async () => ({ azimuthRangeDeg, elevationRangeDeg }),
    close() {},
    get jammed() {
      return jammed;
    },
    set jammed(value) {
      catchUp();
      jammed = value;
    },
    get now() {
      return catchUp();
    },
  };
}

function within(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value));
}

function approach(from: number, to: number, most: number): number {
  return from + Math.max(-most, Math.min(most, to - from));
}
