import { expect, test } from 'vitest';
import { boxOf, crosses, picture, placeLabels } from '../../web/src/now/labels.ts';
import { onDisc, type TimedDirection, timeTicks } from '../../web/src/now/polar.ts';
import { isInside, overlap } from '../../web/src/parts/box.ts';

const rad = Math.PI / 180;
const earthKm = 6371;

/**
 * A pass of a circular orbit over an Earth that stands still: `asideDeg` of the Earth away from the station at the nearest, where it
 * is at that azimuth.
 */
function passOf(radiusKm: number, asideDeg: number, azimuthDeg: number, clockwise: boolean, startS: number) {
  const periodS = 2 * Math.PI * Math.sqrt(radiusKm ** 3 / 398_600.44);
  const [sin, cos] = [Math.sin(azimuthDeg * rad), Math.cos(azimuthDeg * rad)];
  const turn = clockwise ? 1 : -1;
  const track: TimedDirection[] = [];
  for (let s = -periodS / 2; s < periodS / 2; s += periodS / 540) {
    const at = (2 * Math.PI * s) / periodS;
    const away = radiusKm * Math.cos(at) * Math.sin(asideDeg * rad);
    const along = radiusKm * Math.sin(at) * turn;
    const [north, east] = [away * cos - along * sin, away * sin + along * cos];
    const up = radiusKm * Math.cos(at) * Math.cos(asideDeg * rad) - earthKm;
    if (up < 0) continue;
    track.push({
      time: new Date(Date.UTC(2026, 10, 26, 12) + 1000 * (startS + s)).toISOString(),
      azimuth_deg: Math.atan2(east, north) / rad,
      elevation_deg: Math.atan2(up, Math.hypot(north, east)) / rad,
    });
  }
  return track;
}

/** Low and high orbits, from passes overhead to such that hardly rise, of every direction. */
function* passes(): Generator<TimedDirection[]> {
  for (const radiusKm of [6771, 6900, 7800, 20_000])
    for (const part of [0, 0.2, 0.5, 0.8, 0.95, 0.99])
      for (let azimuthDeg = 0; azimuthDeg < 360; azimuthDeg += 15)
        for (const clockwise of [true, false]) {
          const horizonDeg = Math.acos(earthKm / radiusKm) / rad;
          yield passOf(radiusKm, part * horizonDeg, azimuthDeg, clockwise, (azimuthDeg * 1.7) % 60);
        }
}

test('texts of the polar plot lie on nothing else, whatever the pass', () => {
  let [times, marks] = [0, 0];
  const wrong: string[] = [];
  for (const track of passes()) {
    const labels = placeLabels(track, { aos: true, los: true }, [30, 60]);
    const way = track.map(onDisc);
    const of = (kind: string) => labels.filter((label) => label.kind === kind).map(({ text }) => text);
    if ([...of('wind'), ...of('end')].join() !== 'N,E,S,W,AOS,LOS') wrong.push('a name is missing');
    labels.forEach((label, i) => {
      const box = boxOf(label);
      if (!isInside(box, picture) || crosses(box, way)) wrong.push(label.text);
      for (const other of labels.slice(i + 1))
        if (overlap(box, boxOf(other))) wrong.push(`${label.text} on ${other.text}`);
    });
    times += of('time').length;
    marks += timeTicks(track).length;
  }
  expect(wrong).toEqual([]);
  // Those without room are left out.
  expect(times / marks).toBeGreaterThan(0.9);
});

test('the name of an end stands beside it where there is room', () => {
  const track = passOf(6900, 5, 60, true, 0);
  const labels = placeLabels(track, { aos: true, los: true }, []);
  for (const [name, end] of [
    ['AOS', track[0]!],
    ['LOS', track.at(-1)!],
  ] as const) {
    const [label, at] = [labels.find(({ text }) => text === name)!, onDisc(end)];
    expect(Math.hypot(label.x - at.x, label.y - at.y)).toBeLessThan(0.2);
  }
});

test('a line that goes through a rectangle without a point in it crosses it', () => {
  const box = { x: 0, y: 0, width: 0.2, height: 0.1 };
  const line = (...points: [number, number][]) => points.map(([x, y]) => ({ x, y }));
  expect(crosses(box, line([-1, -1], [1, 1]))).toBe(true);
  expect(crosses(box, line([0, -1], [0, 1]))).toBe(true);
  expect(crosses(box, line([0.11, -1], [0.11, 1]))).toBe(false);
  expect(crosses(box, line([-1, 0.2], [1, 0.06]))).toBe(false);
  expect(crosses(box, line([0.05, 0.02]))).toBe(true);
});
