/** The status page in Debian's Chromium, on a running station. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { PassList } from '../../daemon/api/wire.ts';
import { chromiumPackages, openBrowser, openTab, screens } from '../page/browser.ts';
import { type DemoStation, startDemoStation, startStation } from '../page/demo-station.ts';
import { needPackages } from './debian.ts';
import { freePort } from './rotctld-dummy.ts';

let folder: string;
let station: DemoStation;
let browser: Browser;
beforeAll(async () => {
  needPackages([...chromiumPackages]);
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-page-'));
  station = await startDemoStation(folder, await freePort());
  browser = await openBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await station?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = ['now', 'signal', 'frames', 'passes', 'map', 'satellites', 'station'] as const;

const open = (view: string, screen: Parameters<typeof openTab>[2] = screens.desktop) =>
  openTab(browser, `${station.url}/#${view}`, screen);

/** Number of the newest frame of the list. */
const newestFrame = async (page: Page) =>
  Number((await page.locator('[id^="frame-"]').first().getAttribute('id'))?.slice('frame-'.length));

const tokenDialog = (page: Page) => page.getByRole('dialog', { name: 'Operator token' });
const notSaved = 'Not saved: no operator token was given.';

async function giveToken(page: Page): Promise<void> {
  const dialog = tokenDialog(page);
  await dialog.getByLabel('Token').fill(station.token);
  await dialog.getByRole('button', { name: 'Use' }).click();
}

test('frames appear by themselves', async () => {
  const { page, errors } = await open('frames');
  const first = await newestFrame(page);
  await expect.poll(() => newestFrame(page)).toBeGreaterThan(first);
  expect(errors).toEqual([]);
});

test('the waterfall paints: noise, and the signal brighter than it', async () => {
  const { page, errors } = await open('signal');
  const canvas = page.locator('canvas.below');
  await canvas.waitFor();
  const levels = async () => {
    const { data, channels, width, height } = decode(await canvas.screenshot());
    const colours = new Map<string, number>();
    // The newest rows are at the top.
    for (let i = 0; i < width * Math.min(height, 60); i++) {
      const colour = data.slice(i * channels, i * channels + 3).join();
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
    }
    return colours.size;
  };
  // An empty one has a handful of colours.
  await expect.poll(levels, { interval: 1000 }).toBeGreaterThan(60);
  expect(errors).toEqual([]);
});

test('what a channel’s receiver sees says how old it is', async () => {
  const { page } = await open('signal');
  const heard = page.locator('section.look dd').last();
  await expect.poll(() => heard.innerText()).toMatch(/^\d+\.\d s ago$/);
});

test('the polar plot moves with the satellite', async () => {
  const { page } = await open('now');
  const satellite = page.locator('.polar > svg circle.satellite');
  const place = async () => `${await satellite.getAttribute('cx')} ${await satellite.getAttribute('cy')}`;
  await satellite.waitFor();
  const before = await place();
  await expect.poll(place).not.toBe(before);
});

test('the station’s clock runs at the top, and the tab is named by view and station', async () => {
  const { page } = await open('passes');
  const clock = page.locator('.clock time');
  const first = await clock.innerText({ timeout: 30_000 });
  expect(first).toMatch(/^\d\d:\d\d:\d\d UTC$/);
  await expect.poll(() => clock.innerText(), { timeout: 10_000 }).not.toBe(first);
  await page.goto(`${station.url}/#map`);
  await expect.poll(() => page.title()).toBe('Map – N0CALL – downlinkd');
});

test('a collector that is sent nothing says why, and what sends it', async () => {
  const { page } = await open('station/collectors');
  const collector = page.locator('section.panel', { hasText: 'satnogs-db' });
  await collector.getByText('has had no frame').waitFor({ timeout: 30_000 });
  expect(await collector.innerText()).toMatch(/\d simulated\. simulated_frames: true/);
});

