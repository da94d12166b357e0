import { expect, test } from 'vitest';
import { fixed } from '../../web/src/format.ts';
import { texts } from '../../web/src/texts.ts';

test('numbers have a true minus, and none where nothing is left of them', () => {
  expect([fixed(-65.94, 1), fixed(-0.04, 1), fixed(3, 0), fixed(null, 2)]).toEqual(['−65.9', '0.0', '3', '–']);
});

test('how long the station runs is told in its two largest units', () => {
  const said = [12, 60, 3600 * 5 + 61, 86_400 * 3 + 7300].map((s) => texts.station.runs('0.1.0', s).split(' for ')[1]);
  expect(said).toEqual(['less than a minute', '1 min', '5 h 1 min', '3 d 2 h']);
});

test('the age of elements is told in hours while it is short, and of such that are of later', () => {
  const days = [0.01, 1 / 24, 0.3, 1.9, 12.34, -0.2];
  expect(days.map(texts.satellites.elementsAge)).toEqual([
    'less than an hour old',
    '1 hour old',
    '7 hours old',
    '46 hours old',
    '12.3 days old',
    '5 hours ahead',
  ]);
});
