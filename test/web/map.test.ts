import { expect, test } from 'vitest';
import { observer } from '../../daemon/tracking/observer.ts';
import { earthFixed } from '../../daemon/tracking/wgs84.ts';
import { brought, moved, wholeMap, zoomed } from '../../web/src/map/camera.ts';
import { footprintDeg } from '../../web/src/map/footprint.ts';
import { nightCentre } from '../../web/src/map/night.ts';
import { sunElevation } from '../../web/src/map/sun.ts';

test('from the edge of a footprint the satellite is on the horizon', () => {
  expect(footprintDeg(0)).toBe(0);
  for (const altitudeKm of [200, 420, 800, 20_200, 35_786])
    for (const longitudeDeg of [0, 77]) {
      const above = {
        latitudeDeg: 0,
        longitudeDeg: longitudeDeg + footprintDeg(altitudeKm),
        altitudeM: 1000 * altitudeKm,
      };
      const look = observer({ latitudeDeg: 0, longitudeDeg, altitudeM: 0 });
      const { elevationDeg } = look({ position: earthFixed(above), velocity: { x: 0, y: 0, z: 0 } } as never);
      expect(Math.abs(elevationDeg)).toBeLessThan(0.1);
    }
});

test('on the edge of the night the Sun is on the horizon, in its middle in the nadir', () => {
  const rad = Math.PI / 180;
  for (let timeMs = Date.UTC(2026, 0); timeMs < Date.UTC(2027, 0); timeMs += 11.3 * 86_400_000) {
    const [longitude, latitude] = nightCentre(timeMs);
    expect(sunElevation(latitude, longitude, timeMs)).toBeCloseTo(-90, 2);
    for (let bearing = 0; bearing < 360; bearing += 45) {
      // A quarter of the way around the Earth from the middle.
      const edge = Math.asin(Math.cos(latitude * rad) * Math.cos(bearing * rad)) / rad;
      const east = Math.atan2(Math.sin(bearing * rad), -Math.sin(latitude * rad) * Math.cos(bearing * rad)) / rad;
      expect(Math.abs(sunElevation(edge, longitude + east, timeMs))).toBeLessThan(1e-6);
    }
  }
});

test('zooming keeps the point under the pointer, and nothing beside the map is looked at', () => {
  const near = zoomed(wholeMap, 4, 300, 200);
  expect((300 - near.x) * near.zoom).toBeCloseTo(300);
  expect((200 - near.y) * near.zoom).toBeCloseTo(200);
  expect(zoomed(near, 1e-9, 300, 200)).toEqual(wholeMap);
  expect(zoomed(wholeMap, 1e9, 0, 0).zoom).toBe(16);
  expect(moved(near, -100, -100)).toEqual({ zoom: 4, x: 0, y: 0 });
  expect(moved(near, 100, 100)).toEqual({ zoom: 4, x: 720, y: 375 });
});

test('a satellite that is chosen comes into view at the same zoom, one that is in view moves nothing', () => {
  const near = zoomed(wholeMap, 4, 0, 0);
  expect(brought(near, 120, 60)).toBe(near);
  expect(brought(near, 600, 300)).toEqual({ zoom: 4, x: 480, y: 237.5 });
  expect(brought(near, 955, 3)).toEqual({ zoom: 4, x: 720, y: 0 });
});
