import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/collectors.md', import.meta.url), 'utf8');
const rows = page
  .slice(page.indexOf('## Faults, and what is done'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| protocol '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('every fault of the table has the test that it names', () => {
  expect(rows.length).toBeGreaterThan(20);
  const missing = rows.filter(([, , , , cell = '']) => {
    const [, file, name] = /^`([a-z-]+)`: (.+)$/.exec(cell) ?? [];
    return file === undefined || !readFileSync(new URL(`${file}.test.ts`, import.meta.url), 'utf8').includes(name!);
  });
  expect(missing).toEqual([]);
});