test('a pass to come is pinned and skipped, with the operator token', async () => {
  const { page } = await open('passes');
  const choiceOf = async (key: string) => {
    const list = (await (await fetch(`${station.url}/api/passes?limit=1000`)).json()) as PassList;
    return list.passes.find((pass) => pass.key === key)?.choice;
  };
  const bar = page.locator('a.bar.planned').last();
  await bar.waitFor();
  await bar.click();
  const key = decodeURIComponent(new URL(page.url()).hash.slice('#passes/'.length));
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await giveToken(page);
  await expect.poll(() => choiceOf(key)).toBe('pinned');
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await expect.poll(() => choiceOf(key)).toBe('skipped');
});

test('Escape closes the question for the token, with the word that nothing was saved; then the pass', async () => {
  const { page } = await open('passes', screens.phone);
  const link = page.getByRole('region', { name: 'Passes under way and to come' }).getByRole('link').last();
  await link.press('Enter');
  // The focus goes along: Close is the first of the pass, Pin the next.
  await page.locator('section.detail:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await tokenDialog(page).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('status').filter({ hasText: notSaved }).waitFor();
  const pass = page.locator('section.detail');
  expect(await pass.count()).toBe(1);
  await page.keyboard.press('Escape');
  await pass.waitFor({ state: 'detached' });
  expect(await link.evaluate('document.activeElement.getAttribute("href")')).toBe(await link.getAttribute('href'));
});

test('Escape closes a frame', async () => {
  const { page } = await open('frames');
  await page.locator('[id^="frame-"]').first().click();
  const frame = page.locator('section.detail');
  await frame.waitFor();
  await page.keyboard.press('Escape');
  await frame.waitFor({ state: 'detached' });
});

test('settings that are not saved for want of a token say so', async () => {
  const { page } = await open('station');
  const text = page.getByRole('textbox', { name: /YAML/ });
  await text.waitFor();
  await text.fill((await text.inputValue()).replace('name: Demonstration', 'name: Another'));
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('button', { name: 'Save and start anew' }).click();
  await tokenDialog(page).getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('status').filter({ hasText: notSaved }).waitFor();
});

test('a transmitter has the keys of its framing, and what is wrong stands at its field', async () => {
  const { page } = await open('satellites/AO-73');
  await page.getByText('Add a transmitter').click();
  const form = page.locator('details[open] form');
  expect(await form.getByLabel('Frame size').count()).toBe(0);
  await form.getByLabel('Framing').selectOption('ccsds-reed-solomon');
  await form.getByLabel('Frequency in MHz').fill('145.9');
  await form.getByLabel('Frame size').fill('half');
  await form.getByRole('button', { name: 'Add' }).click();
  await giveToken(page);
  await page.getByRole('status').filter({ hasText: 'a field is wrong' }).waitFor();
  const size = form.getByLabel('Frame size');
  expect(await size.getAttribute('aria-invalid')).toBe('true');
  expect(await form.locator('small.bad').allInnerTexts()).toContainEqual(
    expect.stringContaining("'half' should be a whole number"),
  );
});

test('a station that tracks nothing says where to choose, and an SDR without samples says why', async () => {
  const own = mkdtempSync(join(folder, 'untracked-'));
  const untracked = await startStation(
    own,
    `station: { latitude: 48.1, longitude: 11.6 }
data_folder: data
elements: { sources: [none.json] }
api: { port: ${await freePort()} }
kiss: false
sdrs:
  - { driver: command, command: [/no/such/program], format: cf32, sample_rate: 250000, centre_hz: 437200000, receive: [GOMX-3] }
`,
  );
  try {
    const { page, errors } = await openTab(browser, `${untracked.url}/#passes`);
    for (const view of ['now', 'passes', 'map']) {
      await page.goto(`${untracked.url}/#${view}`);
      await page.getByText('No satellite is tracked yet').waitFor();
      expect(await page.locator('main p a[href="#satellites"]').count()).toBe(1);
    }
    await page.goto(`${untracked.url}/#signal`);
    await page.locator('.waterfall', { hasText: 'the program /no/such/program is missing' }).waitFor();
    // Once it tracks one, an open page knows without asking anew for a minute.
    await page.goto(`${untracked.url}/#map`);
    await page.getByText('No satellite is tracked yet').waitFor();
    await fetch(`${untracked.url}/api/satellites/AO-73/tracking`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${untracked.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tracked: true }),
    });
    await page.getByText('No satellite is tracked yet').waitFor({ state: 'detached', timeout: 25_000 });
    // It has no elements: that is told, and nobody asks where it is.
    await page.getByRole('row', { name: 'AO-73 No elements' }).waitFor();
    expect(errors.filter((error) => error.includes('404'))).toEqual([]);
  } finally {
    await untracked.stop();
  }
});

