import type { Clock, Timers } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { type Elements, type ParsedElements, parseElements } from '../tracking/elements.ts';
import { changedElements, chooseElements, sameRecord } from './element-choice.ts';
import { checkSources, type ElementSource } from './element-source.ts';
import { elementsDisk } from './elements-disk.ts';
import { elementsPath } from './elements-state.ts';
import { fetchText, MOST_BYTES } from './fetch-elements.ts';
import { clockIsSet, type Instant } from './fetch-schedule.ts';
import { dueIn, type HeldSource, holdSource, type SourceStatus, statusOf } from './held-source.ts';
import { afterFetch, afterRead, whileAsking } from './source-update.ts';
import { watchFile } from './watched-file.ts';

export interface ElementStoreDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly fetch: typeof fetch;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** How the station calls itself to servers. */
  readonly userAgent?: string;
}

export interface ElementStore {
  /** The elements that count, by catalogue number. A new map after every change. */
  current(): ReadonlyMap<number, Elements>;
  of(norad: number): Elements | null;
  /** Days since the epoch of a satellite's elements; null when there are none. */
  ageDays(norad: number, nowMs: number): number | null;
  /** Calls with the satellites whose elements changed; gives a function that ends it. */
  onChange(listener: (changed: ReadonlySet<number>) => void): () => void;
  /** Takes in elements given as text; pinned ones beat newer ones. Never throws. */
  paste(text: string, options?: { readonly pinned?: boolean }): ParsedElements;
  /** Keeps the elements that a satellite has now, whatever comes. False when it has none. */
  pin(norad: number): boolean;
  /** Lets newer elements win again. False when it had no pin; that of a file's elements is in the settings. */
  unpin(norad: number): boolean;
  /** Forgets what was pasted or pinned for a satellite. False when that was nothing. */
  remove(norad: number): boolean;
  /** What was pasted or pinned. */
  own(): readonly Elements[];
  status(): readonly SourceStatus[];
  /** Begins to look at files and ask servers. */
  start(): void;
  /** Resolves when no request is under way and everything is on the disk. */
  settled(): Promise<void>;
  /** Ends requests under way; resolves when everything is on the disk. */
  close(): Promise<void>;
}

/** Files are looked at and servers' times checked so often. */
const LOOK_MS = 10_000;
/** A clock that moves against the monotonic one by more was set. */
const CLOCK_STEP_MS = 60_000;
/** What is known of sources that are in the settings no more is kept so long. */
const ABANDONED_MS = 30 * 86_400_000;
/** While the disk can't note that a server is asked, it isn't. */
const UNNOTED_MS = 5 * 60_000;

/**
 * The orbital elements of a station: from files, servers and the user, kept in the data folder from run to run. Files are
 * read here, servers are asked after `start`. How often, and what a wrong clock does: fetch-schedule.ts.
 * @throws StationError SETTINGS_INVALID
 */
