import type { Clock, Timers } from '../../core/clock.ts';
import type { Rig } from './rig.ts';

/** The frequencies of a pass, corrected for the Doppler shift. */
export interface FrequencyPlan {
  readonly fromMs: number;
  readonly toMs: number;
  /** What to receive on, Hz. */
  downlinkHz(timeMs: number): number;
  /** What to transmit on, Hz. Default: no split. */
  uplinkHz?(timeMs: number): number;
}

export interface RigStatus {
  readonly state: 'idle' | 'tuning' | 'fault';
  /** What is wrong, in one line; null but for a fault. */
  readonly reason: string | null;
  /** What the rig was told last, Hz. */
  readonly downlinkHz: number | null;
  readonly uplinkHz: number | null;
}

export interface RigControlOptions {
  /** From one look at the frequencies to the next, ms. Default 1000. */
  readonly intervalMs?: number;
  /** A frequency is sent when it differs by this at least, Hz. Default 10. */
  readonly stepHz?: number;
}

export interface RigControlDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rig: Rig;
  /** State or reason are others. */
  readonly changed?: (status: RigStatus) => void;
}

export interface RigControl {
  readonly status: RigStatus;
  /** Keeps the rig on the frequencies until the pass is over or another plan comes; resolves then. Never rejects. */
  follow(plan: FrequencyPlan): Promise<void>;
  /** Leaves the rig where it is. */
  close(): void;
}

/**
 * Keeps a rig on a satellite's frequencies. Between two looks a frequency is that of the middle. A failure is a fault with its
 * reason until a request succeeds; then everything is sent anew, since the rig may have been switched off in between.
 */
export function rigControl({ intervalMs = 1000, stepHz = 10 }: RigControlOptions, deps: RigControlDeps): RigControl {
  const { clock, timers, rig } = deps;
  let status: RigStatus = { state: 'idle', reason: null, downlinkHz: null, uplinkHz: null };
  let job: { readonly plan: FrequencyPlan; readonly done: () => void } | null = null;
  let split = false;
  let generation = 0;
  let cancelTimer = () => {};

  function say(change: Partial<RigStatus>): void {
    const next = { ...status, ...change };
    const same = next.state === status.state && next.reason === status.reason;
    status = next;
    if (!same) deps.changed?.(status);
  }

  function begin(next: typeof job): void {
    const before = job;
    generation++;
    cancelTimer();
    job = next;
    // Another pass: whoever used the rig in between may have turned its knob.
    split = false;
    say({ state: 'idle', reason: null, downlinkHz: null, uplinkHz: null });
    before?.done();
    if (job) schedule(Math.max(0, job.plan.fromMs - clock.now()));
  }

  function schedule(ms: number): void {
    const mine = generation;
    cancelTimer = timers.after(ms, () => void step(mine));
  }

  async function step(mine: number): Promise<void> {
    const startMs = clock.monotonic();
    if (job === null) return;
    if (clock.now() > job.plan.toMs) return begin(null);
    try {
      await tune(job.plan, mine);
      if (mine === generation) say({ state: 'tuning', reason: null });
    } catch (error) {
      if (mine !== generation) return;
      split = false;
      say({
        state: 'fault',
        reason: error instanceof Error ? error.message : String(error),
        downlinkHz: null,
        uplinkHz: null,
      });
    }
    if (mine === generation) schedule(Math.max(0, startMs + intervalMs - clock.monotonic()));
  }

  async function tune(plan: FrequencyPlan, mine: number): Promise<void> {
    const timeMs = Math.min(plan.toMs, clock.now() + intervalMs / 2);
    const downlinkHz = Math.round(plan.downlinkHz(timeMs));
    if (isOther(downlinkHz, status.downlinkHz)) {
      await rig.setDownlink(downlinkHz);
      if (mine !== generation) return;
      say({ downlinkHz });
    }
    if (!plan.uplinkHz) return;
    const uplinkHz = Math.round(plan.uplinkHz(timeMs));
    if (!split) {
      await rig.startSplit();
      if (mine !== generation) return;
      split = true;
    }
    if (!isOther(uplinkHz, status.uplinkHz)) return;
    await rig.setUplink(uplinkHz);
    if (mine === generation) say({ uplinkHz });
  }

  function isOther(wantedHz: number, sentHz: number | null): boolean {
    return sentHz === null || Math.abs(wantedHz - sentHz) >= Math.max(1, stepHz);
  }

  return {
    get status() {
      return status;
    },
    follow: (plan) => new Promise((done) => begin({ plan, done })),
    close: () => begin(null),
  };
}
