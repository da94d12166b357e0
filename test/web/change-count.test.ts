import { expect, test } from 'vitest';
import { changeCount } from '../../web/src/station/change-count.ts';

const settings = {
  station: { callsign: 'N0CALL', latitude: 48.1 },
  track: ['AO-73', { satellite: 'GOMX-3', priority: 5 }, 'FALCONSAT-3'],
  sdrs: [{ id: 'a', driver: 'rtl_tcp', ppm: 3 }],
};

test('changes of the settings are counted as the operator made them', () => {
  const { station, track, sdrs } = settings;
  expect(changeCount(settings, structuredClone(settings))).toBe(0);
  expect(changeCount(settings, { ...settings, station: { callsign: 'DL0XYZ', altitude_m: 520 } })).toBe(3);
  // What stands behind an item that was taken out is not another one now.
  expect(changeCount(settings, { ...settings, track: track.slice(1) })).toBe(1);
  expect(changeCount(settings, { ...settings, track: ['ISS', ...track] })).toBe(1);
  expect(changeCount(settings, { ...settings, track: track.toReversed() })).toBe(1);
  expect(changeCount(settings, { ...settings, sdrs: [{ ...sdrs[0]!, ppm: 4, gain: 'auto' }] })).toBe(2);
  expect(changeCount(settings, { station, track })).toBe(1);
  expect(changeCount({ kiss: false }, { kiss: { port: 8100 } })).toBe(1);
});
