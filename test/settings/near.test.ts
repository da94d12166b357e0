import { expect, test } from 'vitest';
import { editDistance, nearWords } from '../../daemon/settings/near.ts';

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['recieve', 'receive', 1],
  ['flaw', 'lawn', 2],
])('from %s to %s it is %d edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
  expect(editDistance(b, a)).toBe(edits);
});

test('near words come nearest first and nothing far comes at all', () => {
  expect(nearWords('recieve', ['host', 'receive', 'driver', 'receiver'])).toEqual(['receive', 'receiver']);
  expect(nearWords('gomx', ['GOMX-1', 'GOMX-3', 'AO-73'])).toEqual(['GOMX-1', 'GOMX-3']);
  expect(nearWords('zzzzzz', ['host', 'port'])).toEqual([]);
});
