import type { Clock, Timers } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { ElementStore } from './elements/element-store.ts';
import { clockIsSet } from './elements/fetch-schedule.ts';
import { outOfReach, type TrackedWish } from './reach.ts';
import type { SdrSettings } from './settings/settings.ts';
import type { Runner } from './station/runner.ts';

export interface MissingLogDeps {
  readonly clock: Clock & Timers;
  readonly log: Log;
  readonly elements: Pick<ElementStore, 'settled' | 'onChange'>;
  readonly runner: Pick<Runner, 'notPredicted'>;
}

/** What was missing is looked for again so often. */
const lookMs = 10 * 60_000;

/**
 * Warns of what keeps a station from following its satellites, each once for as long as it lasts: a clock that is not set,
 * satellites without usable elements (when the sources had their chance to answer), and what no SDR reaches.
 * @returns a function that ends it
 */
export function logMissing(
  wishes: readonly TrackedWish[],
  sdrs: readonly SdrSettings[],
  { clock, log, elements, runner }: MissingLogDeps,
): () => void {
  let closed = false;
  let cancel = () => {};
  let clockTold = false;
  let told: ReadonlySet<number> = new Set();

  /** Whether it is set. */
  function lookAtClock(): boolean {
    const timeMs = clock.now();
    const set = clockIsSet(timeMs);
    if (!set && !clockTold)
      log.warn({ clock: new Date(timeMs).toISOString() }, 'the clock is not set: no pass is planned');
    clockTold = !set;
    return set;
  }

  async function look(): Promise<void> {
    cancel();
    const set = lookAtClock();
    await elements.settled();
    if (closed) return;
    // Without the time nothing is asked of the sources.
    const missing = set ? runner.notPredicted() : [];
    for (const one of missing) if (!told.has(one.norad)) log.warn(one, 'passes are not predicted');
    if (set) told = new Set(missing.map(({ norad }) => norad));
    cancel();
    cancel = clock.after(lookMs, () => void look());
  }

  logReach(wishes, sdrs, log);
  const unlisten = elements.onChange(() => void look());
  void look();
  return () => {
    closed = true;
    unlisten();
    cancel();
  };
}

function logReach(wishes: readonly TrackedWish[], sdrs: readonly SdrSettings[], log: Log): void {
  if (sdrs.every(({ receive }) => receive !== null)) {
    log.warn("every SDR has 'receive': none follows the plan");
    return;
  }
  const missed = outOfReach(wishes, sdrs);
  for (const { satellite, frequencies } of missed.satellites)
    log.warn({ satellite, reason: `no SDR that follows the plan reaches ${frequencies}` }, 'not received');
  for (const sdr of missed.sdrs) log.warn({ sdr }, 'reaches no tracked satellite');
}
