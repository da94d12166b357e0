import type { TrackingSource } from './api/tracking-routes.ts';
import type { ElementsInUse } from './api/wire.ts';
import type { Clock } from './core/clock.ts';
import { iso } from './core/iso.ts';
import { rounded } from './core/rounded.ts';
import type { ElementStore } from './elements/element-store.ts';
import { elementsAge } from './elements/elements-age.ts';
import type { TrackedSatellite } from './station/pass-list.ts';

/** What the API tells of orbital elements, and changes. */
export function trackingElements(
  elements: ElementStore,
  satellites: () => readonly TrackedSatellite[],
  clock: Clock,
): Pick<TrackingSource, 'elements' | 'takeElements' | 'forgetElements'> {
  const inUse = (norad: number): ElementsInUse => {
    const own = elements.of(norad);
    const tracked = satellites().find((one) => one.norad === norad);
    return {
      norad,
      name: tracked?.name ?? own?.name ?? String(norad),
      epoch: own === null ? null : iso(own.epochMs),
      age_days: own === null ? null : rounded(elementsAge(own, clock.now()).ageDays, 2),
      source: own?.source ?? null,
      pinned: own?.pinned ?? false,
    };
  };
  return {
    elements: () => ({
      sources: elements
        .status()
        .map(({ source, lastFetchIso, nextFetchIso, outcome, reason, elements: found, bad }) => ({
          source,
          last_fetch: lastFetchIso,
          next_fetch: nextFetchIso,
          outcome,
          reason,
          elements: found,
          bad,
        })),
      satellites: satellites().map(({ norad }) => inUse(norad)),
    }),
    takeElements(text, pinned) {
      const { elements: taken, bad } = elements.paste(text, { pinned: pinned ?? false });
      const norads = [...new Set(taken.map(({ norad }) => norad))];
      if (pinned === false) for (const norad of norads) elements.unpin(norad);
      return { satellites: taken.map(({ norad }) => norad), in_use: norads.map(inUse), bad };
    },
    forgetElements: (norad) => (elements.remove(norad) ? { in_use: [inUse(norad)] } : null),
  };
}
