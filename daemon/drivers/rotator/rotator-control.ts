import type { Clock, Timers } from '../../core/clock.ts';
import type { Direction } from '../../tracking/rotator-mount.ts';
import type { RotatorPlan } from '../../tracking/rotator-planner.ts';
import type { AxisPosition, Rotator } from './rotator.ts';
import { stallWatch } from './stall-watch.ts';

export type RotatorStateName = 'idle' | 'pre-pointing' | 'tracking' | 'parking' | 'parked' | 'fault';

export interface RotatorStatus {
  readonly state: RotatorStateName;
  /** What is wrong, in one line; null but for a fault. */
  readonly reason: string | null;
  /** What was commanded last and is still valid. */
  readonly commanded: AxisPosition | null;
  /** Where the rotator was last. */
  readonly read: AxisPosition | null;
  /** When that was, ms. */
  readonly readAtMs: number | null;
}

export interface RotatorControlOptions {
  readonly parkAt?: AxisPosition;
  /** How often the position is read while nothing is to do, ms. Default 5000. */
  readonly idleReadMs?: number;
  /** How often commands are looked for on the way to the park position, ms. Default 500. */
  readonly updateIntervalMs?: number;
  /** Nearer to its command than this an axis has arrived, degrees: more than the rotator's own steps. Default 2. */
  readonly arrivedDeg?: number;
  /** An axis that has not arrived and moves less than 0.3 degrees in this time is stuck, ms. Default 10 000. */
  readonly stallMs?: number;
  /** A stuck rotator is left alone for this long, ms. Default 30 000. */
  readonly retryMs?: number;
}

export interface RotatorControlDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rotator: Rotator;
  /** The way to a position, its last stop: around what stands between. Default: straight. */
  readonly route?: (from: AxisPosition, to: AxisPosition) => readonly AxisPosition[];
  /** The status is another one. */
  readonly changed?: (status: RotatorStatus) => void;
  /** Each time the position was read while something was to do; `target` is null but during a pass. */
  readonly position?: (
    timeMs: number,
    target: Direction | null,
    commanded: AxisPosition | null,
    read: AxisPosition,
  ) => void;
}

export interface RotatorControl {
  readonly status: RotatorStatus;
  /** Points before the pass and follows it; resolves when it is over, or something else is to be done. Never rejects. */
  follow(plan: RotatorPlan): Promise<void>;
  /** Goes to the park position; resolves when it is there, or something else is to be done. Without one it just stops. */
  park(): Promise<void>;
  /** Stops both axes, and tries again until that was heard; resolves when it was. */
  stop(): Promise<void>;
  /** Stands still from now on, without a word to the rotator: it goes where it was sent last. */
  close(): void;
}

type Job =
  | { readonly do: 'wait' }
  | { readonly do: 'follow'; readonly plan: RotatorPlan; readonly done: () => void }
  | { readonly do: 'park'; stops: AxisPosition[] | null; readonly done: () => void }
  | { readonly do: 'stop'; readonly done: () => void };

/** How near it has to come to a stop on its way round an obstacle. */
const STOP_DEG = 1;

const nothing: Job = { do: 'wait' };

/**
 * Steers a rotator by plans. At each interval it reads where the rotator is, and sends the plan's next command when there is
 * one. A request that fails is a fault with its reason until one succeeds; then the command is sent anew, since the server may
 * have been started anew. An axis that does not move towards its command is a fault too: the rotator is stopped, left alone for
 * a while and tried again. Nothing but the rotator's own work ends by a fault, and a job goes on behind it. All times are the
 * given clock's.
 */
