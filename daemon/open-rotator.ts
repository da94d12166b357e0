import type { RotatorReport } from './api/wire.ts';
import { type Clock, systemClock, systemTimers, type Timers } from './core/clock.ts';
import { StationError } from './core/error.ts';
import type { Log } from './core/log.ts';
import { rounded } from './core/rounded.ts';
import type { AxisPosition, Rotator } from './drivers/rotator/rotator.ts';
import { rotatorControl } from './drivers/rotator/rotator-control.ts';
import { rotctldRotator } from './drivers/rotator/rotctld.ts';
import { simulatedRotator } from './drivers/rotator/simulated-rotator.ts';
import { directionOf, type StationRotator } from './main-tracking.ts';
import type { RotatorSettings } from './settings/settings.ts';
import { pointedTimes } from './station/pointed-times.ts';
import type { PointingJob } from './station/runner.ts';
import type { Horizon } from './tracking/horizon.ts';
import {
  angleBetweenDeg,
  completeMount,
  type Direction,
  type Envelope,
  envelopeOf,
  type Mount,
  directionOf as sightOf,
} from './tracking/rotator-mount.ts';
import { planRotation, type RotatorPlan, type Track } from './tracking/rotator-planner.ts';
import { stopsBetween } from './tracking/rotator-route.ts';
import type { Place } from './tracking/wgs84.ts';

/** One reading of a rotator while it follows a pass; all true angles but `commanded` and `read`. */
export interface PointingRecord {
  readonly rotator: string;
  readonly pass: string | null;
  readonly timeMs: number;
  readonly target: Direction | null;
  readonly commanded: AxisPosition | null;
  readonly read: AxisPosition;
}

export interface OpenRotatorDeps {
  readonly clock: Clock & Timers;
  readonly log: Log;
  /** What rises around the station: the antenna is not sent below it. */
  readonly horizon?: Horizon | undefined;
  /** Another rotator than the settings describe. */
  readonly make?: ((settings: RotatorSettings) => Rotator) | undefined;
  readonly pointed?: ((record: PointingRecord) => void) | undefined;
  /** What a plan says beforehand of the times off target. */
  readonly planned?: ((rotator: string, pass: string, plan: RotatorPlan) => void) | undefined;
}

export interface OpenRotator extends StationRotator {
  close(): void;
}

/** Beside its widest turn a mount needs time to start, to stop, and to hear of it. */
const spareMs = 10_000;

/** Nearer to the satellite than this an antenna points at it, beside the rotator's smallest step: less than a Yagi's half beam. */
const pointedDeg = 5;
/** An answer may be later than its time by this. */
const answerMs = 1000;

/**
 * A rotator of the settings: its driver, its control and the planner, as the runner wants them.
 * @throws StationError SETTINGS_INVALID for a mount that can't be
 */
export function openRotator(settings: RotatorSettings, place: Place, deps: OpenRotatorDeps): OpenRotator {
  const { clock } = deps;
  const { id } = settings;
  const log = deps.log.child({ rotator: id });
  const mount = mountOf(settings, deps.horizon);
  const envelope = checkedEnvelope(id, mount);
  const driver = (deps.make ?? ((own) => makeRotator(own, deps, log)))(settings);
  let pass: string | null = null;
  /** Raised with each order, so that one that waits for an answer knows that it was overtaken. */
  let orders = 0;
  /** What is followed now; null while nothing is. */
  let following: { readonly pass: string; readonly plan: RotatorPlan } | null = null;
  const pointed = pointedTimes(2000 * settings.updateIntervalS + answerMs);
  const control = rotatorControl(
    {
      updateIntervalMs: settings.updateIntervalS * 1000,
      ...(mount.parkAt ? { parkAt: mount.parkAt } : {}),
    },
    {
      clock,
      timers: clock,
      rotator: driver,
      route: (from, to) => stopsBetween(mount, from, to),
      changed({ state, reason }) {
        if (reason !== null && following !== null) pointed.fault(following.pass, clock.now(), reason);
        log[reason === null ? 'info' : 'warn']({ state, ...(reason === null ? {} : { reason }) }, 'rotator');
      },
      position(timeMs, target, commanded, read) {
        if (following !== null) pointed.read(following.pass, timeMs, isOn(following.plan.target(timeMs), read));
        deps.pointed?.({ rotator: id, pass, timeMs, target, commanded, read });
      },
    },
  );

  function isOn(target: Direction, read: AxisPosition): boolean {
    return angleBetweenDeg(target, sightOf(mount, read)) <= pointedDeg + settings.minimumStepDeg;
  }

  async function follow(job: PointingJob): Promise<void> {
    const order = ++orders;
    pass = job.pass.key;
    let read: AxisPosition | null = null;
    try {
      read = await driver.position();
    } catch (error) {
      // It is not there now; the control goes on asking. The plan is made from where it was last.
      log.warn({ err: error }, 'the rotator does not say where it is');
    }
    const from = read ?? control.status.read ?? mount.parkAt ?? { azimuthDeg: 0, elevationDeg: 0 };
    const nowMs = clock.now();
    if (order !== orders || nowMs >= job.toMs) return;
    const plan = planRotation({
      // What is over of the pass can't be off target.
      track: trackOf({ ...job, fromMs: Math.max(job.fromMs, nowMs) }, place),
      mount,
      from: envelope.clamp(from),
      notBeforeMs: nowMs,
    });
    deps.planned?.(id, job.pass.key, plan);
    // From a place that is not known, it is not known either when it gets there.
    if (read !== null) say(job.pass.key, plan);
    following = { pass: job.pass.key, plan };
    await control.follow(plan);
  }

  function say(key: string, { aosMs, reachedMs, offTarget }: RotatorPlan): void {
    if (reachedMs > aosMs)
      log.info(
        { pass: key, reached: isoSecond(reachedMs), seconds: seconds(aosMs, reachedMs) },
        'the antenna comes late',
      );
    for (const { fromMs, toMs, worstDeg } of offTarget)
      if (toMs > reachedMs)
        log.info(
          { pass: key, from: isoSecond(fromMs), seconds: seconds(fromMs, toMs), worstDeg: rounded(worstDeg, 1) },
          'the satellite will outrun the rotator',
        );
  }

  const report = (): RotatorReport => {
    const { state, reason, commanded, read } = control.status;
    return { id, state, reason, pass, commanded: axes(commanded), read: axes(read) };
  };

  return {
    id,
    turnaroundMs: turnaroundMs(settings, deps.horizon),
    pointed: pointed.within,
    trouble: pointed.trouble,
    follow(job) {
      follow(job).catch((error: unknown) =>
        log.error({ err: error, pass: job.pass.key }, 'the pass can not be followed'),
      );
    },
    rest() {
      orders++;
      pass = null;
      following = null;
      void (mount.parkAt ? control.park() : control.stop());
    },
    report,
    pointing: () => {
      const { read } = control.status;
      return read === null ? null : sightOf(mount, read);
    },
    close() {
      control.close();
      driver.close();
    },
  };
}

