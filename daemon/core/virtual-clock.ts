import { setImmediate as settle, setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Timers } from './clock.ts';

/** A clock whose time passes as fast as its timers allow. */
export interface VirtualClock extends Clock, Timers {
  /** Plays until `untilMs`, nothing is left to do, or the signal aborts. */
  play(untilMs: number, signal?: AbortSignal): Promise<void>;
  /** Holds the time until the promise has settled: for what the world does in between, a file or an answer of a server. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Sets the clock as an operator or NTP does: `now` jumps, timers and `monotonic` don't. */
  step(byMs: number): void;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly then: () => void;
  cancelled: boolean;
}

/** Turns of the event loop that the consequences of a timer are given: promises, and callbacks of what has happened already. */
const settleTurns = 3;

/**
 * Discrete time: `now` is the time of the timer that is being served, and goes on to the next one when all that followed has
 * settled. So a day with simulated drivers has the same outcome every time, whatever the machine does.
 * @param speed virtual seconds a second, over any stretch of time no more than that; Infinity: as fast as it goes
 */
export function makeVirtualClock(startMs: number, speed = Number.POSITIVE_INFINITY): VirtualClock {
  if (!(speed > 0)) throw new RangeError(`speed ${speed}: above 0 expected`);
  if (!Number.isFinite(startMs)) throw new RangeError('the start is no time');
  const entries: Entry[] = [];
  let elapsedMs = 0;
  let stepsMs = 0;
  let order = 0;
  let held = 0;
  let release = () => {};

  function next(): Entry | undefined {
    while (entries[0]?.cancelled) pop(entries);
    return entries[0];
  }

  return {
    now: () => startMs + elapsedMs + stepsMs,
    monotonic: () => elapsedMs,
    step(byMs) {
      stepsMs += byMs;
    },
    after(ms, then) {
      const entry: Entry = { atMs: elapsedMs + Math.max(0, ms), order: order++, then, cancelled: false };
      add(entries, entry);
      return () => {
        entry.cancelled = true;
      };
    },
    async hold(work) {
      held++;
      try {
        return await work;
      } finally {
        held--;
        if (held === 0) release();
      }
    },
    async play(untilMs, signal) {
      const endMs = untilMs - startMs;
      signal?.addEventListener('abort', () => release(), { once: true });
      const began = { realMs: performance.now(), virtualMs: elapsedMs };
      while (!signal?.aborted) {
        for (let turn = 0; turn < settleTurns; turn++) await settle();
        if (held > 0) {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          continue;
        }
        const entry = next();
        const toMs = Math.min(endMs, entry?.atMs ?? endMs);
        if (speed !== Number.POSITIVE_INFINITY) {
          const early = (toMs - began.virtualMs) / speed - (performance.now() - began.realMs);
          // What is late stays late: what runs in real time beside it must never see more than that speed.
          if (early < -1) began.realMs -= early;
          if (early > 1) {
            await sleep(early, undefined, { signal: signal! }).catch(() => {});
            // A shorter timer may have come up meanwhile.
            continue;
          }
        }
        elapsedMs = Math.max(elapsedMs, toMs);
        if (entry === undefined || entry.atMs > endMs) return;
        pop(entries);
        entry.then();
      }
    },
  };
}

/** A binary heap by time, then by the order in which timers were set. */
function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function add(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(entry, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
