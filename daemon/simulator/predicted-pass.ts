import { observer } from '../tracking/observer.ts';
import type { Propagator } from '../tracking/propagator.ts';
import type { Place } from '../tracking/wgs84.ts';
import type { PassGeometry } from './pass-geometry.ts';

/** Cubics between points so far apart are good to a tenth of a millimetre in the lowest orbit there is. */
const STEP_S = 1;

/**
 * The pass of a real orbit over a place from one time to another, ms. Its times count from the middle, which is near the closest
 * approach. Ranges come from cubics through points of the orbit: SGP4's own time is good to 40 µs only, which is centimetres.
 * @throws RangeError where the orbit has no answer, or for more than a day
 */
export function predictedPass(orbit: Propagator, place: Place, fromMs: number, toMs: number): PassGeometry {
  const middleMs = (fromMs + toMs) / 2;
  const halfDurationS = (toMs - fromMs) / 2000;
  if (!(halfDurationS > 0 && halfDurationS <= 43_200)) throw new RangeError('a pass lasts up to a day');
  const look = observer(place);
  const lookAt = (t: number) => {
    const state = orbit(middleMs + t * 1000);
    if (state.failed) throw new RangeError('the orbit has no answer during the pass');
    return look(state);
  };
  const points = Array.from({ length: Math.ceil((2 * halfDurationS) / STEP_S) + 3 }, (_, k) =>
    lookAt((k - 1) * STEP_S - halfDurationS),
  );
  /** The cubic that has the ranges and range rates of two neighbours, and how far between them `t` is. */
  const cubic = (t: number) => {
    const x = (t + halfDurationS) / STEP_S + 1;
    const k = Math.max(0, Math.min(points.length - 2, Math.floor(x)));
    const [a, b] = [points[k]!, points[k + 1]!];
    const [rateA, rateB] = [a.rangeRateKmS * STEP_S, b.rangeRateKmS * STEP_S];
    const rise = b.rangeKm - a.rangeKm;
    return { u: x - k, c0: a.rangeKm, c1: rateA, c2: 3 * rise - 2 * rateA - rateB, c3: rateA + rateB - 2 * rise };
  };
  return {
    halfDurationS,
    rangeKm(t) {
      const { u, c0, c1, c2, c3 } = cubic(t);
      return c0 + u * (c1 + u * (c2 + u * c3));
    },
    rangeRateKmS(t) {
      const { u, c1, c2, c3 } = cubic(t);
      return (c1 + u * (2 * c2 + u * 3 * c3)) / STEP_S;
    },
    elevationDeg: (t) => lookAt(t).elevationDeg,
  };
}
