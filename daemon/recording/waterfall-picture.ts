import { encode } from 'fast-png';
import { colourMap } from './colour-map.ts';

/** A row of a waterfall: levels from the lowest frequency up. */
export interface PictureRow {
  readonly levels: Uint8Array;
  /** Where the satellite's transmitters are expected. */
  readonly linesHz: readonly number[];
}

export interface Picture {
  readonly rows: readonly PictureRow[];
  readonly lowHz: number;
  readonly highHz: number;
  /** dB of a step of a level. */
  readonly stepDb: number;
}

const longestSide = 1200;
/** The noise lies this far above the darkest colour; the lightest is what so few of the levels exceed, this far above that. */
const groundDb = 1;
const brightest = 0.998;
const spanDb = [15, 45] as const;
/** The line is dashed, in rows: it must not hide a signal that is no wider. */
const dash = { rows: 3, every: 8 } as const;
/** Of the palette; the last colour is that of the line. */
const levelColours = 255;
const lineColour = levelColours;
const palette: [number, number, number][] = [...colourMap(levelColours), [230, 110, 60]];

/** Frequency across, time down, as PNG; more rows than a picture may have are taken together, the strongest of each column. */
export function waterfallPicture({ rows, lowHz, highHz, stepDb }: Picture): Uint8Array {
  const together = Math.ceil(rows.length / longestSide);
  const height = Math.ceil(rows.length / together);
  const columns = rows[0]?.levels.length ?? 0;
  const width = Math.min(columns, longestSide);
  const dark = levelAbove(rows, 0.5) - groundDb / stepDb;
  const span = Math.max(spanDb[0], Math.min(spanDb[1], (levelAbove(rows, brightest) - dark) * stepDb));
  const scale = ((levelColours - 1) * stepDb) / span;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const group = rows.slice(y * together, (y + 1) * together);
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x * columns) / width);
      const to = Math.max(from + 1, Math.floor(((x + 1) * columns) / width));
      let most = 0;
      for (const { levels } of group) for (let k = from; k < to; k++) most = Math.max(most, levels[k]!);
      data[y * width + x] = Math.max(0, Math.min(levelColours - 1, Math.round((most - dark) * scale)));
    }
    if (y % dash.every >= dash.rows) continue;
    for (const hz of group[0]!.linesHz) {
      const x = Math.floor(((hz - lowHz) / (highHz - lowHz)) * width);
      if (x >= 0 && x < width) data[y * width + x] = lineColour;
    }
  }
  return encode({ width, height, data, depth: 8, channels: 1, palette });
}

/** The level that this share of all lies below. */
function levelAbove(rows: readonly PictureRow[], share: number): number {
  const counts = new Float64Array(256);
  let all = 0;
  for (const { levels } of rows) {
    all += levels.length;
    for (const level of levels) counts[level]! += 1;
  }
  let below = 0;
  for (let level = 0; level < 255; level++) {
    below += counts[level]!;
    if (below >= share * all) return level;
  }
  return 255;
}
