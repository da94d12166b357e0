import type { DecodedFrame } from '../api/wire.ts';
import { type Clock, earliestPlausibleMs, type Timers } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Wanted } from '../receiver/channel-plan.ts';
import type { Elements } from '../tracking/elements.ts';
import type { Horizon } from '../tracking/horizon.ts';
import type { PassChoice } from '../tracking/pass-key.ts';
import type { Place } from '../tracking/wgs84.ts';
import { type KnownPass, listPasses, type NotPredicted, type StationPass, type TrackedSatellite } from './pass-list.ts';
import { type CaptureReport, PassRun, type PassTally, type RunState, whyNothing } from './pass-run.ts';
import {
  type Assignment,
  type Capture,
  capturesOf,
  type Interval,
  makePlan,
  type Plan,
  type PlannableRotator,
  type PlannableSdr,
  retuneMs,
} from './schedule.ts';

/** What an SDR is to receive in one go. */
export interface CaptureOrder extends Interval {
  readonly centreHz: number;
  readonly members: readonly CaptureMember[];
}

export interface CaptureMember {
  readonly pass: StationPass;
  readonly wanted: Wanted;
}

/** @param timeMs time of reception */
export type OnFrame = (frame: DecodedFrame & { readonly simulated: boolean }, timeMs: number) => void;

export interface Reception {
  readonly centreHz: number;
  report(): CaptureReport;
  /** Decodes what has arrived and closes the radio; never rejects. */
  stop(): Promise<void>;
}

export interface RunnerSdr extends PlannableSdr {
  /** The centre for a capture of a band, Hz. */
  centre(bandHz: readonly [number, number]): number;
  /** Begins to receive. Rejects when the radio can't be had. */
  open(order: CaptureOrder, onFrame: OnFrame): Promise<Reception>;
}

/** A satellite that an antenna is to follow. */
export interface PointingJob extends Interval {
  readonly pass: StationPass;
}

export interface RunnerRotator extends PlannableRotator {
  /** Pre-points, and follows from `fromMs` to `toMs`. Told again, it leaves what it did. */
  follow(job: PointingJob): void;
  /** Nothing to follow for a while. */
  rest(): void;
  /** Of these times of a pass, those in which the antenna was on the satellite. */
  pointed(pass: string, planned: readonly Interval[]): Interval[];
  /** What was wrong with it last during a pass; null when nothing was. */
  trouble(pass: string): string | null;
}

/** How a pass, or a part of one, went on one SDR: from when to when it was received, or was to be when it was missed. */
export interface PassOutcome extends Interval {
  readonly pass: StationPass;
  /** Null for a pass that none was to receive. */
  readonly sdr: string | null;
  readonly transmitters: readonly string[];
  readonly state: 'done' | 'missed' | 'skipped' | 'interrupted';
  /** Received from AOS to LOS. */
  readonly whole: boolean;
  /** When the antenna was on the satellite. */
  readonly pointed: readonly Interval[];
  readonly tally: PassTally;
  readonly report: CaptureReport | null;
  /** In plain words, why nothing was received; null when something was. */
  readonly reason: string | null;
}

export interface RunnerDeps {
  readonly clock: Clock & Timers;
  readonly log: Log;
  readonly place: Place;
  readonly horizon: (minElevationDeg: number | null) => Horizon;
  readonly satellites: () => readonly TrackedSatellite[];
  readonly elements: () => ReadonlyMap<number, Elements>;
  readonly choices: () => readonly PassChoice[];
  /** Passes that go on and had parts before the runner was made. */
  readonly begunBefore?: () => readonly KnownPass[];
  readonly sdrs: readonly RunnerSdr[];
  readonly rotators: readonly RunnerRotator[];
  readonly outcome: (outcome: PassOutcome) => void;
  /** When a part of a pass begins and now and then while it goes on: what is known of it should the power fail. */
  readonly underWay?: (outcome: PassOutcome) => void;
  /** A pass is over of which the plan left all out. */
  readonly notReceived?: (pass: StationPass, reason: string) => void;
}

