import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { colourMap } from '../../daemon/recording/colour-map.ts';
import { waterfallPicture } from '../../daemon/recording/waterfall-picture.ts';

/** CIE lightness of an sRGB colour, 0 to 100. */
function lightness(colour: readonly number[]): number {
  const [r, g, b] = colour.map((part) => {
    const x = part / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

test('the colours begin dark, end light, and grow lighter by even steps', () => {
  const steps = colourMap(32).map(lightness);
  expect(steps[0]).toBeLessThan(6);
  expect(steps.at(-1)).toBeGreaterThan(90);
  const differences = steps.slice(1).map((value, i) => value - steps[i]!);
  expect(Math.min(...differences)).toBeGreaterThan(1.5);
  expect(Math.max(...differences)).toBeLessThan(4.5);
});

const picture = (count: number) =>
  decode(
    waterfallPicture({
      ...{ lowHz: 0, highHz: 512, stepDb: 0.5 },
      rows: Array.from({ length: count }, (_, y) => {
        const levels = new Uint8Array(512).fill(100);
        levels[y % 512] = 180;
        return { levels, linesHz: [400.5] };
      }),
    }),
  );

test('a picture has frequency across, time down, the signal light on dark, and the line where it is expected', () => {
  const { width, height, data, palette } = picture(300);
  expect([width, height]).toEqual([512, 300]);
  const at = (x: number, y: number) => lightness(palette![data[y * width + x]!]!);
  for (const y of [10, 200]) {
    // Dashed: here is a dash.
    expect(at(y, y)).toBeGreaterThan(80);
    expect(at(y + 50, y)).toBeLessThan(20);
    expect(at(400, y)).toBeGreaterThan(40);
  }
});

test('no side is longer than 1200, and what was short is still seen', () => {
  const { width, height, data } = picture(2399);
  expect([width, height]).toEqual([512, 1200]);
  expect(data[100 * width + 200]).toBeGreaterThan(200);
  expect(data[100 * width + 201]).toBeGreaterThan(200);
});