export function openElementStore(
  dataFolder: string,
  sources: readonly ElementSource[],
  deps: ElementStoreDeps,
): ElementStore {
  const { clock, timers, log, userAgent = 'downlinkd' } = deps;
  const disk = elementsDisk(dataFolder, log);
  const runStartMs = clock.monotonic();
  const stop = new AbortController();
  const listeners = new Set<(changed: ReadonlySet<number>) => void>();
  const pasted = new Map(disk.stored.pasted.map((e) => [e.norad, e]));
  const pinned = new Map(disk.stored.pinned.map((e) => [e.norad, e]));
  const ownFile = watchFile(elementsPath(dataFolder));
  const held = checkSources(sources).map((source) => holdSource(source, disk, instant()));
  // A source that is taken out of the settings and put back must not be asked again for it.
  const abandoned = [...disk.stored.sources].filter(
    ([key, { lastAskedMs }]) =>
      !held.some((h) => h.key === key) && Math.abs(clock.now() - (lastAskedMs ?? 0)) < ABANDONED_MS,
  );
  let current: ReadonlyMap<number, Elements> = new Map();
  let clockOffsetMs = clock.now() - clock.monotonic();
  let fetching: Promise<void> | null = null;
  let cancelLook = () => {};
  let started = false;
  /** What was warned of by source: records that can't be used. */
  const toldBad = new Map<string, string | null>();

  function choose(): void {
    const all = [...held.flatMap((h) => h.state.elements), ...pasted.values(), ...pinned.values()];
    const next = chooseElements(all, clock.now());
    const changed = changedElements(current, next);
    if (changed.size === 0) return;
    current = next;
    for (const listener of listeners) listener(changed);
  }

  function save(): Promise<boolean> {
    return disk.save(() => ({
      sources: new Map([
        ...abandoned,
        ...held.map((h) => [h.key, h.asking ? whileAsking(h.state, clock.now()) : h.state] as const),
      ]),
      pasted: [...pasted.values()],
      pinned: [...pinned.values()],
      current,
    }));
  }

  function changedHere(): void {
    choose();
    void save();
  }

  /** Newest wins among what is the user's own too. */
  function takeIn(elements: Iterable<Elements>): void {
    for (const e of elements) {
      const kept = e.pinned ? pinned : pasted;
      const before = kept.get(e.norad);
      const both = before === undefined || e.pinned ? [e] : [before, e];
      kept.set(e.norad, chooseElements(both, clock.now()).get(e.norad)!);
    }
  }

  function lookAtFiles(): boolean {
    let changed = false;
    for (const h of held) {
      const read = h.file?.look() ?? null;
      if (read === null) continue;
      h.state = afterRead(h.state, read, { source: h.key, pinned: h.pinned, wallMs: clock.now() });
      changed = true;
      noteOutcome(h);
    }
    const own = ownFile.look();
    if (own !== null && 'text' in own && !disk.wrote(own.text)) {
      const { elements } = parseElements(own.text, { source: ownFile.path, believeMarks: true });
      disk.overwritten();
      takeIn(elements.filter((e) => !sameRecord(e, current.get(e.norad))));
      changed = true;
    }
    return changed;
  }

  function noteOutcome({ key, state }: HeldSource): void {
    const { outcome, reason, bad } = state;
    const line = { source: key, outcome, reason, elements: state.elements.length, bad };
    // Once: the same bad records come again every two hours.
    const newlyBad = outcome === 'ok' && bad > 0 && toldBad.get(key) !== reason;
    if (outcome === 'ok') toldBad.set(key, reason);
    if (outcome === 'refused' || outcome === 'failed' || newlyBad) log.warn(line, `elements: ${key}: ${reason}`);
    else log.info(line, `elements: ${key}: ${outcome}`);
  }

  function instant(): Instant {
    return { wallMs: clock.now(), monotonicMs: clock.monotonic(), runStartMs };
  }

  async function ask(h: HeldSource): Promise<void> {
    h.asking = true;
    const noted = await save();
    if (!noted || stop.signal.aborted) {
      h.asking = false;
      h.askedMs = clock.monotonic();
      const reason = 'not asked: the data folder can not be written';
      h.state = { ...h.state, waitMs: UNNOTED_MS, outcome: 'failed', reason };
      return;
    }
    const { etag, lastModified, movedTo } = h.state;
    const known = h.state.elements.length > 0 ? { etag, lastModified } : { etag: null, lastModified: null };
    const result = await fetchText(movedTo ?? h.key, known, { ...deps, userAgent, signal: stop.signal });
    // Stopped in the middle: what was noted before stands.
    if (stop.signal.aborted) return;
    h.state = afterFetch(h.state, result, { source: h.key, intervalMs: h.intervalMs, wallMs: clock.now() });
    h.askedMs = clock.monotonic();
    h.asking = false;
    noteOutcome(h);
    choose();
    await save();
  }

  /** One after the other: servers need no crowd of requests, and several sources may be one server's. */
  async function askAll(): Promise<void> {
    for (const h of held) {
      const due = dueIn(h, instant());
      if (due !== null && due <= 0 && !stop.signal.aborted) await ask(h);
    }
  }

  /** The times of this run's requests by the clock as it is now: the next run must not take them for older. */
  function reckonAnew(): void {
    for (const h of held)
      if (h.askedMs !== null) h.state = { ...h.state, lastAskedMs: clock.now() - (clock.monotonic() - h.askedMs) };
  }

  function look(): void {
    const offset = clock.now() - clock.monotonic();
    const clockWasSet = Math.abs(offset - clockOffsetMs) > CLOCK_STEP_MS;
    clockOffsetMs = offset;
    if (clockWasSet && clockIsSet(clock.now())) reckonAnew();
    if (lookAtFiles() || clockWasSet) changedHere();
    fetching ??= askAll().finally(() => {
      fetching = null;
    });
    cancelLook = timers.after(LOOK_MS, look);
  }

  choose();
  if (lookAtFiles() || disk.damage !== null) changedHere();

  return {
    current: () => current,
    of: (norad) => current.get(norad) ?? null,
    ageDays(norad, nowMs) {
      const elements = current.get(norad);
      return elements === undefined ? null : (nowMs - elements.epochMs) / 86_400_000;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    paste(text, { pinned: asPinned = false } = {}) {
      if (text.length > MOST_BYTES)
        return { elements: [], bad: [{ line: 1, reason: `larger than ${MOST_BYTES / 1e6} MB` }] };
      const day = clockIsSet(clock.now()) ? ` ${new Date(clock.now()).toISOString().slice(0, 10)}` : '';
      const parsed = parseElements(text, { source: `pasted${day}`, pinned: asPinned });
      takeIn(parsed.elements);
      if (parsed.elements.length > 0) changedHere();
      return parsed;
    },
    pin(norad) {
      const elements = current.get(norad);
      if (elements === undefined) return false;
      pinned.set(norad, { ...elements, pinned: true });
      changedHere();
      return true;
    },
    unpin(norad) {
      const elements = pinned.get(norad);
      if (elements === undefined) return false;
      pinned.delete(norad);
      takeIn([{ ...elements, pinned: false }]);
      changedHere();
      return true;
    },
    remove(norad) {
      const had = [pasted.delete(norad), pinned.delete(norad)].includes(true);
      if (had) changedHere();
      return had;
    },
    own: () => [...pinned.values(), ...pasted.values()],
    status: () => held.map((h) => statusOf(h, instant())),
    start() {
      if (started || stop.signal.aborted) return;
      started = true;
      look();
    },
    async settled() {
      await fetching;
      await disk.settled();
    },
    async close() {
      stop.abort();
      cancelLook();
      await fetching;
      await disk.settled();
    },
  };
}
