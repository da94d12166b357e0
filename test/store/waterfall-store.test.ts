import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWaterfallStore } from '../../daemon/store/waterfall-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const png = (height: number) => encode({ width: 2, height, channels: 1, data: new Uint8Array(2 * height) });
const key = (n: number) => `40949-20261126T12000${n}Z`;

test('pictures are kept, found again, and the oldest make room', async () => {
  const store = openWaterfallStore(folder, 3);
  for (let n = 1; n <= 4; n++) await store.keep(key(n), png(n));
  expect(readdirSync(join(folder, 'waterfalls')).sort()).toEqual([2, 3, 4].map((n) => `${key(n)}.png`));
  expect(store.has(key(1))).toBe(false);
  const again = openWaterfallStore(folder, 3);
  expect(again.has(key(4))).toBe(true);
  expect(Buffer.from((await again.read(key(4)))!)).toEqual(Buffer.from(png(4)));
  expect(await again.read('../operator-token')).toBeNull();
});

test('of the parts of a pass the longest is kept', async () => {
  const store = openWaterfallStore(folder);
  for (const height of [20, 50, 30]) await store.keep(key(1), png(height));
  expect(Buffer.from((await store.read(key(1)))!)).toEqual(Buffer.from(png(50)));
  expect(() => store.keep('../x', png(1))).toThrow('no key of a pass');
});
