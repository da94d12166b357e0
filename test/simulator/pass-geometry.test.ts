import { describe, expect, test } from 'vitest';
import { passGeometry } from '../../daemon/simulator/pass-geometry.ts';

describe('a pass at 500 km', () => {
  test('right overhead: heights and distances of the textbook', () => {
    const pass = passGeometry({ altitudeKm: 500, maxElevationDeg: 90 });
    expect(pass.rangeKm(0)).toBeCloseTo(500, 6);
    expect(pass.elevationDeg(0)).toBeCloseTo(90, 4);
    // On the horizon the line of sight is a tangent: √(r² − R²) = √(6871.0088² − 6371.0088²).
    expect(pass.rangeKm(pass.halfDurationS)).toBeCloseTo(2573.13, 1);
    expect(pass.elevationDeg(pass.halfDurationS)).toBeCloseTo(0, 6);
    // Period 2π√(r³/µ) = 5668.2 s; horizon to horizon is 2·acos(R/r) = 43.97° of it.
    expect(2 * pass.halfDurationS).toBeCloseTo((5668.2 * 43.97) / 360, 0);
    // At the horizon the rate is v·R/r = 7.6166 km/s · 0.92723.
    expect(pass.rangeRateKmS(pass.halfDurationS)).toBeCloseTo(7.0624, 3);
  });

  test.each([5, 30, 60, 90])('the rate is the derivative of the range (%d degrees)', (maxElevationDeg) => {
    const pass = passGeometry({ altitudeKm: 500, maxElevationDeg });
    expect(pass.elevationDeg(0)).toBeCloseTo(maxElevationDeg, 4);
    for (let t = -pass.halfDurationS; t < pass.halfDurationS; t += 10) {
      const numeric = (pass.rangeKm(t + 0.01) - pass.rangeKm(t - 0.01)) / 0.02;
      expect(pass.rangeRateKmS(t)).toBeCloseTo(numeric, 4);
      expect(pass.rangeKm(-t)).toBeCloseTo(pass.rangeKm(t), 6);
      expect(pass.elevationDeg(t)).toBeLessThanOrEqual(maxElevationDeg + 1e-4);
    }
  });

  test('shapes that are no pass are refused', () => {
    expect(() => passGeometry({ altitudeKm: 500, maxElevationDeg: 0 })).toThrow(RangeError);
    expect(() => passGeometry({ altitudeKm: 500, maxElevationDeg: 91 })).toThrow(RangeError);
    expect(() => passGeometry({ altitudeKm: Number.NaN, maxElevationDeg: 45 })).toThrow(RangeError);
    expect(() => passGeometry({ altitudeKm: 10, maxElevationDeg: 45 })).toThrow(RangeError);
  });
});
