import { describe, expect, test } from 'vitest';
import type { Elements } from '../../daemon/tracking/elements.ts';
import { flatHorizon, maskedHorizon } from '../../daemon/tracking/horizon.ts';
import { sampler } from '../../daemon/tracking/pass-steps.ts';
import { findPasses, type Pass, type PassPoint } from '../../daemon/tracking/passes.ts';
import { file, fromMs, mask, places, satellites, turn, type VectorPass } from './vectors.ts';

const HOUR_MS = 3_600_000;
const toMs = fromMs + file.hours * HOUR_MS;
/** How far beyond the window the vectors look for the edges of a pass. */
const VECTOR_REACH_MS = 6 * HOUR_MS;

describe.each(satellites)('$name, against skyfield', ({ elements, searches }) => {
  test.each(searches)('station $station, horizon $min_elevation_deg', ({ station, min_elevation_deg, passes }) => {
    const horizon = min_elevation_deg === null ? maskedHorizon(mask) : flatHorizon(min_elevation_deg);
    const found = findPasses({ elements, place: places[station]!, horizon, fromMs, toMs });
    expect(found.map(roughly)).toEqual(passes.map(([aos, , los]) => [aos, los]).map(expectRoughly));
    for (const [i, pass] of found.entries()) expectSame(pass, passes[i]!);
  });
});

const seconds = (point: PassPoint | null) => (point ? (point.timeMs - fromMs) / 1000 : null);
const roughly = (pass: Pass) => [seconds(pass.rise), seconds(pass.set)];
/** Within a second; where the vectors end, any time beyond. */
const expectRoughly = ([aos, los]: (number | null | undefined)[]) => [
  aos === null
    ? expect.toSatisfy((s: number | null) => s === null || s * 1000 <= -VECTOR_REACH_MS + 1e4)
    : expect.closeTo(aos!, 0),
  los === null
    ? expect.toSatisfy((s: number | null) => s === null || s * 1000 >= toMs - fromMs + VECTOR_REACH_MS - 2e4)
    : expect.closeTo(los!, 0),
];

function expectSame(pass: Pass, [aos, highest, los, elevation, aosAzimuth, losAzimuth]: VectorPass): void {
  if (aos === null || los === null) return;
  expect(Math.abs(pass.highest.elevationDeg - elevation)).toBeLessThan(0.02);
  // The top of a high pass is flat: where the elevation is the same the time may differ.
  expect(Math.abs(seconds(pass.highest)! - highest)).toBeLessThan(Math.max(5, (los - aos) / 20));
  const azimuthTolerance = 0.02 / Math.cos((Math.max(0, pass.rise!.elevationDeg) * Math.PI) / 180) + 0.02;
  expect(turn(pass.rise!.azimuthDeg, aosAzimuth!)).toBeLessThan(azimuthTolerance);
  expect(turn(pass.set!.azimuthDeg, losAzimuth!)).toBeLessThan(azimuthTolerance);
}

const byName = (name: string) => satellites.find((s) => s.name === name)!.elements;

describe('edges of the window', () => {
  const query = { elements: byName('SPACE STATION'), place: places[0]!, horizon: flatHorizon(0) };
  const whole = findPasses({ ...query, fromMs, toMs });

  test('a pass in progress at the start or the end is whole', () => {
    const pass = whole[1]!;
    const middle = (pass.rise!.timeMs + pass.set!.timeMs) / 2;
    for (const [a, b] of [
      [middle, middle],
      [middle, pass.set!.timeMs + 1000],
      [pass.rise!.timeMs - 1000, middle],
      [pass.rise!.timeMs + 1000, pass.set!.timeMs - 1000],
    ] as const) {
      const found = findPasses({ ...query, fromMs: a, toMs: b });
      expect(found).toHaveLength(1);
      expect(Math.abs(found[0]!.rise!.timeMs - pass.rise!.timeMs)).toBeLessThan(20);
      expect(Math.abs(found[0]!.set!.timeMs - pass.set!.timeMs)).toBeLessThan(20);
      expect(Math.abs(found[0]!.highest.elevationDeg - pass.highest.elevationDeg)).toBeLessThan(0.001);
    }
  });

  test('between two passes there is none', () => {
    const gap = { fromMs: whole[0]!.set!.timeMs + 100, toMs: whole[1]!.rise!.timeMs - 100 };
    expect(findPasses({ ...query, ...gap })).toEqual([]);
  });

  test('the window may be cut anywhere', () => {
    const cut = fromMs + 17.3 * HOUR_MS;
    const parts = [...findPasses({ ...query, fromMs, toMs: cut }), ...findPasses({ ...query, fromMs: cut, toMs })];
    const rises = new Set(parts.map((pass) => Math.round(pass.rise!.timeMs / 1000)));
    expect(rises.size).toBe(whole.length);
  });
});