test('an error in the configuration shows, and can not be saved', async () => {
  const { page } = await open('station');
  const text = page.getByRole('textbox', { name: /YAML/ });
  await text.waitFor();
  await text.fill((await text.inputValue()).replace('latitude: 48.1', 'latitude: 148.1'));
  await expect.poll(() => page.locator('ul.problems').innerText()).toContain('station.latitude');
  expect(await page.getByRole('button', { name: 'Review and save' }).isDisabled()).toBe(true);
});

test('on the narrowest phone, the number of changes and the button that saves stay in sight to the end of the form', async () => {
  const { page, errors } = await open('station', { ...screens.phone, width: 360 });
  await page.getByLabel('Callsign').fill('DL0XYZ', { timeout: 30_000 });
  await page.getByLabel('Altitude (m)').fill('521');
  const save = page.getByRole('button', { name: 'Review and save' });
  await page.getByText('2 unsaved changes. No problems.').waitFor({ timeout: 20_000 });
  // The last field, reached by keyboard, is not hidden behind the bar.
  for (const place of [page.locator('.settings-form summary').last(), page.getByLabel('Altitude (m)')]) {
    await place.focus();
    const [bar, field] = [await page.locator('.save-bar').boundingBox(), await place.boundingBox()];
    expect(await save.evaluate('innerHeight')).toBeGreaterThan(bar!.y + bar!.height);
    expect(bar!.y).toBeGreaterThanOrEqual(0);
    expect(field!.y).toBeGreaterThan(bar!.y + bar!.height);
  }
  await save.click();
  await page.getByRole('dialog', { name: 'What will change' }).waitFor();
  expect(errors).toEqual([]);
});

test('the station dies and comes back: the page says so, and goes on by itself', async () => {
  const { page } = await open('frames');
  const before = await newestFrame(page);
  const connection = page.locator('p.connection');
  await station.stop('SIGKILL');
  await expect.poll(() => connection.innerText()).toContain('is old');
  await station.restart();
  await expect.poll(() => connection.innerText()).toBe('');
  await expect.poll(() => newestFrame(page)).toBeGreaterThan(before);
});

test('a view that is opened while the station is away comes when it is back, with its styles', async () => {
  const { page } = await open('now');
  await page.getByText('Listening to').waitFor();
  await station.stop('SIGKILL');
  await page.goto(`${station.url}/#map`);
  await page.getByText('This view is not loaded yet').waitFor();
  await station.restart();
  const map = page.locator('.map');
  await map.waitFor();
  expect(await map.evaluate('getComputedStyle(document.querySelector(".map")).overflow')).toBe('hidden');
});

test.each(views)(
  '%s has no serious violation of accessibility, on a phone in the dark and on a desktop in the light',
  async (view) => {
    for (const screen of [
      // As narrow as phones are.
      { ...screens.phone, width: 360, theme: 'dark' } as const,
      { ...screens.desktop, theme: 'light' } as const,
    ]) {
      const { page, errors } = await open(view, screen);
      await page.locator('main :is(section, table, form)').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(3000);
      expect(errors).toEqual([]);
      // The page's own policy lets no other script in: through the debugger it comes.
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
        interface AxeViolation {
          id: string;
          impact: string;
          nodes: { html: string }[];
        }
        return (await run.run()).violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0]!.html }));
      });
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      // Nothing is cut off at the side.
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
  },
);
