import { expect, test } from 'vitest';
import type { SatelliteEntry } from '../../daemon/api/wire.ts';
import { found } from '../../web/src/satellites/search.ts';

const entry = (name: string, norad: number, transmitters: object[] = []) =>
  ({ name, norad, alternative_names: [], transmitters, tracked: null }) as unknown as SatelliteEntry;

test('a satellite is found whatever the dashes and spaces of its name', () => {
  const all = [entry('AO-73', 39_444), entry('GOMX-3', 40_949)];
  for (const search of ['ao73', 'AO-73', 'ao 73', '039444'])
    expect(
      found(all, search, 'all').map(({ name }) => name),
      search,
    ).toEqual(['AO-73']);
});

test('decodable is what has a transmitter', () => {
  const transmitter = { id: 'fsk-9600-usp', frequency_hz: 437e6, mode: 'fsk:9600:usp', received: false };
  const all = [entry('DIER-5', 1), entry('GOMX-3', 40_949, [transmitter])];
  expect(found(all, '', 'decodable').map(({ name }) => name)).toEqual(['GOMX-3']);
  expect(found(all, '', 'silent').map(({ name }) => name)).toEqual(['DIER-5']);
});
