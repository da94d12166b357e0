import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/collectors.md', import.meta.url), 'utf8');
const rows = page
  .slice(page.indexOf('## Faults, and what is done'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| protocol '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** A cell names tests as `file`: words of its name, several with semicolons between; a fault that nobody can notice has none. */
function namesTests(cell: string): boolean {
  if (cell === 'none can be') return true;
  return cell.split('; ').every((one, i, all) => {
    const [, file, words] = /^`([a-z/-]+)`: (.+)$/.exec(one) ?? [];
    if (file === undefined) return i > 0 && namesTests(`${/^`[^`]+`: /.exec(all[i - 1]!)?.[0] ?? ''}${one}`);
    const path = file.startsWith('system/') ? `../${file}` : file;
    return readFileSync(new URL(`${path}.test.ts`, import.meta.url), 'utf8').includes(words!);
  });
}

test('every fault of the table has the test that it names', () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.map(([, , , , cell = '']) => cell).filter((cell) => !namesTests(cell))).toEqual([]);
});
