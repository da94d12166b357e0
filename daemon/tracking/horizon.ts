/** What rises over the plain: the lowest free elevation at an azimuth, both in degrees. */
export interface HorizonPoint {
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
}

export interface Horizon {
  /** The elevation above which a satellite is seen at an azimuth of 0 to 360 degrees. */
  at(azimuthDeg: number): number;
  /** The lowest of all azimuths. */
  readonly lowestDeg: number;
  /** The same everywhere. */
  readonly flat: boolean;
}

/** The same elevation all around. @throws RangeError unless it is from −10 to below 90 degrees */
export function flatHorizon(elevationDeg: number): Horizon {
  checkElevation(elevationDeg);
  return { at: () => elevationDeg, lowestDeg: elevationDeg, flat: true };
}

/**
 * Linear between the points, also over north; nowhere below `minElevationDeg`. One point is the same all around.
 * @throws RangeError for no points, two elevations at an azimuth, or values that are none
 */
export function maskedHorizon(points: readonly HorizonPoint[], minElevationDeg = Number.NEGATIVE_INFINITY): Horizon {
  if (points.length === 0) throw new RangeError('a horizon mask needs at least one point');
  for (const { azimuthDeg, elevationDeg } of points) {
    if (!(azimuthDeg >= 0 && azimuthDeg <= 360)) throw new RangeError(`azimuth ${azimuthDeg}: 0 to 360 expected`);
    checkElevation(elevationDeg);
  }
  const sorted = points
    .map(({ azimuthDeg, elevationDeg }) => ({ azimuthDeg: azimuthDeg % 360, elevationDeg }))
    .sort((a, b) => a.azimuthDeg - b.azimuthDeg)
    .filter(
      (point, i, all) =>
        i === 0 || point.azimuthDeg !== all[i - 1]!.azimuthDeg || point.elevationDeg !== all[i - 1]!.elevationDeg,
    );
  const twice = sorted.find((point, i) => point.azimuthDeg === sorted[i + 1]?.azimuthDeg);
  if (twice) throw new RangeError(`azimuth ${twice.azimuthDeg} has two elevations`);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const ring = [
    { ...last, azimuthDeg: last.azimuthDeg - 360 },
    ...sorted,
    { ...first, azimuthDeg: first.azimuthDeg + 360 },
  ];
  const lowestDeg = Math.max(minElevationDeg, Math.min(...sorted.map((point) => point.elevationDeg)));
  const highestDeg = Math.max(minElevationDeg, ...sorted.map((point) => point.elevationDeg));
  if (lowestDeg === highestDeg) return flatHorizon(lowestDeg);
  return {
    lowestDeg,
    flat: false,
    at(azimuthDeg) {
      const next = ring.findIndex((point) => point.azimuthDeg >= azimuthDeg);
      const [a, b] = [ring[Math.max(0, next - 1)]!, ring[next]!];
      const part = a === b ? 0 : (azimuthDeg - a.azimuthDeg) / (b.azimuthDeg - a.azimuthDeg);
      return Math.max(minElevationDeg, a.elevationDeg + part * (b.elevationDeg - a.elevationDeg));
    },
  };
}

function checkElevation(elevationDeg: number): void {
  if (!(elevationDeg >= -10 && elevationDeg < 90))
    throw new RangeError(`elevation ${elevationDeg}: -10 to below 90 degrees expected`);
}
