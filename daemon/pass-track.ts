import { type TrackSubject, trackReport } from './api/track-report.ts';
import type { PassTrack, TrackReport } from './api/wire.ts';
import { rounded } from './core/rounded.ts';
import type { Horizon } from './tracking/horizon.ts';
import type { Place } from './tracking/wgs84.ts';

export interface TrackedPass {
  readonly key: string;
  readonly subject: TrackSubject;
  readonly place: Place;
  readonly horizon: Horizon;
  readonly aosMs: number;
  readonly losMs: number;
}

const stepMs = 10_000;
/** A satellite that is up for days is shown with longer steps. */
const mostPoints = 1000;
const horizonStepDeg = 5;

/** The way of a satellite over the sky from AOS to LOS; a reason in plain words where SGP4 has no answer. */
export function passTrack(pass: TrackedPass): PassTrack | { readonly reason: string } {
  const { key, subject, place, horizon, aosMs, losMs } = pass;
  const steps = Math.max(1, Math.min(mostPoints - 1, Math.ceil((losMs - aosMs) / stepMs)));
  const step = Math.max(stepMs, (losMs - aosMs) / steps);
  const points: TrackReport[] = [];
  for (let i = 0; i <= steps; i++) {
    const point = trackReport(subject, place, Math.round(Math.min(losMs, aosMs + i * step)));
    if ('reason' in point) return point;
    points.push(point);
  }
  return {
    key,
    points: points.map(({ time, azimuth_deg, elevation_deg, range_km, doppler_hz }) => ({
      time,
      azimuth_deg,
      elevation_deg,
      range_km,
      doppler_hz,
    })),
    horizon: Array.from({ length: 360 / horizonStepDeg }, (_, i) => ({
      azimuth_deg: i * horizonStepDeg,
      elevation_deg: rounded(horizon.at(i * horizonStepDeg), 2),
    })),
  };
}
