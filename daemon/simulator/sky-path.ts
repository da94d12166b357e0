import { passGeometry, SPEED_OF_LIGHT_KM_S } from './pass-geometry.ts';
import type { Scene } from './scene.ts';

/** What the way from the satellite to the station does to a signal, by the time of reception in s from the start. */
export interface SkyPath {
  /** Propagation delay against the closest approach, s. Its rate is the Doppler shift: −dτ/dt · frequency. */
  delayS(t: number): number;
  /** Amplitude against the closest approach. */
  amplitude(t: number): number;
  /** True when the satellite stays above the horizon, in one and the same pass, from `from` to `to`. */
  visible(from: number, to: number): boolean;
  /** Number of passes that began before `t`; the delay jumps where it changes. */
  passNumber(t: number): number;
}

export function skyPath(scene: Scene): SkyPath {
  const geometry = 'rangeKm' in scene.pass ? scene.pass : passGeometry(scene.pass);
  const { halfDurationS } = geometry;
  const startS = scene.startS ?? -halfDurationS;
  if (!(Math.abs(startS) <= halfDurationS))
    throw new RangeError(
      `the pass lasts from ${-halfDurationS.toFixed(0)} to ${halfDurationS.toFixed(0)} s: it can't start at ${startS} s`,
    );
  const duration = 2 * halfDurationS;
  const nearestKm = geometry.rangeKm(0);
  const passNumber = (t: number) => (scene.repeat ? Math.floor((t + startS + halfDurationS) / duration) : 0);
  const passTime = (t: number) => t + startS - passNumber(t) * duration;
  const inside = (t: number) => Math.abs(passTime(t)) <= halfDurationS;
  return {
    delayS: (t) => (geometry.rangeKm(passTime(t)) - nearestKm) / SPEED_OF_LIGHT_KM_S,
    amplitude: (t) => (scene.level === 'constant' ? 1 : nearestKm / geometry.rangeKm(passTime(t))),
    visible: (from, to) => inside(from) && inside(to) && passNumber(from) === passNumber(to),
    passNumber,
  };
}
