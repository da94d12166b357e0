import { describe, expect, test } from 'vitest';
import { dopplerHz, observer } from '../../daemon/tracking/observer.ts';
import { propagator, type State } from '../../daemon/tracking/propagator.ts';
import { sunlit } from '../../daemon/tracking/sunlight.ts';
import { earthFixed, geodetic } from '../../daemon/tracking/wgs84.ts';
import { fromMs, places, satellites, turn } from './vectors.ts';

describe.each(satellites)('$name, against skyfield', ({ norad, elements, views, ground }) => {
  const orbit = propagator(elements);
  const stateAt = (s: number): State => {
    const state = orbit(fromMs + s * 1000);
    if (state.failed) throw new Error(state.failed);
    return state;
  };

  test('azimuth and elevation within 0.02°, Doppler at 435 MHz within 2 Hz, range within 0.1 km', () => {
    expect(elements.norad).toBe(norad);
    for (const [station, s, azimuth, elevation, range, rate] of views) {
      const look = observer(places[station]!)(stateAt(s));
      expect(turn(look.azimuthDeg, azimuth) * Math.cos((elevation * Math.PI) / 180)).toBeLessThan(0.02);
      expect(Math.abs(look.elevationDeg - elevation)).toBeLessThan(0.02);
      expect(Math.abs(look.rangeKm - range)).toBeLessThan(0.1);
      expect(Math.abs(dopplerHz(435e6, look.rangeRateKmS) - dopplerHz(435e6, rate))).toBeLessThan(2);
    }
  });

  test('the point below, and sunlight', () => {
    for (const [s, latitude, longitude, altitude, lit] of ground) {
      const state = stateAt(s);
      const below = geodetic(state.position);
      expect(Math.abs(below.latitudeDeg - latitude)).toBeLessThan(0.005);
      expect(turn(below.longitudeDeg, longitude) * Math.cos((latitude * Math.PI) / 180)).toBeLessThan(0.005);
      expect(Math.abs(below.altitudeM / 1000 - altitude)).toBeLessThan(0.1);
      if (lit !== null) expect(sunlit(state)).toBe(lit);
    }
  });

  test('the range rate is the derivative of the range', () => {
    const look = observer(places[0]!);
    const [before, now, behind] = [99.5, 100, 100.5].map((s) => look(stateAt(s)));
    // In high orbits SGP4's velocity is not exactly the derivative of its position: up to 0.3 m/s, 0.4 Hz at 435 MHz.
    expect(now!.rangeRateKmS).toBeCloseTo(behind!.rangeKm - before!.rangeKm, 3);
  });
});

test('coming nearer raises the frequency', () => {
  expect(dopplerHz(435e6, -7)).toBeCloseTo(10157, 0);
});

test.each([
  [90, 0, 100],
  [-90, 0, 0],
  [0, -180, 20],
  [48.1374, 11.5755, 520],
  [-33.9, 179.99, 35_786_000],
])('%d, %d, %d m to fixed to the Earth and back', (latitudeDeg, longitudeDeg, altitudeM) => {
  const back = geodetic(earthFixed({ latitudeDeg, longitudeDeg, altitudeM }));
  expect(back.latitudeDeg).toBeCloseTo(latitudeDeg, 9);
  expect(turn(back.longitudeDeg, longitudeDeg)).toBeLessThan(1e-9);
  expect(back.altitudeM).toBeCloseTo(altitudeM, 3);
});

test('a place that is none is refused', () => {
  expect(() => observer({ latitudeDeg: 91, longitudeDeg: 0, altitudeM: 0 })).toThrow(RangeError);
  expect(() => observer({ latitudeDeg: 0, longitudeDeg: Number.NaN, altitudeM: 0 })).toThrow(RangeError);
});

test('a decayed orbit is a value', () => {
  const low = satellites.find((s) => s.name === 'VERY LOW')!.elements;
  expect(propagator(low)(fromMs + 400 * 86_400_000)).toMatchObject({
    failed: expect.stringMatching(/decayed|no orbit/),
  });
});
