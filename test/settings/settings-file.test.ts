import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettingsText, savedTo, writeSettings } from '../../daemon/settings/settings-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the example of the project stays: config/station.yaml is made, and taken back', async () => {
  const example = join(folder, 'config', 'station.example.yaml');
  mkdirSync(join(folder, 'config'));
  writeFileSync(example, 'example');
  const own = join(folder, 'config', 'station.yaml');
  expect(savedTo(example)).toBe(own);
  const undo = await writeSettings(example, readSettingsText(example).hash, 'changed');
  expect([readFileSync(example, 'utf8'), readFileSync(own, 'utf8')]).toEqual(['example', 'changed']);
  await expect(writeSettings(example, readSettingsText(example).hash, 'again')).rejects.toThrow(/is there meanwhile/);
  await undo();
  expect([existsSync(own), readFileSync(`${own}.refused`, 'utf8')]).toEqual([false, 'changed']);
});

test('a file behind a link is replaced, with the one before beside it, both as secret as it was', async () => {
  const [file, link] = [join(folder, 'real.yaml'), join(folder, 'station.yaml')];
  writeFileSync(file, 'before');
  chmodSync(file, 0o600);
  symlinkSync(file, link);
  const { hash } = readSettingsText(link);
  const undo = await writeSettings(link, hash, 'after');
  expect([readFileSync(file, 'utf8'), readFileSync(`${file}.bak`, 'utf8')]).toEqual(['after', 'before']);
  for (const one of [file, `${file}.bak`]) expect(statSync(one).mode & 0o777).toBe(0o600);
  await expect(writeSettings(link, hash, 'late')).rejects.toThrow(/changed meanwhile/);
  await undo();
  expect(readFileSync(link, 'utf8')).toBe('before');
});
