import type { Direction, Mount } from '../../daemon/tracking/rotator-mount.ts';
import type { RotatorPlan, Track } from '../../daemon/tracking/rotator-planner.ts';

const RAD = Math.PI / 180;
const EARTH_KM = 6371;

export interface CircularPass {
  readonly altitudeKm: number;
  /** The highest elevation of the pass. */
  readonly culminationDeg: number;
  /** Where it flies to, from north over east. */
  readonly headingDeg: number;
  /** It culminates left of the station's zenith as seen in flight. */
  readonly left?: boolean;
  readonly aosMs?: number;
}

/** A satellite on a circular orbit over an Earth that stands still. */
export function circularPass({ altitudeKm, culminationDeg, headingDeg, left, aosMs = 0 }: CircularPass): Track {
  const radius = EARTH_KM + altitudeKm;
  const rate = Math.sqrt(398_600.4418 / radius ** 3); // rad/s
  const missRad = arcTo(culminationDeg, radius) * (left ? 1 : -1);
  // Cosine of the along-track arc at which the elevation is 0.
  const half = Math.acos(EARTH_KM / radius / Math.cos(missRad));
  const durationMs = (2000 * half) / rate;
  return {
    aosMs,
    losMs: aosMs + durationMs,
    at(timeMs) {
      const along = ((timeMs - aosMs) / 1000) * rate - half;
      // Along the heading, to its left, and up, from the station.
      const forward = radius * Math.cos(missRad) * Math.sin(along);
      const leftward = radius * Math.sin(missRad);
      const up = radius * Math.cos(missRad) * Math.cos(along) - EARTH_KM;
      const azimuthDeg = headingDeg + Math.atan2(-leftward, forward) / RAD;
      return {
        azimuthDeg: ((azimuthDeg % 360) + 360) % 360,
        elevationDeg: Math.atan2(up, Math.hypot(forward, leftward)) / RAD,
      };
    },
  };
}

/** The angle at the Earth's centre to a satellite at an elevation. */
function arcTo(elevationDeg: number, radius: number): number {
  const e = elevationDeg * RAD;
  return Math.acos((EARTH_KM * Math.cos(e)) / radius) - e;
}

export interface Played {
  readonly timeMs: number;
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  /** By vectors, not by the formula of the program. */
  readonly errorDeg: number;
  readonly command: { azimuthDeg: number; elevationDeg: number } | null;
}

/** A mount with limited rates and a delay that gets the plan's commands; written apart from the planner's own. */
export function play(plan: RotatorPlan, mount: Mount, from: Direction, phaseMs = 0, stepMs = 50): Played[] {
  const interval = plan.updateIntervalMs;
  const delay = mount.loopDelayMs ?? 0;
  const startMs = Math.min(plan.prePointMs, plan.aosMs) - interval;
  const sent: { timeMs: number; azimuthDeg: number; elevationDeg: number }[] = [];
  const out: Played[] = [];
  let [azimuth, elevation] = [from.azimuthDeg, from.elevationDeg];
  let tick = startMs + phaseMs;
  for (let timeMs = startMs; timeMs <= plan.losMs; timeMs += stepMs) {
    let command = null;
    if (timeMs >= tick) {
      command = plan.next(timeMs, sent.at(-1) ?? null);
      if (command) sent.push({ timeMs, ...command });
      tick += interval;
    }
    const acting = sent.findLast((c) => c.timeMs + delay <= timeMs);
    if (acting) {
      azimuth += clip(acting.azimuthDeg - azimuth, (mount.azimuthRateDegS * stepMs) / 1000);
      elevation += clip(acting.elevationDeg - elevation, (mount.elevationRateDegS * stepMs) / 1000);
    }
    const looks = unit(azimuth + (mount.azimuthOffsetDeg ?? 0), elevation + (mount.elevationOffsetDeg ?? 0));
    const target = plan.target(timeMs);
    const sat = unit(target.azimuthDeg, target.elevationDeg);
    const dot = looks[0] * sat[0] + looks[1] * sat[1] + looks[2] * sat[2];
    const errorDeg = Math.acos(Math.min(1, Math.max(-1, dot))) / RAD;
    out.push({ timeMs, azimuthDeg: azimuth, elevationDeg: elevation, errorDeg, command });
  }
  return out;
}

function clip(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

function unit(azimuthDeg: number, elevationDeg: number): [number, number, number] {
  const [a, e] = [azimuthDeg * RAD, elevationDeg * RAD];
  return [Math.cos(e) * Math.sin(a), Math.cos(e) * Math.cos(a), Math.sin(e)];
}
