import { expect, test } from 'vitest';
import { makeDuplicateFilter } from '../../daemon/receiver/duplicates.ts';

const first = { satellite: 'A', bytes: Uint8Array.of(1, 2, 3), sample: 1000, endSample: 2000 };

test.each([
  ['the same transmission, a little later', { sample: 1400, endSample: 2400 }, true],
  ['the same transmission, a little earlier', { sample: 900, endSample: 1900 }, true],
  ['sent again, a frame later', { sample: 2000, endSample: 3000 }, false],
  ['another satellite', { satellite: 'B' }, false],
  ['other bytes', { bytes: Uint8Array.of(1, 2, 4) }, false],
])('%s', (_name, change, collapsed) => {
  const filter = makeDuplicateFilter();
  expect(filter.seen(first)).toBe(false);
  expect(filter.seen({ ...first, ...change })).toBe(collapsed);
});
