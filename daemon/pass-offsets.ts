import type { PassOffsets } from './api/wire.ts';
import { iso } from './core/iso.ts';
import { rounded } from './core/rounded.ts';
import { curveOf } from './pass-curve.ts';
import type { PassRecord } from './store/pass-record.ts';
import type { Elements } from './tracking/elements.ts';
import { fittedOffset } from './tracking/pass-fit.ts';
import type { Place } from './tracking/wgs84.ts';

const fittedPoints = 121;

/**
 * The offsets of the parts of a pass, and the curve that was fitted to them.
 * @param elements the newest ones; for the small difference that a late satellite makes they need not be those of the pass
 */
export function passOffsets(records: readonly PassRecord[], elements: Elements | null, place: Place): PassOffsets {
  const offsets = records
    .flatMap(({ sdr, offsets }) => offsets.map((one) => ({ ...one, sdr })))
    .sort((a, b) => a.timeMs - b.timeMs)
    .map(({ timeMs, offsetHz, frequencyHz, sdr }) => ({
      time: iso(timeMs),
      offset_hz: rounded(offsetHz, 1),
      frequency_hz: frequencyHz,
      sdr,
    }));
  return { offsets, fitted: fittedCurve(records, elements, place) };
}

function fittedCurve(records: readonly PassRecord[], elements: Elements | null, place: Place): PassOffsets['fitted'] {
  const record = records.find(({ fit }) => fit !== null);
  const frequencyHz = record?.offsets[0]?.frequencyHz;
  if (elements === null || !record?.fit || frequencyHz === undefined) return null;
  const { fit, aosMs, losMs } = record;
  const curve = curveOf(elements, place, aosMs - 60_000, losMs + 60_000);
  if (curve === null) return null;
  return Array.from({ length: fittedPoints }, (_, i) => {
    const timeMs = aosMs + ((losMs - aosMs) * i) / (fittedPoints - 1);
    return { time: iso(timeMs), offset_hz: rounded(fittedOffset(fit, curve, frequencyHz, timeMs), 1) };
  });
}
