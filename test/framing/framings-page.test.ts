import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { framingsPage } from '../../scripts/write-framings-page.ts';

test('docs/framings.md is what write-framings-page makes', () => {
  expect(readFileSync(new URL('../../docs/framings.md', import.meta.url), 'utf8')).toBe(framingsPage());
});
