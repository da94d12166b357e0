import { prng } from '../core/prng.ts';
import { modulateGfsk } from '../modulation/gfsk-modulate.ts';
import { cyclicFilter, cyclicTerms } from './cyclic-lane.ts';

const models = new Map<string, Float64Array>();

/** The lag products of a noiseless signal: mean and lines, [lag][m + 1][re, im]. */
export function cyclicModel(
  perSymbol: number,
  h: number,
  bt: number,
  cut: number,
  lags: readonly number[],
): Float64Array {
  const key = [perSymbol, h.toFixed(3), cut.toFixed(3), bt, ...lags].join(' ');
  const known = models.get(key);
  if (known) return known;
  const random = prng(5);
  const bits = Uint8Array.from({ length: 4096 }, () => (random.uniform() < 0.5 ? 0 : 1));
  const wave = modulateGfsk(bits, { kind: 'fsk', symbolRate: 1 }, { sampleRate: perSymbol, modulationIndex: h, bt });
  const filtered: number[] = [];
  const filter = cyclicFilter(perSymbol, 1, cut, (iq, n) => {
    for (let i = 0; i < 2 * n; i++) filtered.push(iq[i]!);
  });
  filter.push(wave.iq, wave.iq.length / 2);
  const model = new Float64Array(lags.length * cyclicTerms * 2);
  const n = filtered.length / 2;
  for (let l = 0; l < lags.length; l++) {
    const lag = lags[l]!;
    for (let i = lag; i < n; i++) {
      const a = filtered[2 * i]!;
      const b = filtered[2 * i + 1]!;
      const c = filtered[2 * (i - lag)]!;
      const d = filtered[2 * (i - lag) + 1]!;
      const re = (a * c + b * d) / n;
      const im = (b * c - a * d) / n;
      for (let m = -1; m <= 1; m++) {
        const angle = (-2 * Math.PI * m * (wave.firstSample + i - lag / 2)) / perSymbol;
        const at = (l * cyclicTerms + m + 1) * 2;
        model[at]! += re * Math.cos(angle) - im * Math.sin(angle);
        model[at + 1]! += re * Math.sin(angle) + im * Math.cos(angle);
      }
    }
  }
  models.set(key, model);
  return model;
}
