import { gstime, sunPos } from 'satellite.js';
import { expect, test } from 'vitest';
import { around, subsolar, sunElevation } from '../../web/src/map/sun.ts';

const julian = (timeMs: number) => timeMs / 86_400_000 + 2_440_587.5;

test('the Sun of Meeus, Astronomical Algorithms, example 25.a', () => {
  // 1992 October 13.0 TD (59 s behind UTC): apparent right ascension 198.38083°, declination −7.78507°.
  const timeMs = Date.UTC(1992, 9, 13) - 59_000;
  const sun = subsolar(timeMs);
  expect(Math.abs(sun.latitudeDeg + 7.785_07)).toBeLessThan(0.01);
  const sidereal = (gstime(julian(timeMs)) * 180) / Math.PI;
  expect(Math.abs(around(sun.longitudeDeg + sidereal - 198.380_83))).toBeLessThan(0.02);
});

test('solstice and equinox of 2026', () => {
  expect(Math.abs(subsolar(Date.UTC(2026, 2, 20, 14, 46)).latitudeDeg)).toBeLessThan(0.01);
  expect(subsolar(Date.UTC(2026, 5, 21, 8, 24)).latitudeDeg).toBeCloseTo(23.436, 2);
});

test('agrees with satellite.js over forty years', () => {
  for (let timeMs = Date.UTC(2010, 0); timeMs < Date.UTC(2050, 0); timeMs += 17.3 * 86_400_000) {
    const { x, y, z } = sunPos(julian(timeMs)).rsun;
    const { latitudeDeg, longitudeDeg } = subsolar(timeMs);
    const longitude = ((Math.atan2(y, x) - gstime(julian(timeMs))) * 180) / Math.PI;
    expect(Math.abs(latitudeDeg - (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI)).toBeLessThan(0.01);
    expect(Math.abs(around(longitudeDeg - longitude))).toBeLessThan(0.02);
  }
});

test('the Sun is in the zenith of its point, and in the nadir of the other side', () => {
  const timeMs = Date.UTC(2026, 10, 26, 13);
  const { latitudeDeg, longitudeDeg } = subsolar(timeMs);
  expect(sunElevation(latitudeDeg, longitudeDeg, timeMs)).toBeCloseTo(90, 3);
  expect(sunElevation(-latitudeDeg, longitudeDeg + 180, timeMs)).toBeCloseTo(-90, 3);
});
