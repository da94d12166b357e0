import { type Box, isInside, overlap } from '../parts/box.ts';

/** Something that is drawn on the map. */
export interface Place {
  readonly key: string;
  /** Its name; empty: it has none there. */
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Half the width of what is drawn. */
  readonly radius: number;
}

/** The room of a name, and from which of its sides it is written. */
export interface PlacedName extends Box {
  readonly key: string;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Widths and heights as parts of the letters' size; the widest of the usual fonts, bold. */
const [characterWidth, lineHeight] = [0.7, 1.05];

/**
 * Places names beside what they belong to, so that none lies on another or on another's place. A name that has no room is left out:
 * the table has it.
 * @param all the most important first @param size of the letters @param seen what is seen of the map
 */
export function placeNames(all: readonly Place[], size: number, seen: Box): PlacedName[] {
  const placed: PlacedName[] = [];
  for (const { key, text, x, y, radius } of all) {
    if (text === '') continue;
    const [width, height] = [text.length * characterWidth * size, lineHeight * size];
    const [aside, above] = [radius + 0.25 * size + width / 2, radius + 0.1 * size + height / 2];
    for (const [dx, dy, anchor] of [
      [aside, 0, 'start'],
      [-aside, 0, 'end'],
      [0, above, 'middle'],
      [0, -above, 'middle'],
      [aside, above, 'start'],
      [aside, -above, 'start'],
      [-aside, above, 'end'],
      [-aside, -above, 'end'],
    ] as const) {
      const name = { key, text, x: x + dx, y: y + dy, width, height, anchor };
      if (!isInside(name, seen) || placed.some((other) => overlap(name, other))) continue;
      if (all.some((other) => other.key !== key && overlap(name, roomOf(other)))) continue;
      placed.push(name);
      break;
    }
  }
  return placed;
}

const roomOf = ({ x, y, radius }: Place): Box => ({ x, y, width: 2 * radius, height: 2 * radius });
