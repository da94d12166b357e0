/**
 * `npm run screenshots`: pictures of every view of the status page, phone and desktop, light and dark, of a simulated station,
 * into docs/screenshots. Needs Debian's chromium.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, openTab, screens } from '../test/page/browser.ts';
import { startDemoStation } from '../test/page/demo-station.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');
const views = ['now', 'signal', 'frames', 'passes', 'map', 'satellites', 'station'] as const;
/** Until there are frames, a waterfall that fills the view, and answers of everything that a view asks for. */
const settleMs = { now: 6000, signal: 15_000, frames: 3000, passes: 3000, map: 4000, satellites: 3000, station: 4000 };

const only = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'downlinkd-screenshots-'));
const station = await startDemoStation(data, 0);
const browser = await openBrowser();
try {
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  for (const view of views) {
    if (only.length > 0 && !only.includes(view)) continue;
    await Promise.all(
      Object.entries(screens).flatMap(([screen, size]) =>
        (['light', 'dark'] as const).map(async (theme) => {
          const { page, errors } = await openTab(browser, `${station.url}/#${view}`, { ...size, theme });
          await page.waitForTimeout(settleMs[view]);
          await page.screenshot({ path: join(folder, `${view}-${screen}-${theme}.png`) });
          for (const error of errors) console.error(`${view}, ${screen}, ${theme}: ${error}`);
          await page.context().close();
        }),
      ),
    );
    console.log(view);
  }
} finally {
  await browser.close();
  await station.stop();
  rmSync(data, { recursive: true, force: true });
}
