import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSecret } from '../../daemon/forward/secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'downlinkd-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fromFile(text: string): string | null {
  const file = join(folder, 'token');
  writeFileSync(file, text);
  return readSecret({ value: undefined, file }, 'db', 'token');
}

test('a secret stands in the settings or in a file, whose line end does not count', () => {
  expect(readSecret({ value: undefined, file: undefined }, 'db', 'token')).toBeNull();
  expect(readSecret({ value: 'abc', file: undefined }, 'db', 'token')).toBe('abc');
  expect(fromFile('abc\r\n')).toBe('abc');
});

test('what would be no secret, or would break a header, is told at the start', () => {
  expect(() => readSecret({ value: 'abc', file: '/x' }, 'db', 'token')).toThrow(/token and token_file are both given/);
  expect(() => fromFile('\n')).toThrow(/is empty/);
  expect(() => fromFile('abc\nX-Other: 1\n')).toThrow(/one line of plain characters/);
  expect(() => fromFile('a'.repeat(4001))).toThrow(/longer than 4000/);
});
