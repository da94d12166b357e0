import { expect, test } from 'vitest';
import { onDisc, timeTicks, trackAt } from '../../web/src/now/polar.ts';

test('the sky as a disc: north up, east right, the zenith in the middle', () => {
  const at = (azimuth_deg: number, elevation_deg: number) => {
    const { x, y } = onDisc({ azimuth_deg, elevation_deg });
    return [x, y].map((value) => Number(value.toFixed(6)) + 0);
  };
  expect(at(0, 0)).toEqual([0, -1]);
  expect(at(90, 0)).toEqual([1, 0]);
  expect(at(180, 45)).toEqual([0, 0.5]);
  expect(at(270, 60)).toEqual([-0.333333, 0]);
  expect(at(123, 90)).toEqual([0, 0]);
  // Over-travel and a flipped mount show the same place of the sky.
  expect(at(-90, 30)).toEqual(at(270, 30));
  expect(at(90, 150)).toEqual(at(270, 30));
  expect(at(90, -5)).toEqual([1, 0]);
});

const track = Array.from({ length: 60 }, (_, i) => ({
  time: new Date(Date.UTC(2026, 10, 26, 12, 0, 5 + 10 * i)).toISOString(),
  azimuth_deg: 180 - 3 * i,
  elevation_deg: 60 * Math.sin((Math.PI * i) / 59),
}));

test('ticks stand on the track at whole minutes, few enough to be read', () => {
  const ticks = timeTicks(track, 7);
  expect(ticks.map(({ timeMs }) => new Date(timeMs).toISOString().slice(11, 19))).toEqual([
    '12:02:00',
    '12:04:00',
    '12:06:00',
    '12:08:00',
  ]);
  for (const { x, y, timeMs } of ticks) {
    expect({ x, y }).toEqual(trackAt(track, timeMs));
    expect(Math.hypot(x, y)).toBeLessThan(1);
  }
  expect(timeTicks([])).toEqual([]);
});

test('between two points the satellite is between them, and nowhere outside of the pass', () => {
  const [a, b] = [onDisc(track[3]!), onDisc(track[4]!)];
  const between = trackAt(track, Date.parse(track[3]!.time) + 5000)!;
  expect(between.x).toBeCloseTo((a.x + b.x) / 2, 12);
  expect(trackAt(track, Date.parse(track[0]!.time) - 1)).toBeNull();
  expect(trackAt(track, Date.parse(track.at(-1)!.time) + 1)).toBeNull();
});
