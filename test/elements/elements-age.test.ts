import { expect, test } from 'vitest';
import { elementsAge, elementsAgeNote } from '../../daemon/elements/elements-age.ts';
import { parseElements } from '../../daemon/tracking/elements.ts';
import { omm } from './orbits.ts';

const epoch = '2026-05-10T00:00:00';
const at = (days: number) => Date.parse(`${epoch}Z`) + days * 86_400_000;
const orbit = (change: Record<string, unknown> = {}) =>
  parseElements(JSON.stringify(omm(1, epoch, change)), { source: 'test' }).elements[0]!;

test.each<[number, string | null]>([
  [0, null],
  [13.9, null],
  [-13.9, null],
  [14.5, 'the elements are 14 days old (2026-05-10): times and Doppler shift may be off'],
  [200, 'the elements are 200 days old (2026-05-10): times and Doppler shift may be off'],
  [-20, 'the elements are from 20 days later (2026-05-10): times and Doppler shift may be off'],
])('%d days after the epoch', (days, note) => {
  expect(elementsAgeNote(orbit({ BSTAR: 0, MEAN_MOTION: 14.5 }), at(days))).toBe(note);
});

test('an orbit that has decayed by then is said to', () => {
  const falling = orbit({ MEAN_MOTION: 16.4, BSTAR: 0.01 });
  expect(elementsAge(falling, at(0)).state).toBe('fresh');
  expect(elementsAge(falling, at(60)).state).toMatch(/decayed|no orbit/);
  expect(elementsAgeNote(falling, at(60))).toMatch(
    /^(by )?its elements of 2026-05-10 (it has decayed|do not reach that far)$/,
  );
});
