import type { StoredFrame, WithheldCause } from '../api/wire.ts';
import { backOff } from '../core/back-off.ts';
import type { Clock, Timers } from '../core/clock.ts';
import type { Collector, CollectorLog, Outcome } from './collector.ts';
import type { AsideFrame, DeliveryStore, Settlement } from './delivery-store.ts';
import { type DeliveryRules, whyWithheld } from './withholding.ts';

/** What delivery needs of the ledger. */
export interface DeliverySource {
  readonly ledgerId: string;
  lastSeq(): number;
  /** Frames with seq > since, in order. */
  frames(query: { since: number; limit: number }): StoredFrame[];
}

export interface DeliveryDeps {
  /** The collector's id in the settings. */
  readonly id: string;
  /** Makes the connection to it; tried again when it throws. */
  readonly connect: () => Promise<Collector>;
  readonly frames: DeliverySource;
  readonly store: DeliveryStore;
  readonly rules: DeliveryRules;
  /** Which frames a collector that is new gets. */
  readonly start: 'now' | 'beginning';
  /** True for a frame whose time will be corrected: it waits, and what is behind it. */
  readonly held: (frame: StoredFrame) => boolean;
  readonly clock: Clock & Timers;
  readonly random: () => number;
  readonly log: CollectorLog;
}

export interface DeliveryStatus {
  readonly state: 'idle' | 'delivering' | 'waiting' | 'held' | 'stopped';
  /** Why it waits. */
  readonly reason: string | null;
  /** When it tries again, ms since the epoch; null while nothing is waited for. */
  readonly nextAttemptMs: number | null;
  /** Frames of the ledger behind the cursor, withheld ones counted in. */
  readonly queued: number;
  readonly aside: number;
}

/** Frames from the ledger to one collector, in order, each settled once. */
export interface Delivery {
  /** Begins to deliver. */
  start(): void;
  /** There may be something new. */
  wake(): void;
  status(): DeliveryStatus;
  /** Ends what is under way; what it settles is kept. */
  close(): Promise<void>;
}

/** A collector that is away costs a try every ten minutes at most. */
const retry = { firstMs: 1000, mostMs: 600_000 };
/** A server may ask for more patience than that. */
const mostPatienceMs = 24 * 3600_000;
/** Tries of one frame while others fare better, before the queue goes on without it. */
const triesInOrder = 5;
const asideMs = 3600_000;
/** Some months of hourly tries, then it counts as refused. */
const asideTries = 1000;
/** Frames read at a time, also where fewer are delivered at once, or all are withheld. */
const fewestRead = 64;
/** How long a delivery that is under way may take when the station stops, and then to notice that it may not. */
const graceMs = 3000;
const closeMs = 2000;

