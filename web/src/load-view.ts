import { effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { View } from './route-of.ts';
import { heardAt } from './station.ts';
import Now from './views/now.tsx';

type Shown = ComponentType<{ rest: string }>;

/** Each view but the first is loaded when it is looked at: the first load stays small. */
const views: Readonly<Record<Exclude<View, 'now'>, () => Promise<{ default: Shown }>>> = {
  signal: () => import('./views/signal.tsx'),
  frames: () => import('./views/frames.tsx'),
  passes: () => import('./views/passes.tsx'),
  map: () => import('./views/map.tsx'),
  satellites: () => import('./views/satellites.tsx'),
  station: () => import('./views/station.tsx'),
};

export const loaded = signal<Partial<Record<View, Shown>>>({ now: Now });
/** When the station did not hand out a view, ms of this tab's clock; null: it did. */
export const failedAt = signal<number | null>(null);

const key = 'downlinkd-page-loaded-anew';
/** A page that can't have a view although it was loaded anew is not loaded again and again. */
const anewEveryMs = 60_000;

/**
 * Loads a view that is not yet. Where the station is away, or was replaced by another version whose files have other names, the page
 * is loaded anew as soon as the station is heard: what failed once is not asked for again by the browser, and lacks its styles.
 */
export function loadView(view: View): void {
  if (view === 'now' || loaded.value[view] !== undefined) return;
  views[view]().then(
    (module) => {
      loaded.value = { ...loaded.value, [view]: module.default };
    },
    () => {
      failedAt.value = performance.now();
    },
  );
}

effect(() => {
  if (failedAt.value === null || heardAt.value <= failedAt.value) return;
  if (Date.now() - Number(sessionStorage.getItem(key)) < anewEveryMs) return;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
});
