import type { Elements } from '../../daemon/tracking/elements.ts';
import { flatHorizon, type Horizon } from '../../daemon/tracking/horizon.ts';
import { findPasses } from '../../daemon/tracking/passes.ts';
import type { Place } from '../../daemon/tracking/wgs84.ts';
import { prng } from '../../dsp/core/prng.ts';

const usual = { norad: 99_001, name: 'TESTSAT', seed: 7, forMs: 180_000 };

/** Made-up elements of a low satellite, somewhere. */
export function madeUpElements(nowMs: number, random: ReturnType<typeof prng>, norad: number, name: string): Elements {
  return {
    norad,
    name,
    epochMs: nowMs - 3_600_000,
    meanMotionRevPerDay: 15.2,
    eccentricity: 0.001,
    inclinationDeg: 97.5,
    raanDeg: 360 * random.uniform(),
    argumentOfPerigeeDeg: 0,
    meanAnomalyDeg: 360 * random.uniform(),
    bstar: 0,
    source: 'test',
    pinned: false,
  };
}

/** The same of one that is up now, for so long at least. */
export function upNow(
  place: Place,
  nowMs: number,
  horizon: Horizon = flatHorizon(0),
  options: Partial<typeof usual> = {},
): Elements {
  const { norad, name, seed, forMs } = { ...usual, ...options };
  const random = prng(seed);
  for (;;) {
    const elements = madeUpElements(nowMs, random, norad, name);
    const [pass] = findPasses({ elements, place, horizon, fromMs: nowMs, toMs: nowMs });
    if (pass?.rise && pass.set && pass.set.timeMs > nowMs + forMs) return elements;
  }
}
