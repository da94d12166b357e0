import { STEP_ERROR } from './rotator-command.ts';
import {
  type AxisPosition,
  angleBetweenDeg,
  type CompleteMount,
  type Direction,
  directionOf,
} from './rotator-mount.ts';

/** A time in which the antenna is too far from the satellite. */
export interface OffTarget {
  readonly fromMs: number;
  readonly toMs: number;
  /** The greatest angle between the antenna and the satellite, degrees. */
  readonly worstDeg: number;
}

export interface FollowTask {
  readonly mount: CompleteMount;
  readonly from: AxisPosition;
  readonly startMs: number;
  /** Where the pass counts, ms. */
  readonly aosMs: number;
  readonly losMs: number;
  readonly target: (timeMs: number) => Direction;
  /** The commands, before a smallest step is heeded. */
  readonly at: (timeMs: number) => AxisPosition;
}

const RAD = Math.PI / 180;
const STEP_MS = 100;
const MOST_STEPS = 20_000;
/** Counted as off target from this part of the tolerance on, so that what is not stated holds for a rotator a little worse. */
const THRESHOLD = 0.95;
/** The controller's ticks may come anywhere within an interval: these parts of it are tried, and the worst counts. */
const PHASES = [0, 0.5];

/**
 * Plays the commands of a pass on a mount with limited rates and a delay, and tells when it is off target. Rates are reached at
 * once: what acceleration costs has to be in the stated rates. A smallest step makes each axis wrong by up to a part of it, which
 * of its positions being a matter of chance: that part is added to the angle
 * (not what the edge of a steep horizon mask makes of it).
 */
export function offTargetTimes(task: FollowTask): OffTarget[] {
  const { mount, startMs, aosMs, losMs, target } = task;
  const stepMs = Math.max(STEP_MS, (losMs - startMs) / MOST_STEPS);
  const players = PHASES.map((phase) => player(task, startMs + phase * mount.updateIntervalMs, stepMs));
  const most = THRESHOLD * mount.toleranceDeg;
  const stepDeg = STEP_ERROR * mount.minimumStepDeg;
  const padMs = mount.updateIntervalMs + stepMs;
  const found: { fromMs: number; toMs: number; worstDeg: number }[] = [];
  const steps = Math.ceil((losMs - startMs) / stepMs);
  for (let k = 0; k <= steps; k++) {
    const timeMs = Math.min(losMs, startMs + k * stepMs);
    const positions = players.map((play) => play(timeMs));
    if (timeMs < aosMs) continue;
    const direction = target(timeMs);
    const angles = positions.map((position) => angleBetweenDeg(direction, directionOf(mount, position)));
    const errorDeg = Math.max(...angles) + stepDeg * Math.hypot(1, Math.cos(direction.elevationDeg * RAD));
    if (errorDeg <= most) continue;
    const open = found.at(-1);
    if (open && timeMs - padMs <= open.toMs)
      Object.assign(open, { toMs: timeMs + padMs, worstDeg: Math.max(open.worstDeg, errorDeg) });
    else found.push({ fromMs: timeMs - padMs, toMs: timeMs + padMs, worstDeg: errorDeg });
  }
  return found.map((interval) => ({
    ...interval,
    fromMs: Math.max(aosMs, interval.fromMs),
    toMs: Math.min(losMs, interval.toMs),
  }));
}

/** The position at one time after another, `stepMs` apart at most. */
function player({ mount, from, at }: FollowTask, firstTickMs: number, stepMs: number) {
  let { azimuthDeg, elevationDeg } = from;
  let timeMs = firstTickMs;
  let tickMs = firstTickMs;
  let acting: AxisPosition | null = null;
  const underWay: { atMs: number; command: AxisPosition }[] = [];
  return (toMs: number): AxisPosition => {
    while (timeMs < toMs) {
      for (; tickMs <= timeMs; tickMs += mount.updateIntervalMs)
        underWay.push({ atMs: tickMs + mount.loopDelayMs, command: at(tickMs) });
      while (underWay.length > 0 && underWay[0]!.atMs <= timeMs) acting = underWay.shift()!.command;
      // Until the next time at which something happens.
      const untilMs = Math.min(toMs, timeMs + stepMs, tickMs, underWay[0]?.atMs ?? toMs);
      const seconds = (untilMs - timeMs) / 1000;
      if (acting) {
        azimuthDeg = approach(azimuthDeg, acting.azimuthDeg, mount.azimuthRateDegS * seconds);
        elevationDeg = approach(elevationDeg, acting.elevationDeg, mount.elevationRateDegS * seconds);
      }
      timeMs = untilMs;
    }
    return { azimuthDeg, elevationDeg };
  };
}

function approach(from: number, to: number, most: number): number {
  return from + Math.max(-most, Math.min(most, to - from));
}
