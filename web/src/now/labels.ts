import { type Box, isInside, overlap } from '../parts/box.ts';
import { texts } from '../texts.ts';
import { type Direction, type DiscPoint, onDisc, type TimedDirection, timeTicks } from './polar.ts';

/** Hours and minutes. */
export const clock = (time: string | number) => new Date(time).toISOString().slice(11, 16);

type Kind = 'wind' | 'end' | 'time' | 'ring';

/** A text of the plot. Its place is its middle. */
export interface Label extends DiscPoint {
  readonly kind: Kind;
  readonly text: string;
}

/** What the plot shows: the disc, and texts around it. */
export const picture: Box = { x: 0, y: 0, width: 2.56, height: 2.4 };
/** Heights of letters (the font size), in radii of the disc. */
export const textSize: Readonly<Record<Kind, number>> = { wind: 0.105, end: 0.085, time: 0.08, ring: 0.075 };
/** Widths of a character as parts of its size, in the widest of the usual fonts; capitals and digits are this high. */
const widthOf: Readonly<Record<Kind, number>> = { wind: 1.05, end: 0.8, time: 0.62, ring: 0.66 };
const capitalHeight = 0.75;
/** Kept free around a text. */
const gap = 0.02;
/** From the track to its times: the mark is in between. */
const besideTrack = 0.045;
const winds = [
  { azimuth_deg: 0, text: texts.now.plot.north },
  { azimuth_deg: 90, text: texts.now.plot.east },
  { azimuth_deg: 180, text: texts.now.plot.south },
  { azimuth_deg: 270, text: texts.now.plot.west },
];

/**
 * Places the texts so that none lies on another, on the track, or beyond the picture: first the winds, then the names of the track's
 * ends, then times along it, of which those without room are left out, then the elevations of rings.
 * @param ends whether the track rises and sets: names where it does
 */
export function placeLabels(
  track: readonly TimedDirection[],
  ends: { readonly aos: boolean; readonly los: boolean },
  ringsDeg: readonly number[],
): Label[] {
  const way = track.map(onDisc);
  const placed: Label[] = [];
  function place(kind: Kind, text: string, candidates: Iterable<DiscPoint>): void {
    for (const { x, y } of candidates) {
      const label = { kind, text, x, y };
      const box = boxOf(label, gap);
      if (!isInside(box, picture) || crosses(box, way)) continue;
      if (placed.some((other) => overlap(box, boxOf(other)))) continue;
      placed.push(label);
      return;
    }
  }
  for (const { azimuth_deg, text } of winds) placed.push({ kind: 'wind', text, ...outside('wind', text, azimuth_deg) });
  const [first, last] = [track[0], track.at(-1)];
  if (ends.aos && first) place('end', texts.now.plot.aos, aroundEnd(texts.now.plot.aos, first));
  if (ends.los && last) place('end', texts.now.plot.los, aroundEnd(texts.now.plot.los, last));
  for (const tick of timeTicks(track)) place('time', clock(tick.timeMs), besideTick(clock(tick.timeMs), tick));
  for (const elevation_deg of ringsDeg) place('ring', `${elevation_deg}°`, onRing(elevation_deg));
  return placed;
}

/** The rectangle that a text takes, and `around` it. */
export function boxOf({ kind, text, x, y }: Label, around = 0): Box {
  const size = textSize[kind];
  return { x, y, width: text.length * widthOf[kind] * size + 2 * around, height: capitalHeight * size + 2 * around };
}

/** Whether a line goes through a rectangle. */
export function crosses(box: Box, line: readonly DiscPoint[]): boolean {
  return line.some((to, i) => {
    const from = line[Math.max(0, i - 1)]!;
    // The part of the stretch, 0 to 1, that lies within the rectangle's sides.
    let [enters, leaves] = [0, 1];
    for (const [start, end, middle, size] of [
      [from.x, to.x, box.x, box.width],
      [from.y, to.y, box.y, box.height],
    ] as const) {
      const [low, high] = [middle - size / 2 - start, middle + size / 2 - start];
      const along = end - start;
      if (along === 0) {
        if (low > 0 || high < 0) return false;
        continue;
      }
      enters = Math.max(enters, Math.min(low / along, high / along));
      leaves = Math.min(leaves, Math.max(low / along, high / along));
    }
    return enters <= leaves;
  });
}

/** Outside of the disc, close to its edge. */
function outside(kind: Kind, text: string, azimuth_deg: number): DiscPoint {
  const { x, y } = onDisc({ azimuth_deg, elevation_deg: 0 });
  const { width, height } = boxOf({ kind, text, x: 0, y: 0 }, gap);
  for (let radius = 1.03; ; radius += 0.005) {
    const [nearX, nearY] = [Math.abs(radius * x) - width / 2, Math.abs(radius * y) - height / 2];
    if (Math.hypot(Math.max(0, nearX), Math.max(0, nearY)) >= 1.01) return { x: radius * x, y: radius * y };
  }
}

/** Outside of the disc, as near to the end as can be. */
function* aroundEnd(text: string, { azimuth_deg }: Direction): Generator<DiscPoint> {
  yield outside('end', text, azimuth_deg);
  for (let aside = 2; aside <= 180; aside += 2)
    for (const side of [aside, -aside]) yield outside('end', text, azimuth_deg + side);
}

/** On either side of the track, also a little before or behind the mark. */
function* besideTick(text: string, { x, y, across }: ReturnType<typeof timeTicks>[number]): Generator<DiscPoint> {
  const { width, height } = boxOf({ kind: 'time', text, x: 0, y: 0 });
  const away = besideTrack + (Math.abs(across.x) * width + Math.abs(across.y) * height) / 2;
  for (const [further, along] of [
    [0, 0],
    [0.02, 0.05],
    [0.02, -0.05],
    [0.06, 0],
  ] as const)
    for (const side of [1, -1]) {
      const distance = side * (away + further);
      yield { x: x + distance * across.x + along * across.y, y: y + distance * across.y - along * across.x };
    }
}

/** Just within its ring, beside the lines to the winds or between them. */
function* onRing(elevation_deg: number): Generator<DiscPoint> {
  for (const azimuth_deg of [0, 180, 90, 270, 45, 225, 135, 315]) {
    const { x, y } = onDisc({ azimuth_deg, elevation_deg: elevation_deg + 5 });
    // Not on the line itself.
    yield azimuth_deg % 180 === 0 ? { x: x + 0.085, y } : azimuth_deg % 90 === 0 ? { x, y: y + 0.06 } : { x, y };
  }
}
