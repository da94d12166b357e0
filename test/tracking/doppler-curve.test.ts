import { describe, expect, test } from 'vitest';
import { passGeometry } from '../../daemon/simulator/pass-geometry.ts';
import {
  dopplerAt,
  dopplerCurve,
  dopplerExtent,
  rangeRateAt,
  rangeRateFrom,
} from '../../daemon/tracking/doppler-curve.ts';
import { flatHorizon } from '../../daemon/tracking/horizon.ts';
import { dopplerHz } from '../../daemon/tracking/observer.ts';
import { findPasses } from '../../daemon/tracking/passes.ts';
import { propagator } from '../../daemon/tracking/propagator.ts';
import { fromMs, places, satellites } from './vectors.ts';

/** Largest difference in Hz between a curve and what it was made from. */
function errorHz(rate: (timeMs: number) => number, from: number, to: number, frequencyHz: number): number {
  const curve = dopplerCurve(rate, from, to);
  let worst = 0;
  for (let timeMs = from; timeMs <= to; timeMs += 37.3)
    worst = Math.max(worst, Math.abs(dopplerAt(curve, frequencyHz, timeMs) - dopplerHz(frequencyHz, rate(timeMs))));
  return worst;
}

describe('Doppler curve', () => {
  test('between its values it is good to a fraction of a hertz, in the fastest passes through the zenith', () => {
    for (const [altitudeKm, frequencyHz, limitHz] of [
      [150, 437e6, 0.02],
      [150, 10.5e9, 0.5],
      [520, 437e6, 0.001],
    ] as const) {
      const { rangeRateKmS, halfDurationS } = passGeometry({ altitudeKm, maxElevationDeg: 90 });
      const half = 1000 * halfDurationS;
      expect(errorHz((timeMs) => rangeRateKmS(timeMs / 1000), -half, half, frequencyHz)).toBeLessThan(limitHz);
    }
  });

  test.each(satellites)('of $name by its orbit', ({ elements }) => {
    const place = places[0]!;
    const rate = rangeRateFrom(propagator(elements), place);
    const [pass] = findPasses({ elements, place, horizon: flatHorizon(0), fromMs, toMs: fromMs + 86_400_000 });
    const from = pass?.rise?.timeMs ?? fromMs;
    expect(errorHz(rate, from, from + 600_000, 437e6)).toBeLessThan(0.01);
  });

  test('before and behind it stays as it is at the ends', () => {
    const curve = dopplerCurve((timeMs) => timeMs / 1e6, 0, 10_000);
    const first = rangeRateAt(curve, curve.startMs);
    expect(rangeRateAt(curve, -1e9)).toBe(first);
    expect(rangeRateAt(curve, 1e9)).toBe(
      rangeRateAt(curve, curve.startMs + curve.stepMs * (curve.rangeRateKmS.length - 1)),
    );
    expect(rangeRateAt(curve, 3456)).toBeCloseTo(0.003456, 12);
  });

  test('a curve of one moment, and one of an orbit without an answer in places', () => {
    expect(
      rangeRateAt(
        dopplerCurve(() => 3, 1000, 1000),
        1000,
      ),
    ).toBeCloseTo(3, 12);
    const gap = dopplerCurve((timeMs) => (timeMs < 5000 ? 2 : Number.NaN), 0, 10_000);
    expect(rangeRateAt(gap, 9000)).toBeCloseTo(2, 12);
    expect(() => dopplerCurve(() => Number.NaN, 0, 10_000)).toThrow(RangeError);
    expect(() => dopplerCurve(() => 0, 10, 0)).toThrow(RangeError);
    expect(() => dopplerCurve(() => 0, 0, 1e9)).toThrow(RangeError);
  });

  test('its extent is that of the pass', () => {
    const { rangeRateKmS, halfDurationS } = passGeometry({ altitudeKm: 520, maxElevationDeg: 85 });
    const half = 1000 * halfDurationS;
    const { mostHz, mostHzPerS } = dopplerExtent(
      dopplerCurve((timeMs) => rangeRateKmS(timeMs / 1000), -half, half),
      437e6,
    );
    expect(mostHz).toBeGreaterThan(9800);
    expect(mostHz).toBeLessThan(10_500);
    expect(mostHzPerS).toBeGreaterThan(120);
    expect(mostHzPerS).toBeLessThan(180);
  });
});
