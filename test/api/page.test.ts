import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { benchApi } from './bench.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-page-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the built page is handed out, compressed where the browser takes that, with a policy that allows nothing from elsewhere', async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<p>page');
  writeFileSync(join(folder, 'assets', 'main-1234.js'), 'script');
  writeFileSync(join(folder, 'assets', 'main-1234.js.br'), 'small');
  const { api } = await benchApi({ pageFolder: folder });
  const page = await api.app.inject('/');
  expect(page.body).toBe('<p>page');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers['cache-control']).toBe('no-store');
  const url = '/assets/main-1234.js';
  const script = await api.app.inject({ url, headers: { 'accept-encoding': 'br' } });
  expect([script.body, script.headers['content-encoding']]).toEqual(['small', 'br']);
  expect(script.headers['cache-control']).toContain('immutable');
  expect((await api.app.inject(url)).body).toBe('script');
  for (const outside of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/other.js',
  ])
    expect((await api.app.inject(outside)).statusCode).toBe(404);
});

test('a page that was not built says what to do', async () => {
  const { api } = await benchApi();
  expect((await api.app.inject('/')).json()).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringMatching(/build:page/),
  });
});
