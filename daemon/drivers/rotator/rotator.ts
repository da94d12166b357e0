import type { AxisPosition } from '../../tracking/rotator-mount.ts';

export type { AxisPosition };

/** How far a rotator's axes go, indicated degrees. */
export interface RotatorLimits {
  readonly azimuthRangeDeg: readonly [number, number];
  readonly elevationRangeDeg: readonly [number, number];
}

/** An azimuth/elevation rotator. All calls reject with a StationError whose code begins with ROTATOR_. */
export interface Rotator {
  readonly kind: 'rotctld' | 'simulated';
  /**
   * Starts to move there; resolves when the command is taken, not when the rotator is there. Rejects with
   * ROTATOR_OUT_OF_LIMITS for where it can't go.
   * @throws RangeError for a position that is none
   */
  moveTo(position: AxisPosition): Promise<void>;
  /** Where the axes are. */
  position(): Promise<AxisPosition>;
  /** Stops both axes at once. */
  stop(): Promise<void>;
  /** What the rotator says of its limits; null when it does not say. */
  limits(): Promise<RotatorLimits | null>;
  close(): void;
}
