import { expect, test } from 'vitest';
import { routeOf } from '../../web/src/route-of.ts';

test('an address names a view and what is in it', () => {
  expect(routeOf('')).toEqual({ view: 'now', rest: '' });
  expect(routeOf('#station/log')).toEqual({ view: 'station', rest: 'log' });
  expect(routeOf('#/satellites/CUBESAT%20XI-V%2FA')).toEqual({ view: 'satellites', rest: 'CUBESAT XI-V/A' });
});

test('no address makes the page fail', () => {
  expect(routeOf('#nothing/here')).toEqual({ view: 'now', rest: 'here' });
  expect(routeOf('#constructor')).toEqual({ view: 'now', rest: '' });
  for (const cut of ['%', '%E', '%C3', '%ff', '100%'])
    expect(routeOf(`#passes/${cut}/%20`)).toEqual({ view: 'passes', rest: `${cut}/ ` });
});
