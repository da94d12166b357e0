/** Debian's Chromium, driven by playwright-core. */
import { type Browser, chromium, type Page } from 'playwright-core';

export const chromiumPackages = ['chromium'] as const;

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly theme?: 'light' | 'dark';
}

export const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;

/** Of what a page shows: a browser that draws by software on a busy machine needs time. */
const patienceMs = 240_000;

export function openBrowser(): Promise<Browser> {
  // As root, as in CI, Chromium has no sandbox; WebGL by software, since there is no graphics card.
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage'],
  });
}

/** A tab, with what went wrong in it: errors of scripts, of the console, refused requests. */
export async function openTab(
  browser: Browser,
  url: string,
  { width, height, theme = 'light' }: Screen = screens.desktop,
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}
