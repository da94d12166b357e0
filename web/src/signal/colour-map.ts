export const colourMapNames = ['viridis', 'grey'] as const;
export type ColourMapName = (typeof colourMapNames)[number];

/** From the lowest level to the highest: dark violet over blue and green to yellow, ever lighter, so that it reads without colours. */
const stops: Readonly<Record<ColourMapName, readonly (readonly [number, number, number])[]>> = {
  viridis: [
    [40, 5, 64],
    [62, 58, 130],
    [44, 110, 142],
    [34, 150, 138],
    [64, 184, 112],
    [150, 214, 60],
    [253, 231, 37],
  ],
  grey: [
    [8, 8, 8],
    [248, 248, 248],
  ],
};

/** 256 colours, RGBA. */
export function colourMap(name: ColourMapName): Uint8Array {
  const points = stops[name];
  const colours = new Uint8Array(4 * 256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1);
    const below = Math.min(points.length - 2, Math.floor(at));
    const part = at - below;
    for (let c = 0; c < 3; c++)
      colours[4 * i + c] = Math.round((1 - part) * points[below]![c]! + part * points[below + 1]![c]!);
    colours[4 * i + 3] = 255;
  }
  return colours;
}
