import type { Direction } from './rotator-mount.ts';
import type { Track } from './rotator-planner.ts';

export interface TrackPoint extends Direction {
  readonly timeMs: number;
}

const RAD = Math.PI / 180;

/**
 * A track through points in the order of time, a second apart or less in a low orbit: along the chord between neighbours, so
 * that north and the zenith are like anywhere else.
 * @throws RangeError for fewer than two points, or times out of order
 */
export function trackThrough(points: readonly TrackPoint[]): Track {
  const times = points.map((point) => point.timeMs);
  if (points.length < 2 || times.some((time, i) => !(time > (times[i - 1] ?? Number.NEGATIVE_INFINITY))))
    throw new RangeError('a track needs two points or more in the order of time');
  const units = points.map(({ azimuthDeg, elevationDeg }) => {
    const flat = Math.cos(elevationDeg * RAD);
    return {
      x: flat * Math.cos(azimuthDeg * RAD),
      y: flat * Math.sin(azimuthDeg * RAD),
      z: Math.sin(elevationDeg * RAD),
    };
  });
  return {
    aosMs: times[0]!,
    losMs: times.at(-1)!,
    at(timeMs) {
      let low = 0;
      let high = times.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (times[middle]! <= timeMs) low = middle;
        else high = middle;
      }
      const part = Math.min(1, Math.max(0, (timeMs - times[low]!) / (times[high]! - times[low]!)));
      const [a, b] = [units[low]!, units[high]!];
      const x = a.x + part * (b.x - a.x);
      const y = a.y + part * (b.y - a.y);
      const z = a.z + part * (b.z - a.z);
      const azimuthDeg = Math.atan2(y, x) / RAD;
      return {
        azimuthDeg: azimuthDeg < 0 ? (azimuthDeg + 360) % 360 : azimuthDeg,
        elevationDeg: Math.atan2(z, Math.hypot(x, y)) / RAD,
      };
    },
  };
}
