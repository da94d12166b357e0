/**
 * `npm run bench:page`: what the status page costs. Bytes of the first load, the time until it can be used with a processor six times
 * slower, rows a second of the waterfall, and what an open page takes of the station's processor. Needs Debian's chromium.
 * Usage: node test/bench/page.ts [--seconds N]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, screens } from '../page/browser.ts';
import { type DemoStation, startDemoStation } from '../page/demo-station.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const windowS = Number(values.seconds);
const slowdown = 6;
const rounds = 3;
/** Jiffies of the kernel a second. */
const ticksPerS = 100;

const folder = mkdtempSync(join(tmpdir(), 'downlinkd-page-bench-'));
const station = await startDemoStation(folder, 0);
const browser = await openBrowser();
try {
  const bytes = await firstLoad(browser, station);
  console.log(`first load  ${(bytes / 1000).toFixed(1)} kB compressed`);
  const times = [];
  for (let i = 0; i < 5; i++) times.push(await usableMs(browser, station));
  console.log(
    `usable      ${median(times).toFixed(0)} ms with a processor ${slowdown} times slower (${times.map((ms) => ms.toFixed(0)).join(', ')})`,
  );

  const page = await (await browser.newContext({ viewport: screens.desktop })).newPage();
  const rows = await rowsPerS(page, station);
  console.log(`waterfall   ${rows.toFixed(1)} rows/s over ${windowS} s`);
  const shares: Record<'none' | 'now' | 'signal', number[]> = { none: [], now: [], signal: [] };
  for (let round = 0; round < rounds; round++)
    for (const view of ['none', 'now', 'signal'] as const) {
      await page.goto(view === 'none' ? 'about:blank' : `${station.url}/#${view}`);
      await page.waitForTimeout(3000);
      const before = cpuTicks(station.pid);
      await page.waitForTimeout(windowS * 1000);
      shares[view].push((100 * (cpuTicks(station.pid) - before)) / ticksPerS / windowS);
    }
  for (const [view, all] of Object.entries(shares))
    console.log(
      `station     ${view.padEnd(6)} ${median(all).toFixed(1)} % of a core (${all.map((p) => p.toFixed(1)).join(', ')})`,
    );
} finally {
  await browser.close();
  await station.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Bytes over the wire until the first view stands. */
async function firstLoad(from: Browser, { url }: DemoStation): Promise<number> {
  const context = await from.newContext({ viewport: screens.phone });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(url);
  await page.locator('main section').first().waitFor();
  await page.waitForTimeout(2000);
  await context.close();
  return bytes;
}

/** From the request until the first view with what the station does is painted, by the page's own clock. */
async function usableMs(from: Browser, { url }: DemoStation): Promise<number> {
  const context = await from.newContext({ viewport: screens.phone });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(`
    const watch = new MutationObserver(() => {
      if (!document.querySelector('main section')) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => { globalThis.usableMs = performance.now(); }));
    });
    watch.observe(document, { childList: true, subtree: true });
  `);
  await page.goto(url, { waitUntil: 'commit' });
  let ms: number | undefined;
  // Seldom: asking takes time of the slow processor too.
  while (ms === undefined) {
    await page.waitForTimeout(1000);
    ms = await page.evaluate<number | undefined>('globalThis.usableMs');
  }
  await context.close();
  return ms;
}

/** Binary messages of rows that reach the page. */
async function rowsPerS(page: Page, { url }: DemoStation): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let rows = 0;
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    if (response.opcode === 2 && Buffer.from(response.payloadData, 'base64')[0] === 1) rows += 1;
  });
  await page.goto(`${url}/#signal`);
  await page.waitForTimeout(5000);
  rows = 0;
  await page.waitForTimeout(windowS * 1000);
  await session.detach();
  return rows / windowS;
}

/** Processor time of a process and its threads so far. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)]!;
}
