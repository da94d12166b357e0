import { expect, test } from 'vitest';
import { readIsoTime } from '../../daemon/core/iso-time.ts';

test.each([
  ['2026-11-26T12:34:56Z', Date.UTC(2026, 10, 26, 12, 34, 56)],
  ['2026-11-26T12:34:56.789+02:00', Date.UTC(2026, 10, 26, 10, 34, 56, 789)],
  ['2026-11-26T12:34Z', Date.UTC(2026, 10, 26, 12, 34)],
  ['2026-11-26', Date.UTC(2026, 10, 26)],
  ['2028-02-29', Date.UTC(2028, 1, 29)],
])('%s', (text, timeMs) => expect(readIsoTime(text)).toBe(timeMs));

test.each([
  '2026-02-30',
  '2026-02-29T00:00:00Z',
  '2026-04-31T12:00:00Z',
  '2026-01-00',
  '2026-13-01',
  '2026-01-01T25:00:00Z',
  '2026-01-01T12:00:00',
  '2026-1-1',
  '0',
  'noon',
  '',
])("'%s' is no time", (text) => expect(readIsoTime(text)).toBeNull());
