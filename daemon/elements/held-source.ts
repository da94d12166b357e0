import { type ElementSource, sourceKey } from './element-source.ts';
import type { ElementsDisk } from './elements-disk.ts';
import { neverAsked, type SourceOutcome, type SourceState } from './elements-state.ts';
import { clockIsSet, dueInMs, type Instant, LEAST_INTERVAL_MS } from './fetch-schedule.ts';
import { type WatchedFile, watchFile } from './watched-file.ts';

export interface SourceStatus {
  /** Path or URL. */
  readonly source: string;
  /** When it was asked or read last. */
  readonly lastFetchIso: string | null;
  /** When it will be asked next; null for files and while the clock is not set. */
  readonly nextFetchIso: string | null;
  readonly outcome: SourceOutcome;
  /** One clear line where something is wrong. */
  readonly reason: string | null;
  /** Satellites it has elements of. */
  readonly elements: number;
  /** Records of its last answer that can't be used. */
  readonly bad: number;
}

/** A source of the settings with what is known of it. */
export interface HeldSource {
  /** Path or URL. */
  readonly key: string;
  /** Null for a URL. */
  readonly file: WatchedFile | null;
  readonly pinned: boolean;
  readonly intervalMs: number;
  state: SourceState;
  /** A request is under way. */
  asking: boolean;
  /** Monotonic time at which it was last asked in this run. */
  askedMs: number | null;
}

export function holdSource(source: ElementSource, disk: ElementsDisk, now: Instant): HeldSource {
  const key = sourceKey(source);
  const isFile = 'file' in source;
  const pinned = isFile && source.pinned === true;
  const intervalMs = isFile ? 0 : (source.intervalMs ?? LEAST_INTERVAL_MS);
  const base = { key, file: isFile ? watchFile(source.file) : null, pinned, intervalMs, asking: false };
  const stored = disk.stored.sources.get(key);
  if (stored === undefined && disk.damage !== null) {
    // When it was asked before is unknown: it is left alone as if that was just now.
    const state = { ...neverAsked, lastAskedMs: now.wallMs, waitMs: LEAST_INTERVAL_MS, reason: disk.damage };
    return { ...base, state, askedMs: now.monotonicMs };
  }
  const { outcome, waitMs, elements } = stored ?? neverAsked;
  const state = {
    ...(stored ?? neverAsked),
    // The interval of the settings now, not of those it was asked under.
    waitMs: outcome === 'ok' || outcome === 'not modified' ? intervalMs : waitMs,
    elements: elements.map((e) => ({ ...e, source: key, pinned })),
  };
  return { ...base, state, askedMs: null };
}

/** Milliseconds until a server may be asked, at most 0 when it may be now; null for files and while the clock is not set. */
export function dueIn({ file, state, askedMs }: HeldSource, now: Instant): number | null {
  if (file !== null) return null;
  return dueInMs({ atMs: state.lastAskedMs, atMonotonicMs: askedMs, waitMs: state.waitMs }, now);
}

export function statusOf(held: HeldSource, now: Instant): SourceStatus {
  const { lastAskedMs, outcome, reason, elements, bad, movedTo } = held.state;
  const due = dueIn(held, now);
  const iso = (ms: number) => new Date(ms).toISOString();
  const waits = held.file === null && !clockIsSet(now.wallMs) ? "not asked: the clock isn't set" : null;
  const moved = movedTo === null ? null : `has moved to ${movedTo}: change the settings`;
  return {
    source: held.key,
    lastFetchIso: lastAskedMs === null ? null : iso(lastAskedMs),
    nextFetchIso: due === null ? null : iso(now.wallMs + Math.max(0, due)),
    outcome,
    reason: waits ?? reason ?? moved,
    elements: elements.length,
    bad,
  };
}
