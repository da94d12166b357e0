import { rounded } from '../core/rounded.ts';
import { elementsAge, elementsAgeNote } from '../elements/elements-age.ts';
import type { Elements } from '../tracking/elements.ts';
import { failureReason } from '../tracking/propagator.ts';
import { trackView } from '../tracking/track-view.ts';
import type { Place } from '../tracking/wgs84.ts';
import type { TrackReport } from './wire.ts';

/** A satellite as the public sees it. */
export interface TrackSubject {
  readonly name: string;
  readonly elements: Elements;
  readonly frequencyHz: number | null;
}

/** Where it is at a time; a reason in plain words where SGP4 has no answer. */
export function trackReport(
  { name, elements, frequencyHz }: TrackSubject,
  place: Place,
  timeMs: number,
): TrackReport | { readonly reason: string } {
  const view = trackView(elements, place, timeMs, frequencyHz);
  const time = new Date(timeMs).toISOString();
  if (view.failed) return { reason: `${name} has no place at ${time}: ${failureReason(elements, view.failed)}` };
  return {
    norad: elements.norad,
    name,
    time,
    elements_epoch: new Date(elements.epochMs).toISOString(),
    elements_age_days: rounded(elementsAge(elements, timeMs).ageDays, 2),
    elements_note: elementsAgeNote(elements, timeMs),
    azimuth_deg: rounded(view.azimuthDeg, 3) % 360,
    elevation_deg: rounded(view.elevationDeg, 3),
    range_km: rounded(view.rangeKm, 3),
    range_rate_km_s: rounded(view.rangeRateKmS, 6),
    frequency_hz: frequencyHz,
    doppler_hz: view.dopplerHz === null ? null : rounded(view.dopplerHz, 1),
    latitude_deg: rounded(view.latitudeDeg, 4),
    longitude_deg: rounded(view.longitudeDeg, 4),
    altitude_km: rounded(view.altitudeKm, 3),
    sunlit: view.sunlit,
  };
}