/** One assignment with where it stands. */
export interface PassProgress extends Assignment {
  /** 'pre-pointing': planned, and its antenna waits for it or is on the way. */
  readonly state: RunState | 'pre-pointing';
  readonly frames: number;
}

export interface Runner {
  start(): void;
  /** Elements, settings or choices changed: the plan is made anew, what runs is not disturbed. */
  replan(): void;
  passes(): readonly StationPass[];
  notPredicted(): readonly NotPredicted[];
  plan(): Plan;
  progress(): readonly PassProgress[];
  /** Ends what is being received, and tells its outcome. */
  stop(): Promise<void>;
}

/** How far ahead is planned, and how often anew. */
const aheadMs = 48 * 3_600_000;
const replanEveryMs = 3_600_000;
/** Elements are late or early by some seconds: the radio listens that much longer where nothing else needs it. */
const marginMs = 20_000;
/** The longest sleep: a clock that was set must be noticed. */
const longestSleepMs = 10_000;
/** A clock that moved by more than that against the timers was set. */
const jumpMs = 2000;
/** How often it is told what is known of a pass that goes on. */
const underWayEveryMs = 30_000;
/** Times of a pass that is found again differ by less. */
const sameMs = 1000;

interface Active {
  readonly sdr: RunnerSdr;
  readonly order: CaptureOrder;
  readonly members: {
    readonly assignment: Assignment;
    readonly pass: StationPass;
    readonly run: PassRun;
    /** By the clock that is never set. */
    readonly overAtMs: number;
    over: boolean;
    /** When it was told last how it goes, by the clock that is never set. */
    toldAtMs: number;
  }[];
  readonly centreHz: number;
  /** By the clock that is never set. */
  readonly endsAtMs: number;
  reception: Reception | null;
  /** When the radio was there, by both clocks; null before. */
  began: { readonly wallMs: number; readonly monotonicMs: number } | null;
  closing: boolean;
}

