import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecodedFrame, PassEntry } from './api/wire.ts';
import type { Clock, Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { Source } from './drivers/sdr/source.ts';
import type { ElementSource } from './elements/element-source.ts';
import { openElementStore } from './elements/element-store.ts';
import { finishedEntry, type StationRotator, startTracking, type TrackingStation } from './main-tracking.ts';
import type { Satellite } from './satellites/satellite.ts';
import type { SdrSettings, Settings } from './settings/settings.ts';

export interface OpenTrackingDeps {
  readonly log: Log;
  readonly clock: Clock & Timers;
  readonly virtual: boolean;
  readonly find: (nameOrNorad: string) => Satellite;
  readonly source: (settings: SdrSettings) => Source;
}

/** Passes that are over and still told. */
const mostFinished = 5000;

/** Opens what tracking keeps on disk and on the network, and starts it. @throws StationError SETTINGS_INVALID */
export async function openTracking(
  settings: Settings,
  { log, clock, virtual, find, source }: OpenTrackingDeps,
  onFrame: (frame: DecodedFrame & { readonly simulated: boolean }) => void,
): Promise<{ readonly tracking: TrackingStation; readonly close: () => Promise<void> }> {
  const elements = openElementStore(settings.dataFolder, elementSources(settings, virtual), {
    clock,
    timers: clock,
    fetch,
    log,
  });
  elements.start();
  const rotators: readonly StationRotator[] = [];
  const choices = new Map<string, 'pinned' | 'skipped'>();
  const finished: PassEntry[] = [];
  const tracking = startTracking({
    settings,
    log,
    clock,
    find,
    elements,
    rotators,
    choices: () => choices,
    choose(key, choice) {
      if (choice === null) choices.delete(key);
      else choices.set(key, choice);
    },
    makeSource: source,
    onFrame,
    outcome(outcome) {
      finished.push(finishedEntry(outcome));
      if (finished.length > mostFinished) finished.shift();
    },
    finished: (sinceMs, limit) => finished.filter(({ los }) => Date.parse(los) >= sinceMs).slice(-limit),
    operatorToken: operatorToken(settings.dataFolder),
  });
  return {
    tracking,
    async close() {
      await tracking.stop();
      await elements.close();
    },
  };
}

/** Under a clock that is not real nothing is asked of servers: they have the elements of today. */
function elementSources({ elementSources: sources }: Settings, virtual: boolean): ElementSource[] {
  return sources.flatMap((source): ElementSource[] => {
    if (!/^https?:/.test(source)) return [{ file: source }];
    return virtual ? [] : [{ url: source }];
  });
}

/** What who changes the station must show; made once, readable by its owner alone. */
function operatorToken(dataFolder: string): string {
  const file = join(dataFolder, 'operator-token');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
