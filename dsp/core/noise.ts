import type { Prng } from './prng.ts';
import type { Iq } from './types.ts';

/** Power density that goes with an Es/N0: N0 = power / (symbolRate · Es/N0), in power units per Hz. */
export function noiseDensity(esn0Db: number, symbolRate: number, signalPower = 1): number {
  return signalPower / (symbolRate * 10 ** (esn0Db / 10));
}

/** Add complex white noise of density `n0` (one-sided, per Hz; variance n0 · sampleRate) to `iq`, in place. */
export function addNoise(iq: Iq, n0: number, sampleRate: number, random: Prng): void {
  if (!(n0 >= 0 && sampleRate > 0)) throw new RangeError('noise density and sample rate must be positive');
  const sigma = Math.sqrt((n0 * sampleRate) / 2);
  for (let i = 0; i < iq.length; i++) iq[i] = iq[i]! + sigma * random.normal();
}
