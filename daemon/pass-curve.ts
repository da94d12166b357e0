import { type DopplerCurve, dopplerCurve, rangeRateFrom } from './tracking/doppler-curve.ts';
import type { Elements } from './tracking/elements.ts';
import { propagator } from './tracking/propagator.ts';
import type { Place } from './tracking/wgs84.ts';

/** The range rate from `fromMs` to `toMs`; null where the orbit has no answer at all, or for more than a pass. */
export function curveOf(elements: Elements, place: Place, fromMs: number, toMs: number): DopplerCurve | null {
  try {
    return dopplerCurve(rangeRateFrom(propagator(elements), place), fromMs, toMs);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
