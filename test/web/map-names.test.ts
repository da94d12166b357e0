import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { placeNames } from '../../web/src/map/place-names.ts';
import { isInside, overlap } from '../../web/src/parts/box.ts';

const seen = { x: 480, y: 250, width: 960, height: 500 };

test('names on the map lie neither on each other nor on what is drawn, and within what is seen', () => {
  const random = prng(5);
  for (let round = 0; round < 50; round++) {
    const places = Array.from({ length: 30 }, (_, i) => ({
      ...{ key: `${i}`, text: 'FALCONSAT-3', radius: 5 },
      // Close together, as satellites of one launch are.
      ...{ x: 480 + 500 * (random.uniform() - 0.5), y: 250 + 250 * (random.uniform() - 0.5) },
    }));
    const names = placeNames(places, 13, seen);
    names.forEach((name, i) => {
      expect(isInside(name, seen)).toBe(true);
      expect(names.slice(i + 1).some((other) => overlap(name, other))).toBe(false);
      const others = places.filter(({ key }) => key !== name.key);
      expect(others.some(({ x, y, radius }) => overlap(name, { x, y, width: 2 * radius, height: 2 * radius }))).toBe(
        false,
      );
    });
    // The most important one has its name unless it is surrounded.
    expect(names.length).toBeGreaterThan(10);
  }
});

test('a name is on the right of its place, and on the left where the map ends', () => {
  const at = (x: number) => placeNames([{ key: 'a', text: 'AO-73', x, y: 100, radius: 5 }], 13, seen)[0]!;
  expect(at(400).x).toBeGreaterThan(400);
  expect(at(940)).toMatchObject({ anchor: 'end' });
  expect(at(940).x).toBeLessThan(940);
});
