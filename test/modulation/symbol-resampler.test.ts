import { expect, test } from 'vitest';
import { SymbolResampler } from '../../dsp/modulation/cpm/symbol-resampler.ts';

test('slow symbols at a high rate: more samples at once than the window holds', () => {
  const samplesPerPeriod = 128;
  const n = 40_000;
  const ramp = Float32Array.from({ length: 2 * n }, (_, i) => (i >> 1) / n);
  const resampler = new SymbolResampler(samplesPerPeriod);
  resampler.append(ramp, 0, n);
  resampler.anchor(0, 0);
  resampler.anchor(n - 8, 0);
  const { data, start, end } = resampler.symbols;
  expect(end / 8).toBe(Math.floor((n - 8) / samplesPerPeriod));
  for (let symbol = 1; symbol < end / 8; symbol++)
    expect(data[8 * symbol - start]).toBeCloseTo(((symbol + 1 / 8) * samplesPerPeriod) / n, 5);
});