/** @returns what begins to deliver when it is started */
export function makeDelivery(deps: DeliveryDeps): Delivery {
  const { id, frames, store, rules, clock, log } = deps;
  /** The station stops: no new delivery begins. */
  const stopping = new AbortController();
  /** It does not wait any longer for the one under way. */
  const abort = new AbortController();
  const wait = backOff(retry, deps.random);
  const tries = new Map<number, number>();
  let cursor = store.open(id, frames.ledgerId, deps.start === 'now' ? frames.lastSeq() : 0).cursor;
  /** Read already, behind the cursor: a collector that takes one frame at a time does not make each read many. */
  let ahead: readonly StoredFrame[] = [];
  let collector: Collector | null = null;
  /** The collector may have frames behind the cursor: a crash or a lost answer came between. */
  let uncertain = true;
  let state: DeliveryStatus['state'] = 'idle';
  let reason: string | null = null;
  let nextAttemptMs: number | null = null;
  let asideCount = store.aside(id).length;
  let rouse: (() => void) | null = null;
  let told: string | null = null;

  const at = () => new Date(clock.now()).toISOString();

  /** Sleeps until it is woken, or for `ms`. */
  function sleep(ms: number | null, wakeable: boolean): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = ms === null ? () => {} : clock.after(Math.min(ms, 2 ** 31 - 1), done);
      function done(): void {
        cancel();
        rouse = null;
        stopping.signal.removeEventListener('abort', done);
        resolve();
      }
      stopping.signal.addEventListener('abort', done);
      if (wakeable) rouse = done;
    });
  }

  async function later(why: string, retryAfterMs = 0): Promise<void> {
    const ms = Math.max(wait.next(), Math.min(retryAfterMs, mostPatienceMs));
    state = 'waiting';
    reason = why;
    nextAttemptMs = clock.now() + ms;
    // A collector that is away for a week is one line, not thousands.
    if (stopping.signal.aborted) return;
    if (told !== why)
      log.warn({ collector: id, reason: why, retryInMs: ms }, 'collector does not take frames, trying again');
    told = why;
    uncertain = true;
    await sleep(ms, false);
    nextAttemptMs = null;
  }

  function wentWell(): void {
    wait.reset();
    if (told !== null) log.info({ collector: id }, 'collector takes frames again');
    told = null;
    reason = null;
  }

  async function hand(to: Collector, batch: readonly StoredFrame[]): Promise<readonly Outcome[]> {
    try {
      const known =
        uncertain && to.delivered !== undefined ? await to.delivered(batch, abort.signal) : new Set<string>();
      uncertain = false;
      const unknown = batch.filter((frame) => !known.has(frame.id));
      const outcomes = unknown.length === 0 ? [] : await to.deliver(unknown, abort.signal);
      const byId = new Map(unknown.map((frame, i) => [frame.id, outcomes[i]]));
      return batch.map((frame) => (known.has(frame.id) ? { kind: 'accepted' } : (byId.get(frame.id) ?? notTried)));
    } catch (error) {
      return batch.map(() => ({ kind: 'later', scope: 'collector', reason: messageOf(error) }));
    }
  }

  /** Settles frames behind the cursor. @returns how to go on */
  async function step(to: Collector): Promise<'more' | 'nothing' | 'held'> {
    const read =
      ahead.length >= to.batch ? ahead : frames.frames({ since: cursor, limit: Math.max(to.batch, fewestRead) });
    if (read.length === 0) return 'nothing';
    const sent: StoredFrame[] = [];
    const passed: StoredFrame[] = [];
    let held = false;
    for (const frame of read) {
      held = deps.held(frame);
      if (held || sent.length === to.batch) break;
      if (whyWithheld(frame, rules) === null) sent.push(frame);
      passed.push(frame);
    }
    if (passed.length === 0) return 'held';
    state = 'delivering';
    const outcomes = sent.length === 0 ? [] : await hand(to, sent);
    const byId = new Map(sent.map((frame, i) => [frame.id, outcomes[i]!]));
    const settled = fold(passed, byId);
    if (settled.change.cursor !== undefined) {
      store.settle(id, settled.change);
      cursor = settled.change.cursor;
      ahead = read.filter(({ seq }) => seq > cursor);
      asideCount += settled.change.setAside?.length ?? 0;
    }
    if (settled.stoppedBy === null) {
      if (sent.length > 0) wentWell();
      return 'more';
    }
    if ((settled.change.accepted ?? 0) > 0) wait.reset();
    await later(settled.stoppedBy.reason, settled.stoppedBy.retryAfterMs);
    return 'more';
  }

  /** Goes over frames in their order up to the first that has to wait. */
  function fold(
    passed: readonly StoredFrame[],
    outcomes: ReadonlyMap<string, Outcome>,
  ): { change: Settlement; stoppedBy: Extract<Outcome, { kind: 'later' }> | null } {
    const refused: { seq: number; reason: string }[] = [];
    const setAside: AsideFrame[] = [];
    let accepted = 0;
    const withheld: WithheldCause[] = [];
    let reached: number | undefined;
    let stoppedBy: Extract<Outcome, { kind: 'later' }> | null = null;
    for (const frame of passed) {
      const { seq } = frame;
      const outcome = outcomes.get(frame.id);
      if (outcome === undefined) withheld.push(whyWithheld(frame, rules)!.cause);
      else if (outcome.kind === 'accepted') accepted += 1;
      else if (outcome.kind === 'refused') refused.push({ seq, reason: outcome.reason });
      else {
        const attempts = (tries.get(seq) ?? 0) + (outcome.scope === 'frame' ? 1 : 0);
        if (outcome.scope === 'collector' || attempts < triesInOrder) {
          tries.set(seq, attempts);
          stoppedBy = outcome;
          break;
        }
        setAside.push({ seq, attempts, nextMs: clock.now() + asideMs, reason: outcome.reason });
      }
      tries.delete(seq);
      reached = seq;
    }
    const change = {
      accepted,
      withheld,
      refused,
      setAside,
      at: at(),
      ...(reached !== undefined && { cursor: reached }),
    };
    for (const { seq, reason: words } of refused) log.warn({ collector: id, seq, reason: words }, 'frame refused');
    for (const { seq, reason: words } of setAside)
      log.warn(
        { collector: id, seq, reason: words },
        'frame set aside: the queue goes on, it is tried again every hour',
      );
    return { change, stoppedBy };
  }

  /** Tries the frames that were set aside, one by one. @returns whether one was due */
  async function asideStep(to: Collector): Promise<boolean> {
    const [due] = asideCount === 0 ? [] : store.asideDue(id, clock.now(), 1);
    if (due === undefined) return false;
    const [frame] = frames.frames({ since: due.seq - 1, limit: 1 });
    if (frame === undefined || frame.seq !== due.seq) {
      store.settle(id, {
        refused: [{ seq: due.seq, reason: 'no longer in the ledger' }],
        resolved: [due.seq],
        at: at(),
      });
      asideCount -= 1;
      return true;
    }
    uncertain = true;
    const [outcome] = await hand(to, [frame]);
    if (outcome!.kind === 'later') {
      if (outcome!.scope === 'collector') {
        await later(outcome!.reason, outcome!.retryAfterMs);
        return true;
      }
      const attempts = due.attempts + 1;
      if (attempts < asideTries) {
        store.settle(id, {
          setAside: [{ ...due, attempts, nextMs: clock.now() + asideMs, reason: outcome!.reason }],
          at: at(),
        });
        return true;
      }
    }
    const refused = outcome!.kind === 'accepted' ? [] : [{ seq: due.seq, reason: outcome!.reason }];
    store.settle(id, { accepted: outcome!.kind === 'accepted' ? 1 : 0, refused, resolved: [due.seq], at: at() });
    asideCount -= 1;
    return true;
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        // Also with nothing to deliver: some tell the other side that the station is there.
        collector ??= await deps.connect();
        if (await asideStep(collector)) continue;
        const done = await step(collector);
        if (done === 'more') continue;
        state = done === 'held' ? 'held' : 'idle';
        reason = done === 'held' ? 'the clock is not synchronised: frames wait for their time to be corrected' : null;
        if (done === 'nothing' && cursor < frames.lastSeq()) continue;
        const nextMs = asideCount === 0 ? null : store.nextAsideMs(id);
        await sleep(nextMs === null ? null : Math.max(0, nextMs - clock.now()), true);
      } catch (error) {
        // No connection, or a ledger that can't be read for now.
        await later(messageOf(error));
      }
    }
    state = 'stopped';
  }

  let working: Promise<void> = Promise.resolve();
  const endPatience = Promise.withResolvers<void>();
  return {
    start() {
      working = work();
    },
    wake() {
      // Times may have been corrected.
      ahead = [];
      rouse?.();
    },
    status: () => ({
      state,
      reason,
      nextAttemptMs,
      queued: Math.max(0, frames.lastSeq() - cursor),
      aside: asideCount,
    }),
    async close() {
      stopping.abort();
      // An answer that is a moment away saves the server a frame that comes twice.
      const patience = setTimeout(() => abort.abort(), graceMs);
      const end = setTimeout(endPatience.resolve, graceMs + closeMs);
      await Promise.race([working, endPatience.promise]);
      clearTimeout(patience);
      clearTimeout(end);
      abort.abort();
      await collector?.close();
    },
  };
}

const notTried: Outcome = { kind: 'later', scope: 'collector', reason: 'it was not tried, behind another that failed' };

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
