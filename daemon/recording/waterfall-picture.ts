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
/** The noise lies this far above the darkest colour, and the lightest is this far above that. */
const groundDb = 4;
const spanDb = 40;
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
  const dark = medianLevel(rows) - groundDb / stepDb;
  const scale = ((levelColours - 1) * stepDb) / spanDb;
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
    for (const hz of group[0]!.linesHz) {
      const x = Math.floor(((hz - lowHz) / (highHz - lowHz)) * width);
      if (x >= 0 && x < width) data[y * width + x] = lineColour;
    }
  }
  return encode({ width, height, data, depth: 8, channels: 1, palette });
}

function medianLevel(rows: readonly PictureRow[]): number {
  const counts = new Float64Array(256);
  let all = 0;
  for (const { levels } of rows) {
    all += levels.length;
    for (const level of levels) counts[level]! += 1;
  }
  let below = 0;
  let level = 0;
  for (; level < 255; level++) {
    below += counts[level]!;
    if (below >= all / 2) break;
  }
  return level;
}
