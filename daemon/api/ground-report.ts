import { rounded } from '../core/rounded.ts';
import { groundTrack, orbitMs } from '../tracking/ground-track.ts';
import { failureReason } from '../tracking/propagator.ts';
import type { TrackSubject } from './track-report.ts';
import type { GroundReport } from './wire.ts';

/** Which part of a ground track is wanted; what is null is chosen: an orbit before now and one behind it. */
export interface GroundQuery {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly stepS: number | null;
}

export const mostGroundPoints = 500;
const usualPoints = 240;
const shortestStepS = 10;

/** The ground track of a satellite; a reason in plain words where SGP4 has no answer. @throws RangeError for a bad query */
export function groundReport(
  { name, elements }: Pick<TrackSubject, 'name' | 'elements'>,
  query: GroundQuery,
  nowMs: number,
): GroundReport | { readonly reason: string } {
  const periodMs = orbitMs(elements);
  const fromMs = query.fromMs ?? (query.toMs === null ? nowMs - periodMs : query.toMs - 2 * periodMs);
  const toMs = query.toMs ?? fromMs + 2 * periodMs;
  if (!(toMs > fromMs)) throw new RangeError('to: a time behind from expected');
  const stepS = query.stepS ?? Math.max(shortestStepS, Math.ceil((toMs - fromMs) / 1000 / usualPoints));
  const points = Math.floor((toMs - fromMs) / 1000 / stepS) + 1;
  if (points > mostGroundPoints)
    throw new RangeError(`step_s: these would be ${points} points, and ${mostGroundPoints} are given at most`);
  const track = groundTrack(elements, fromMs, toMs, stepS * 1000);
  if ('failed' in track)
    return {
      reason: `${name} has no place at ${new Date(track.timeMs).toISOString()}: ${failureReason(elements, track.failed)}`,
    };
  return {
    norad: elements.norad,
    name,
    period_s: rounded(periodMs / 1000, 1),
    points: track.map((point) => ({
      time: new Date(point.timeMs).toISOString(),
      latitude_deg: rounded(point.latitudeDeg, 3),
      longitude_deg: rounded(point.longitudeDeg, 3),
      altitude_km: rounded(point.altitudeKm, 1),
      sunlit: point.sunlit,
    })),
  };
}
