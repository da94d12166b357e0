import type { AxisPosition } from './rotator.ts';

export interface StallWatch {
  /** One line when an axis does not move towards its command, else null. `nowMs` is monotonic. */
  look(commanded: AxisPosition | null, read: AxisPosition, nowMs: number): string | null;
  /** Forgets what was before. */
  reset(): void;
}

export interface StallLimits {
  /** Nearer to its command than this an axis has arrived, degrees. */
  readonly arrivedDeg: number;
  /** An axis that has not arrived has to move within this time, ms. */
  readonly stallMs: number;
}

/** Noise of a potentiometer moves the reading this much without the axis moving, degrees. */
const NOISE_DEG = 0.3;

const axes = [
  { name: 'azimuth', key: 'azimuthDeg' },
  { name: 'elevation', key: 'elevationDeg' },
] as const;

/** Commanded against read position. An axis that has arrived, or moves, begins anew. */
export function stallWatch({ arrivedDeg, stallMs }: StallLimits): StallWatch {
  const since: { azimuthDeg: Anchor | null; elevationDeg: Anchor | null } = { azimuthDeg: null, elevationDeg: null };
  return {
    look(commanded, read, nowMs) {
      for (const { name, key } of axes) {
        const anchor = since[key];
        const arrived = commanded === null || Math.abs(commanded[key] - read[key]) <= arrivedDeg;
        if (arrived) since[key] = null;
        else if (anchor === null || Math.abs(read[key] - anchor.deg) > NOISE_DEG)
          since[key] = { deg: read[key], ms: nowMs };
        else if (nowMs - anchor.ms >= stallMs)
          return `the ${name} axis does not move: at ${read[key].toFixed(1)} for ${Math.round(stallMs / 1000)} s, sent to ${commanded[key].toFixed(1)}`;
      }
      return null;
    },
    reset() {
      since.azimuthDeg = null;
      since.elevationDeg = null;
    },
  };
}

interface Anchor {
  readonly deg: number;
  readonly ms: number;
}