/** Follows the plan: begins and ends captures, sends rotators, and tells how every pass went. */
export function makeRunner(deps: RunnerDeps): Runner {
  const { clock, log } = deps;
  let passes: readonly StationPass[] = [];
  let notPredicted: readonly NotPredicted[] = [];
  let plan: Plan = { assignments: [], left: [] };
  /** What follows from the plan: captures with their margins, and what every rotator has to follow. */
  let captures: readonly Capture[] = [];
  let jobs: ReadonlyMap<string, readonly PointingJob[]> = new Map();
  const active = new Map<string, Active>();
  const pointing = new Map<string, PointingJob>();
  const closings = new Set<Promise<void>>();
  /** Assignments that were begun, so that a new plan does not begin them again. */
  const begun = new Set<string>();
  /** Passes of which it was told that they were not received. */
  const toldLeft = new Set<string>();
  let plannedAtMs = Number.NEGATIVE_INFINITY;
  let timer: (() => void) | null = null;
  let stopped = false;
  let offsetMs = clock.now() - clock.monotonic();

  function refresh(): void {
    tellLeft();
    plannedAtMs = clock.monotonic();
    const nowMs = clock.now();
    if (nowMs < earliestPlausibleMs) {
      const reason = `the clock is not set: it says ${new Date(nowMs).toISOString()}`;
      notPredicted = deps.satellites().map(({ name: satellite, norad }) => ({ satellite, norad, reason }));
      passes = [];
      setPlan({ assignments: [], left: [] });
      return;
    }
    const listed = listPasses({
      satellites: deps.satellites(),
      elements: deps.elements(),
      place: deps.place,
      horizon: deps.horizon,
      fromMs: nowMs - marginMs,
      toMs: nowMs + aheadMs,
      choices: deps.choices(),
      before: passes.length > 0 ? passes : (deps.begunBefore?.() ?? []),
    });
    // What is being received may be gone from the new list.
    const kept = [...active.values()].flatMap(({ members }) => members.map(({ pass }) => pass));
    const there = new Set(listed.passes.map(({ key }) => key));
    passes = [
      ...listed.passes,
      ...kept.filter(({ key }, i) => !there.has(key) && kept.findIndex((one) => one.key === key) === i),
    ];
    notPredicted = listed.notPredicted;
    const keys = new Set(passes.map(({ key }) => key));
    for (const id of begun) if (!keys.has(id.split(' ')[0]!)) begun.delete(id);
    for (const key of toldLeft) if (!keys.has(key)) toldLeft.delete(key);
    const made = makePlan({
      passes,
      sdrs: deps.sdrs,
      rotators: deps.rotators,
      nowMs,
      running: [...active.values()].flatMap(({ members, centreHz }) =>
        members.map(({ assignment }) => ({ ...assignment, centreHz })),
      ),
    });
    setPlan(made);
  }

  function setPlan(made: Plan): void {
    plan = made;
    captures = withMargins(capturesOf(made));
    jobs = new Map(deps.rotators.map((rotator) => [rotator.id, jobsOf(rotator)]));
  }

  function tick(): void {
    if (stopped) return;
    const jump = clock.now() - clock.monotonic() - offsetMs;
    if (Math.abs(jump) > jumpMs) {
      log.warn({ seconds: Math.round(jump / 1000) }, 'the clock was set: the passes are planned anew');
      offsetMs += jump;
      refresh();
    } else if (clock.monotonic() - plannedAtMs >= replanEveryMs || clock.now() < earliestPlausibleMs) refresh();
    tellLeft();
    for (const one of active.values()) {
      endMembers(one);
      tellUnderWay(one);
    }
    for (const capture of captures) {
      if (capture.fromMs <= clock.now() && capture.toMs > clock.now() && !active.has(capture.sdr)) begin(capture);
    }
    for (const rotator of deps.rotators) point(rotator);
    arm();
  }

  function arm(): void {
    timer?.();
    const nowMs = clock.now();
    const due = [...active.values()].flatMap(({ members, endsAtMs }) => [
      endsAtMs - clock.monotonic(),
      ...members.filter(({ over }) => !over).map(({ overAtMs }) => overAtMs - clock.monotonic()),
    ]);
    for (const { fromMs, sdr } of captures) if (!active.has(sdr)) due.push(fromMs - nowMs);
    for (const rotator of deps.rotators)
      due.push(...jobs.get(rotator.id)!.map((job) => pointingStart(rotator, job) - nowMs));
    for (const job of pointing.values()) due.push(job.toMs - nowMs);
    const soonest = Math.min(longestSleepMs, ...due.filter((ms) => ms > 0));
    timer = clock.after(Math.max(1, soonest), tick);
  }

  function begin(capture: Capture): void {
    const sdr = deps.sdrs.find(({ id }) => id === capture.sdr)!;
    const members = capture.members
      .filter((assignment) => assignment.toMs > clock.now() && !begun.has(idOf(assignment)))
      .map((assignment) => ({
        assignment,
        pass: passes.find(({ key }) => key === assignment.pass)!,
        run: new PassRun(),
        overAtMs: clock.monotonic() + assignment.toMs + marginMs - clock.now(),
        over: false,
        toldAtMs: Number.NEGATIVE_INFINITY,
      }));
    if (members.length === 0) return;
    const order: CaptureOrder = {
      fromMs: capture.fromMs,
      toMs: capture.toMs,
      centreHz: sdr.centre(capture.bandHz),
      members: members.flatMap(({ pass, assignment }) => wantedOf(pass, assignment)),
    };
    const one: Active = {
      sdr,
      order,
      members,
      centreHz: order.centreHz,
      endsAtMs: clock.monotonic() + (capture.toMs - clock.now()),
      reception: null,
      began: null,
      closing: false,
    };
    active.set(sdr.id, one);
    for (const { assignment } of members) begun.add(idOf(assignment));
    log.info({ sdr: sdr.id, centreHz: order.centreHz, passes: members.map(({ pass }) => pass.key) }, 'capture begins');
    const opening = sdr
      .open(order, (frame, timeMs) => heard(one, frame, timeMs))
      .then(
        (reception) => {
          one.reception = reception;
          one.began = { wallMs: clock.now(), monotonicMs: clock.monotonic() };
          for (const { run } of members) run.enter('receiving');
          tellUnderWay(one);
          return one.closing ? close(one, stopped ? 'interrupted' : 'done') : undefined;
        },
        (error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          log.error({ err: error, sdr: sdr.id }, 'capture could not begin');
          active.delete(sdr.id);
          for (const { assignment, pass, run } of members) {
            run.enter('missed');
            const how = { fromMs: assignment.fromMs, toMs: assignment.toMs, pointed: [], whole: false, report: null };
            tell(assignment, pass, run, { ...how, state: 'missed', reason });
          }
        },
      );
    track(opening);
  }

  function wantedOf(pass: StationPass, { transmitters }: Assignment): CaptureMember[] {
    const satellite = deps.satellites().find(({ norad }) => norad === pass.norad);
    return (satellite?.wanted ?? [])
      .filter(({ transmitter }) => transmitters.includes(transmitter))
      .map((wanted) => ({ pass, wanted }));
  }

  function heard({ members }: Active, frame: Parameters<OnFrame>[0], timeMs: number): void {
    const own = members
      .filter(
        ({ pass, assignment }) =>
          pass.satellite === frame.satellite && assignment.transmitters.includes(frame.transmitter ?? ''),
      )
      .sort((a, b) => distance(a.assignment, timeMs) - distance(b.assignment, timeMs))[0];
    const frequencyHz = own?.pass.transmitters.find(({ id }) => id === frame.transmitter)?.frequencyHz;
    if (own && frequencyHz !== undefined) own.run.heard(frame, timeMs, frequencyHz);
  }

  /** Passes that are over in a capture that goes on, then the capture itself. */
  function endMembers(one: Active): void {
    if (one.closing) return;
    if (clock.monotonic() >= one.endsAtMs) {
      track(close(one));
      return;
    }
    for (const member of one.members) {
      if (member.over || member.run.state !== 'receiving' || clock.monotonic() < member.overAtMs) continue;
      member.over = true;
      member.run.enter('flushing');
      member.run.enter('done');
      const report = one.reception!.report();
      tell(member.assignment, member.pass, member.run, { ...received(one, member), state: 'done', report });
    }
  }

  function tellLeft(): void {
    for (const { pass: key, reason } of plan.left) {
      const pass = passes.find((one) => one.key === key)!;
      if (pass.losMs > clock.now() || toldLeft.has(key)) continue;
      toldLeft.add(key);
      // What was begun of it before has its own outcome.
      if ([...begun].some((id) => id.startsWith(`${key} `))) continue;
      log.info({ pass: key, state: pass.choice === 'skipped' ? 'skipped' : 'missed', reason }, 'pass over');
      deps.notReceived?.(pass, reason);
    }
  }

  function tellUnderWay(one: Active): void {
    if (deps.underWay === undefined) return;
    for (const member of one.members) {
      const { assignment, pass, run } = member;
      const due = clock.monotonic() - member.toldAtMs >= underWayEveryMs;
      // Before it rises, in the margin, nothing of it was received yet.
      if (!due || member.over || run.state !== 'receiving' || clock.now() < assignment.fromMs) continue;
      member.toldAtMs = clock.monotonic();
      const { sdr, transmitters } = assignment;
      const tally = run.tally();
      const reason = tally.frames > 0 ? null : 'the station stopped without warning during the pass';
      const how = { ...received(one, member), state: 'interrupted', report: one.reception!.report() } as const;
      deps.underWay({ ...how, pass, sdr, transmitters, tally, reason });
    }
  }

  async function close(one: Active, state: 'done' | 'interrupted' = 'done'): Promise<void> {
    one.closing = true;
    const { reception } = one;
    if (reception === null) return; // It is still being opened, and closed when it is there.
    const left = one.members.filter(({ over }) => !over);
    // What is still in the decoder was received before.
    const parts = left.map((member) => {
      member.over = true;
      member.run.enter('flushing');
      return { ...member, ...received(one, member) };
    });
    await reception.stop();
    const report = reception.report();
    active.delete(one.sdr.id);
    for (const { assignment, pass, run, fromMs, toMs, pointed, whole } of parts) {
      run.enter('done');
      // A radio that had failed when it was closed did not hear the end.
      const heardAll = whole && report.failure === null;
      tell(assignment, pass, run, { fromMs, toMs, pointed, whole: heardAll, state, report });
    }
    if (!stopped) tick();
  }

  /** What was received of a member until now: less than was planned when the radio came late, or is stopped early. */
  function received(
    { began }: Active,
    { assignment, pass }: Active['members'][number],
  ): Pick<PassOutcome, 'fromMs' | 'toMs' | 'pointed' | 'whole'> {
    const { wallMs, monotonicMs } = began!;
    const fromMs = Math.max(assignment.fromMs, wallMs);
    // The clock may have been set meanwhile.
    const toMs = Math.max(fromMs, Math.min(assignment.toMs, wallMs + clock.monotonic() - monotonicMs));
    const planned = assignment.pointed
      .map((part) => ({ fromMs: Math.max(fromMs, part.fromMs), toMs: Math.min(toMs, part.toMs) }))
      .filter((part) => part.toMs > part.fromMs);
    const pointed = rotatorOf(assignment)?.pointed(pass.key, planned) ?? planned;
    const whole = fromMs - pass.aosMs < sameMs && pass.losMs - toMs < sameMs;
    return { fromMs, toMs, pointed, whole };
  }

  function rotatorOf({ sdr }: Assignment): RunnerRotator | undefined {
    const own = deps.sdrs.find(({ id }) => id === sdr)?.rotator;
    return deps.rotators.find(({ id }) => id === own);
  }

  function tell(
    assignment: Assignment,
    pass: StationPass,
    run: PassRun,
    how: Pick<PassOutcome, 'fromMs' | 'toMs' | 'pointed' | 'whole' | 'state' | 'report'> & { readonly reason?: string },
  ): void {
    const { sdr, transmitters } = assignment;
    const tally = run.tally();
    const antenna = {
      planned: assignment.pointed.length > 0,
      pointed: how.pointed.length > 0,
      trouble: rotatorOf(assignment)?.trouble(pass.key) ?? null,
    };
    const reason = how.reason ?? whyNothing(tally, how.report, antenna);
    log.info(
      { pass: pass.key, sdr, state: how.state, frames: tally.frames, ...(reason === null ? {} : { reason }) },
      'pass over',
    );
    deps.outcome({ ...how, pass, sdr, transmitters, tally, reason });
  }

  /** What a rotator has to follow, one after the other; SDRs that share it follow the same. */
  function jobsOf(rotator: RunnerRotator): PointingJob[] {
    const own = new Set(deps.sdrs.filter((sdr) => sdr.rotator === rotator.id).map(({ id }) => id));
    const jobs: { pass: StationPass; fromMs: number; toMs: number }[] = [];
    for (const { sdr, pass: key, pointed } of plan.assignments) {
      if (!own.has(sdr)) continue;
      const pass = passes.find((one) => one.key === key)!;
      for (const { fromMs, toMs } of pointed) {
        const same = jobs.find((job) => job.pass.key === key && job.fromMs <= toMs && job.toMs >= fromMs);
        if (same) Object.assign(same, { fromMs: Math.min(same.fromMs, fromMs), toMs: Math.max(same.toMs, toMs) });
        else jobs.push({ pass, fromMs, toMs });
      }
    }
    return jobs.sort((a, b) => a.fromMs - b.fromMs);
  }

  function pointingStart({ turnaroundMs }: RunnerRotator, job: PointingJob): number {
    return job.fromMs - turnaroundMs;
  }

  function point(rotator: RunnerRotator): void {
    const nowMs = clock.now();
    const due = jobs.get(rotator.id)!.filter((job) => job.toMs > nowMs && pointingStart(rotator, job) <= nowMs);
    const job = due[0];
    const current = pointing.get(rotator.id);
    if (job === undefined) {
      if (current !== undefined) rotator.rest();
      pointing.delete(rotator.id);
      return;
    }
    const same =
      current?.pass.key === job.pass.key &&
      Math.abs(current.toMs - job.toMs) < sameMs &&
      (Math.abs(current.fromMs - job.fromMs) < sameMs || nowMs >= job.fromMs);
    if (same) return;
    pointing.set(rotator.id, job);
    rotator.follow(job);
  }

  /** Captures begin a little earlier and end a little later, as far as their SDR has nothing else to do. */
  function withMargins(all: readonly Capture[]): Capture[] {
    return all.map((capture) => {
      const others = all.filter(({ sdr }) => sdr === capture.sdr);
      const before = Math.max(
        Number.NEGATIVE_INFINITY,
        ...others.filter((o) => o.toMs <= capture.fromMs).map((o) => o.toMs),
      );
      const behind = Math.min(
        Number.POSITIVE_INFINITY,
        ...others.filter((o) => o.fromMs >= capture.toMs).map((o) => o.fromMs),
      );
      return {
        ...capture,
        fromMs: capture.fromMs - Math.max(0, Math.min(marginMs, (capture.fromMs - before - retuneMs) / 2)),
        toMs: capture.toMs + Math.max(0, Math.min(marginMs, (behind - capture.toMs - retuneMs) / 2)),
      };
    });
  }

  function track(work: Promise<void>): void {
    const done = work.finally(() => closings.delete(done));
    closings.add(done);
  }

  function stateOf(assignment: Assignment): Pick<PassProgress, 'state' | 'frames'> {
    for (const { members } of active.values())
      for (const { assignment: own, run } of members)
        if (idOf(own) === idOf(assignment) && run.state !== 'planned')
          return { state: run.state, frames: run.tally().frames };
    const rotator = deps.sdrs.find(({ id }) => id === assignment.sdr)?.rotator ?? null;
    const awaited = rotator !== null && pointing.get(rotator)?.pass.key === assignment.pass;
    return { state: awaited && assignment.fromMs > clock.now() ? 'pre-pointing' : 'planned', frames: 0 };
  }

  return {
    start() {
      refresh();
      tick();
    },
    replan() {
      if (stopped) return;
      refresh();
      tick();
    },
    passes: () => passes,
    notPredicted: () => notPredicted,
    plan: () => plan,
    progress: () => plan.assignments.map((one) => ({ ...one, ...stateOf(one) })),
    async stop() {
      stopped = true;
      timer?.();
      for (const one of active.values()) if (!one.closing) track(close(one, 'interrupted'));
      while (closings.size > 0) await Promise.all(closings);
      for (const rotator of deps.rotators) rotator.rest();
    },
  };
}

function idOf({ pass, sdr, fromMs }: Assignment): string {
  return `${pass} ${sdr} ${Math.round(fromMs / 60_000)}`;
}

function distance({ fromMs, toMs }: Interval, timeMs: number): number {
  return Math.max(0, fromMs - timeMs, timeMs - toMs);
}