test('a geostationary satellite is always up or never', () => {
  const elements = byName('GEOSTATIONARY');
  const under = { latitudeDeg: 0, longitudeDeg: 0, altitudeM: 0 };
  const counts = [0, 90, 180, 270].map((longitudeDeg) => {
    const place = { ...under, longitudeDeg };
    const found = findPasses({ elements, place, horizon: flatHorizon(5), fromMs, toMs });
    for (const pass of found) expect([pass.rise, pass.set]).toEqual([null, null]);
    return found.length;
  });
  expect(counts.filter((n) => n === 1).length).toBeGreaterThan(0);
  expect(counts.filter((n) => n === 0).length).toBeGreaterThan(0);
});

test('a grazing pass of a few seconds is found', () => {
  const query = { elements: byName('SUN-SYNCHRONOUS 500'), place: places[0]!, fromMs, toMs };
  for (const { highest } of findPasses({ ...query, horizon: flatHorizon(0) })) {
    const horizon = flatHorizon(highest.elevationDeg - 0.0005);
    const found = findPasses({ ...query, horizon, fromMs: highest.timeMs - HOUR_MS, toMs: highest.timeMs + HOUR_MS });
    expect(found.some((pass) => Math.abs(pass.highest.timeMs - highest.timeMs) < 2000)).toBe(true);
  }
});

test('an obstacle splits a pass', () => {
  const query = { elements: byName('POLAR'), place: places[0]!, fromMs, toMs };
  const pass = findPasses({ ...query, horizon: flatHorizon(0) }).find((p) => p.highest.elevationDeg > 30)!;
  const azimuthDeg = pass.highest.azimuthDeg;
  const mast = [-1, 0, 1].map((d) => ({ azimuthDeg: (azimuthDeg + d + 360) % 360, elevationDeg: d === 0 ? 85 : 0 }));
  const found = findPasses({
    ...query,
    horizon: maskedHorizon(mast),
    fromMs: pass.rise!.timeMs,
    toMs: pass.set!.timeMs,
  });
  expect(found).toHaveLength(2);
  expect(found[0]!.set!.timeMs).toBeLessThan(pass.highest.timeMs);
  expect(found[1]!.rise!.timeMs).toBeGreaterThan(pass.highest.timeMs);
});

test('random orbits: the same passes as by looking every five seconds', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let i = 0; i < 40; i++) {
    const eccentricity = i % 4 === 0 ? 0.75 * random() : 0.01 * random();
    const elements: Elements = {
      norad: i + 1,
      name: `random ${i}`,
      epochMs: fromMs - HOUR_MS,
      // The perigee is 300 to 2300 km high.
      meanMotionRevPerDay: 16.0 * ((1 - eccentricity) / (1.02 + 0.3 * random())) ** 1.5,
      eccentricity,
      inclinationDeg: 180 * random(),
      raanDeg: 360 * random(),
      argumentOfPerigeeDeg: 360 * random(),
      meanAnomalyDeg: 360 * random(),
      bstar: 0,
      source: 'test',
      pinned: false,
    };
    const place = { latitudeDeg: 180 * random() - 90, longitudeDeg: 360 * random() - 180, altitudeM: 3000 * random() };
    const horizon = flatHorizon(20 * random() - 2);
    const at = sampler({ elements, place, horizon });
    const end = fromMs + 12 * HOUR_MS;
    const found = findPasses({ elements, place, horizon, fromMs, toMs: end });
    for (let t = fromMs; t <= end; t += 5000) {
      const up = found.some((p) => (p.rise?.timeMs ?? fromMs) <= t && t <= (p.set?.timeMs ?? end));
      const { aboveDeg } = at(t);
      if (Math.abs(aboveDeg) > 0.001 && aboveDeg > 0 !== up)
        expect.fail(`orbit ${i} at ${t}: ${aboveDeg}° above the horizon, but ${up ? '' : 'not '}in a pass`);
    }
  }
});
