import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileSink } from '../../daemon/decode/output.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-output-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a file has its name only when it is complete', async () => {
  const path = join(folder, 'a');
  const sink = fileSink(path);
  await sink.write('one\n');
  await sink.write(Uint8Array.of(0x32));
  expect(existsSync(path)).toBe(false);
  await sink.finish();
  expect(readFileSync(path, 'utf8')).toBe('one\n2');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('what is discarded leaves no trace', async () => {
  const sink = fileSink(join(folder, 'a'));
  await sink.write('half');
  sink.discard();
  expect(readdirSync(folder)).toEqual(['a']);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\n2');
});

test('a folder can not be replaced', () => {
  mkdirSync(join(folder, 'b'));
  expect(() => fileSink(join(folder, 'b'))).toThrow(`${join(folder, 'b')}: is a folder`);
});
