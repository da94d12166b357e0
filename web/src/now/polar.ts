/** The sky as a disc: the zenith in the middle, the horizon at radius 1, north up, east to the right. */
export interface Direction {
  readonly azimuth_deg: number;
  readonly elevation_deg: number;
}

export interface DiscPoint {
  readonly x: number;
  /** Downwards, as pictures have it. */
  readonly y: number;
}

export interface TimedDirection extends Direction {
  readonly time: string;
}

/** An elevation above 90 degrees, of a mount that flips, comes out behind the zenith. Below the horizon: on its edge. */
export function onDisc({ azimuth_deg, elevation_deg }: Direction): DiscPoint {
  const radius = (90 - Math.max(0, Math.min(180, elevation_deg))) / 90;
  const azimuth = (azimuth_deg * Math.PI) / 180;
  return { x: radius * Math.sin(azimuth), y: -radius * Math.cos(azimuth) };
}

/** Of an SVG path. */
export function pathOf(points: readonly DiscPoint[]): string {
  return points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(4)} ${y.toFixed(4)}`).join('');
}

/** Where on the disc a track is at a time; null outside of it. */
export function trackAt(track: readonly TimedDirection[], timeMs: number): DiscPoint | null {
  const after = track.findIndex(({ time }) => Date.parse(time) >= timeMs);
  if (after < 0) return null;
  const b = track[after]!;
  if (Date.parse(b.time) === timeMs) return onDisc(b);
  const a = track[after - 1];
  if (a === undefined) return null;
  const part = (timeMs - Date.parse(a.time)) / (Date.parse(b.time) - Date.parse(a.time));
  const [from, to] = [onDisc(a), onDisc(b)];
  return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) };
}

export interface TimeTick extends DiscPoint {
  readonly timeMs: number;
  /** Across the track, length 1. */
  readonly across: DiscPoint;
}

const tickStepsMin = [1, 2, 5, 10, 20, 30, 60, 120, 240, 480];

/** Marks at whole minutes, few enough that their texts have room. */
export function timeTicks(track: readonly TimedDirection[], most = 7): TimeTick[] {
  const [first, last] = [track[0], track.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [fromMs, toMs] = [Date.parse(first.time), Date.parse(last.time)];
  const stepMs = 60_000 * (tickStepsMin.find((step) => (toMs - fromMs) / (step * 60_000) <= most) ?? 1440);
  const ticks: TimeTick[] = [];
  for (let timeMs = Math.ceil(fromMs / stepMs) * stepMs; timeMs <= toMs; timeMs += stepMs) {
    const at = trackAt(track, timeMs)!;
    const before = trackAt(track, Math.max(fromMs, timeMs - 5000)) ?? at;
    const after = trackAt(track, Math.min(toMs, timeMs + 5000)) ?? at;
    const [dx, dy] = [after.x - before.x, after.y - before.y];
    const length = Math.hypot(dx, dy) || 1;
    ticks.push({ timeMs, ...at, across: { x: -dy / length, y: dx / length } });
  }
  return ticks;
}