const everyDegree = Array.from({ length: 360 }, (_, deg) => deg);

/** The longest that a turn takes, from one end of a full circle to the other. */
function turnaroundMs(
  { azimuthRateDegS, elevationRateDegS, azimuthRangeDeg, elevationRangeDeg, loopDelayS }: RotatorSettings,
  horizon: Horizon | undefined,
): number {
  // From where one pass ended a full turn always suffices: the next one begins within 360 degrees, or the mount has no more.
  const azimuthS = Math.min(360, azimuthRangeDeg[1] - azimuthRangeDeg[0]) / azimuthRateDegS;
  const elevationS = (elevationRangeDeg[1] - elevationRangeDeg[0]) / elevationRateDegS;
  // Over what rises around the station it goes up first, then round, then down.
  const highestDeg = horizon === undefined || horizon.flat ? 0 : Math.max(...everyDegree.map(horizon.at));
  const upAndDownS = (2 * Math.max(0, highestDeg - elevationRangeDeg[0])) / elevationRateDegS;
  return 1000 * (Math.max(azimuthS, elevationS) + upAndDownS + loopDelayS) + spareMs;
}

/** @throws StationError SETTINGS_INVALID */
function checkedEnvelope(id: string, mount: Mount): Envelope {
  try {
    return envelopeOf(completeMount(mount));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StationError('SETTINGS_INVALID', `rotator ${id}: ${error.message}`, { cause: error });
  }
}

const isoSecond = (timeMs: number) => `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
const seconds = (fromMs: number, toMs: number) => rounded((toMs - fromMs) / 1000, 1);

function mountOf(settings: RotatorSettings, horizon: Horizon | undefined): Mount {
  const { park } = settings;
  return {
    azimuthRangeDeg: settings.azimuthRangeDeg,
    elevationRangeDeg: settings.elevationRangeDeg,
    azimuthRateDegS: settings.azimuthRateDegS,
    elevationRateDegS: settings.elevationRateDegS,
    azimuthOffsetDeg: settings.azimuthOffsetDeg,
    elevationOffsetDeg: settings.elevationOffsetDeg,
    minimumStepDeg: settings.minimumStepDeg,
    loopDelayMs: 1000 * settings.loopDelayS,
    updateIntervalMs: 1000 * settings.updateIntervalS,
    ...(park === null ? {} : { parkAt: park }),
    ...(horizon === undefined ? {} : { horizon }),
  };
}

function makeRotator(settings: RotatorSettings, { clock }: OpenRotatorDeps, log: Log): Rotator {
  // Sockets live in real time.
  if (settings.driver === 'simulator') return simulatedRotator(settings, clock);
  const { host, port } = settings;
  return rotctldRotator(
    { host, port },
    { clock: systemClock, timers: systemTimers, random: Math.random, log: ({ level, message }) => log[level](message) },
  );
}

/** The planner asks for directions only from `fromMs` to `toMs`. */
const trackOf = (job: PointingJob, place: Place): Track => ({
  aosMs: job.fromMs,
  losMs: job.toMs,
  at: directionOf(job, place),
});

const axes = (position: AxisPosition | null) =>
  position === null
    ? null
    : { azimuth_deg: rounded(position.azimuthDeg, 2), elevation_deg: rounded(position.elevationDeg, 2) };
