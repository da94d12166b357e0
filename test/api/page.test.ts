import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPage } from '../../daemon/api/page.ts';

const path = new URL('../../web/index.html', import.meta.url).pathname;

test('the policy allows exactly the script of the page', () => {
  const script = /<script>([\s\S]*)<\/script>/.exec(readFileSync(path, 'utf8'))![1]!;
  const hash = createHash('sha256').update(script).digest('base64');
  expect(readPage(path).contentSecurityPolicy).toContain(`script-src 'sha256-${hash}';`);
});

test('the page loads nothing from elsewhere and never makes HTML of data', () => {
  const { html } = readPage(path);
  expect(html).not.toMatch(/https?:\/\//);
  expect(html).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|\ssrc=/);
});
