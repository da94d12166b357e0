import { expect, test } from 'vitest';
import { makeDuplicateFilter } from '../../daemon/receiver/duplicates.ts';

const bytes = Uint8Array.of(1, 2, 3);
const first = { satellite: 'A', chain: 'fsk-9600-usp', bytes, sample: 1000, endSample: 2000 };

test.each([
  ['another chain, same transmission', { chain: 'fsk-4800-usp', sample: 1400, endSample: 2400 }, true],
  ['another chain, a little earlier', { chain: 'fsk-4800-usp', sample: 900, endSample: 1900 }, true],
  ['another chain, a frame later', { chain: 'fsk-4800-usp', sample: 2000, endSample: 3000 }, false],
  ['the same chain', { sample: 1400, endSample: 2400 }, false],
  ['another satellite', { satellite: 'B', chain: 'fsk-4800-usp', sample: 1000, endSample: 2000 }, false],
  ['other bytes', { chain: 'fsk-4800-usp', bytes: Uint8Array.of(1, 2, 4) }, false],
])('%s', (_name, change, collapsed) => {
  const filter = makeDuplicateFilter();
  expect(filter.seen(first)).toBe(false);
  expect(filter.seen({ ...first, ...change })).toBe(collapsed);
});