export function rotatorControl(options: RotatorControlOptions, deps: RotatorControlDeps): RotatorControl {
  const {
    parkAt,
    idleReadMs = 5000,
    updateIntervalMs = 500,
    arrivedDeg = 2,
    stallMs = 10_000,
    retryMs = 30_000,
  } = options;
  const { clock, timers, rotator } = deps;
  const stall = stallWatch({ arrivedDeg, stallMs });
  let job: Job = nothing;
  let status: RotatorStatus = { state: 'idle', reason: null, commanded: null, read: null, readAtMs: null };
  let parked = false;
  /** Monotonic ms before which a stuck rotator is left alone. */
  let restUntilMs = Number.NEGATIVE_INFINITY;
  let restReason = '';
  /** Raised with each new job: what a step of an old one finds out no longer counts. */
  let generation = 0;
  let cancelTimer = () => {};
  let closed = false;

  function say(change: Partial<RotatorStatus>): void {
    const next = { ...status, ...change };
    const same = next.state === status.state && next.reason === status.reason;
    status = next;
    if (!same) deps.changed?.(status);
  }

  function begin(next: Job): void {
    const before = job;
    job = next;
    generation++;
    parked = false;
    stall.reset();
    restUntilMs = Number.NEGATIVE_INFINITY;
    say({ commanded: null });
    if (before.do !== 'wait') before.done();
    schedule(0);
  }

  function schedule(ms: number): void {
    cancelTimer();
    if (!closed) cancelTimer = timers.after(ms, () => void step(generation));
  }

  /** One look at the rotator, and the next one arranged. */
  async function step(mine: number): Promise<void> {
    const startMs = clock.monotonic();
    try {
      await (job.do === 'stop' ? stopNow(mine) : lookAndCommand(mine));
    } catch (error) {
      if (mine !== generation || closed) return;
      // What the rotator was told may be lost.
      stall.reset();
      say({ state: 'fault', reason: error instanceof Error ? error.message : String(error), commanded: null });
    }
    if (mine === generation && !closed) schedule(Math.max(0, startMs + intervalMs() - clock.monotonic()));
  }

  function intervalMs(): number {
    if (job.do === 'follow') {
      const untilMs = job.plan.prePointMs - clock.now();
      return untilMs > 0 ? Math.max(1, Math.min(idleReadMs, untilMs)) : job.plan.updateIntervalMs;
    }
    return job.do === 'wait' ? idleReadMs : updateIntervalMs;
  }

  async function stopNow(mine: number): Promise<void> {
    await rotator.stop();
    if (mine !== generation || job.do !== 'stop') return;
    finish('idle');
  }

  /** The job is done. */
  function finish(state: 'idle' | 'parked'): void {
    const before = job;
    job = nothing;
    parked = state === 'parked';
    stall.reset();
    say({ state, reason: null });
    if (before.do !== 'wait') before.done();
  }

  async function lookAndCommand(mine: number): Promise<void> {
    const read = await rotator.position();
    if (mine !== generation || closed) return;
    say({ read, readAtMs: clock.now() });
    const nowMs = clock.now();
    const target = job.do === 'follow' && nowMs >= job.plan.aosMs ? job.plan.target(nowMs) : null;
    if (job.do !== 'wait') deps.position?.(nowMs, target, status.commanded, read);
    if (clock.monotonic() < restUntilMs) return say({ state: 'fault', reason: restReason });

    const stuck = stall.look(status.commanded, read, clock.monotonic());
    if (stuck !== null) {
      restUntilMs = clock.monotonic() + retryMs;
      restReason = stuck;
      stall.reset();
      say({ state: 'fault', reason: stuck, commanded: null });
      return rotator.stop();
    }
    if (job.do === 'follow') await followPlan(job.plan, mine);
    else if (job.do === 'park') await goToPark(job, read, mine);
    else say({ state: parked ? 'parked' : 'idle', reason: null });
  }

  async function followPlan(plan: RotatorPlan, mine: number): Promise<void> {
    const nowMs = clock.now();
    if (nowMs > plan.losMs) return finish('idle');
    if (nowMs < plan.prePointMs) return say({ state: 'idle', reason: null });
    await command(plan.next(nowMs, status.commanded), mine);
    if (mine === generation) say({ state: nowMs < plan.aosMs ? 'pre-pointing' : 'tracking', reason: null });
  }

  async function goToPark(parking: Job & { do: 'park' }, read: AxisPosition, mine: number): Promise<void> {
    if (parkAt === undefined) {
      await rotator.stop();
      if (mine === generation) finish('idle');
      return;
    }
    // After a fault the way is another one.
    if (parking.stops === null || status.commanded === null)
      parking.stops = [...(deps.route?.(read, parkAt) ?? [parkAt])];
    while (parking.stops.length > 1 && isNear(read, parking.stops[0]!, Math.min(arrivedDeg, STOP_DEG)))
      parking.stops.shift();
    const stop = parking.stops[0]!;
    // Commanded even when it is near: as exactly as the rotator can.
    if (!isSame(stop, status.commanded)) await command(stop, mine);
    if (mine !== generation) return;
    if (parking.stops.length === 1 && isNear(read, stop, arrivedDeg)) finish('parked');
    else say({ state: 'parking', reason: null });
  }

  async function command(position: AxisPosition | null, mine: number): Promise<void> {
    if (position === null) return;
    await rotator.moveTo(position);
    if (mine === generation) say({ commanded: position });
  }

  schedule(0);
  return {
    get status() {
      return status;
    },
    follow: (plan) => new Promise((done) => begin({ do: 'follow', plan, done })),
    park: () => new Promise((done) => begin({ do: 'park', stops: null, done })),
    stop: () => new Promise((done) => begin({ do: 'stop', done })),
    close() {
      if (closed) return;
      closed = true;
      generation++;
      cancelTimer();
      if (job.do !== 'wait') job.done();
      job = nothing;
    },
  };
}

function isNear(a: AxisPosition, b: AxisPosition, deg: number): boolean {
  return Math.abs(a.azimuthDeg - b.azimuthDeg) <= deg && Math.abs(a.elevationDeg - b.elevationDeg) <= deg;
}

function isSame(a: AxisPosition, b: AxisPosition | null): boolean {
  return a.azimuthDeg === b?.azimuthDeg && a.elevationDeg === b.elevationDeg;
}
