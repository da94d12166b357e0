import { expect, test } from 'vitest';
import type { LiveRow } from '../../daemon/api/live-wire.ts';
import { colourMap, colourMapNames } from '../../web/src/signal/colour-map.ts';
import { followed, scaleOf } from '../../web/src/signal/level-scale.ts';
import { fillIn } from '../../web/src/signal/past-rows.ts';
import { levelAt, makeRowRing } from '../../web/src/signal/row-ring.ts';
import { frequencyTicks, hzAt, panned, pinched, placeOf, zoomed } from '../../web/src/signal/span.ts';

const whole = { lowHz: 437_000_000, highHz: 437_250_000 };

test('zooming keeps the frequency below the pointer, and the view inside of the capture', () => {
  const near = zoomed(whole, whole, 437_100_000, 0.25);
  expect(near.highHz - near.lowHz).toBeCloseTo(62_500, 6);
  expect(placeOf(near, 437_100_000)).toBeCloseTo(0.4, 9);
  expect(zoomed(near, whole, 437_100_000, 100)).toEqual(whole);
  const edge = zoomed(near, whole, near.lowHz, 1.9);
  expect(edge.lowHz).toBeGreaterThanOrEqual(whole.lowHz);
  // Not so near that there is nothing left to see.
  let nearest = whole;
  for (let i = 0; i < 50; i++) nearest = zoomed(nearest, whole, 437_100_000, 0.5);
  expect(nearest.highHz - nearest.lowHz).toBeCloseTo(500, 3);
  expect(placeOf(nearest, 437_100_000)).toBeCloseTo(0.4, 3);
});

test('panning stops at the edges of the capture', () => {
  const span = { lowHz: 437_100_000, highHz: 437_150_000 };
  expect(panned(span, whole, 0.5)).toEqual({ lowHz: 437_125_000, highHz: 437_175_000 });
  expect(panned(span, whole, 9)).toEqual({ lowHz: 437_200_000, highHz: 437_250_000 });
  expect(panned(span, whole, -9)).toEqual({ lowHz: 437_000_000, highHz: 437_050_000 });
});

test('pinching keeps what is below each finger below it', () => {
  const span = pinched(whole, whole, [0.4, 0.6], [0.3, 0.8]);
  expect(placeOf(span, hzAt(whole, 0.4))).toBeCloseTo(0.3, 9);
  expect(placeOf(span, hzAt(whole, 0.6))).toBeCloseTo(0.8, 9);
  expect(pinched(whole, whole, [0.4, 0.6], [0.5, 0.5])).toEqual(whole);
});

test('ticks are round frequencies, told apart by their digits', () => {
  expect(frequencyTicks(whole, 6)).toEqual({
    hz: [437_000_000, 437_050_000, 437_100_000, 437_150_000, 437_200_000, 437_250_000],
    digits: 2,
  });
  const { hz, digits } = frequencyTicks({ lowHz: 437_000_000, highHz: 437_000_500 }, 5);
  expect(new Set(hz.map((one) => (one / 1e6).toFixed(digits))).size).toBe(hz.length);
});

const row = (timeMs: number, levels: readonly number[], more: Partial<LiveRow> = {}): LiveRow => ({
  ...{
    kind: 'row',
    capture: 1,
    timeMs,
    ...whole,
    floorDb: -110,
    stepDb: 0.5,
    channelsHz: Float64Array.of(437_100_000),
  },
  levels: Uint8Array.from(levels),
  ...more,
});

test('the ring keeps the newest rows, each with its own frequencies, on one scale', () => {
  const ring = makeRowRing(3, 8);
  expect(ring.slot(0)).toBeNull();
  for (let i = 0; i < 5; i++) ring.push(row(i, [10 * i, 2, 3, 4]));
  expect(ring.count).toBe(3);
  expect([0, 1, 2].map((age) => ring.row(ring.slot(age)!).timeMs)).toEqual([4, 3, 2]);
  expect(ring.slot(3)).toBeNull();
  // A gain that was changed moves the scale of what is sent, and not the levels that are shown.
  const slot = ring.push(row(5, [40, 50], { floorDb: -100, stepDb: 1, lowHz: 437_100_000, highHz: 437_110_000 }));
  expect(levelAt(ring, slot, 437_104_000)).toBe(-60);
  expect(levelAt(ring, slot, 437_106_000)).toBe(-50);
  expect(levelAt(ring, slot, 437_099_000)).toBeNull();
  expect(levelAt(ring, ring.slot(1)!, 437_001_000)).toBe(-90);
  // Longer rows than there is room for are cut.
  expect(ring.row(ring.push(row(6, Array(20).fill(1)))).bins).toBe(8);
  ring.clear();
  expect(ring.count).toBe(0);
});

test('automatic levels: the noise is dark, the strongest signal is bright', () => {
  const ring = makeRowRing(2, 100);
  const slot = ring.push(row(0, [...Array(90).fill(20), ...Array(10).fill(120)]));
  const scale = scaleOf(ring, slot);
  expect(scale.floorDb).toBe(-101);
  expect(scale.floorDb + scale.rangeDb).toBe(-47);
  // Colours follow slowly, and a burst is not too bright for long.
  expect(followed({ floorDb: -80, rangeDb: 54 }, scale).floorDb).toBeCloseTo(-81.68, 9);
  expect(followed({ ...scale, rangeDb: 44 }, scale).rangeDb).toBeCloseTo(47, 9);
  expect(followed({ ...scale, rangeDb: 64 }, scale).rangeDb).toBeCloseTo(63.8, 9);
  expect(followed(null, scale)).toEqual(scale);
});

test('colour maps become lighter with the level, so that they read without colours', () => {
  for (const name of colourMapNames) {
    const colours = colourMap(name);
    const light = Array.from(
      { length: 256 },
      (_, i) => 0.2126 * colours[4 * i]! + 0.7152 * colours[4 * i + 1]! + 0.0722 * colours[4 * i + 2]!,
    );
    for (let i = 1; i < 256; i++) expect(light[i]! - light[i - 1]!, `${name} ${i}`).toBeGreaterThanOrEqual(-0.5);
    expect(light[255]! - light[0]!).toBeGreaterThan(180);
    expect(colours[3]).toBe(255);
  }
});

test('rows of the time before fill it at the rate of the others, at the height of their noise, and none that is there already', () => {
  const past = [1000, 2000].map((timeMs) => row(timeMs, [20, 21, 22, 90], { kind: 'past' }));
  const live = row(2550, new Array(8).fill(0), { floorDb: -115 });
  const filled = fillIn(past, live, 4, 1200);
  expect(filled.map(({ timeMs }) => timeMs)).toEqual([1375, 1625, 1875, 2125, 2375]);
  // The middle of the past levels, −99 dB, lies at −115 dB now.
  expect(filled[0]!.floorDb + 0.5 * 22).toBe(-115);
  expect(fillIn([], live, 4, 0)).toEqual([]);
});
