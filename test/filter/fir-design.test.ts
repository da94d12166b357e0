import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gaussianPulse, lowPass, maxTaps, rootRaisedCosine } from '../../dsp/filter/fir-design.ts';

const vectors = JSON.parse(readFileSync(new URL('../vectors/filters.json', import.meta.url), 'utf8'));

function expectClose(taps: Float64Array, reference: number[]): void {
  expect(taps.length).toBe(reference.length);
  const largest = Math.max(...reference.map((tap, k) => Math.abs(tap - taps[k]!)));
  expect(largest).toBeLessThan(vectors.tolerance);
}

/** |H| at `cycles` per sample. */
function gain(taps: Float64Array, cycles: number): number {
  let re = 0;
  let im = 0;
  for (const [k, tap] of taps.entries()) {
    re += tap * Math.cos(2 * Math.PI * cycles * k);
    im -= tap * Math.sin(2 * Math.PI * cycles * k);
  }
  return Math.hypot(re, im);
}

describe('filter design', () => {
  test('low-pass taps are those of scipy', () => {
    for (const { taps, ...spec } of vectors.lowPass) expectClose(lowPass(spec), taps);
  });

  test('root raised cosine is the transform of its spectrum, integrated numerically', () => {
    for (const v of vectors.rootRaisedCosine)
      expectClose(rootRaisedCosine(v.samplesPerSymbol, v.spanSymbols, v.rollOff), v.taps);
  });

  test('Gaussian pulses are those of scipy', () => {
    for (const v of vectors.gaussian) expectClose(gaussianPulse(v.samplesPerSymbol, v.bt, v.spanSymbols), v.taps);
  });

  test.each([40, 60, 80, 100])('a stop band of %d dB is kept at every frequency', (stopDb) => {
    const taps = lowPass({ sampleRate: 1, passHz: 0.1, stopHz: 0.15, stopDb });
    const limit = 10 ** ((2.5 - stopDb) / 20); // Kaiser's formulas are fits: up to 2.1 dB off (measured)
    for (let f = 0.15; f <= 0.5; f += 0.0007) expect(gain(taps, f)).toBeLessThan(limit);
    for (let f = 0; f <= 0.1; f += 0.0007) expect(Math.abs(gain(taps, f) - 1)).toBeLessThan(limit);
  });

  test('what cannot be made is refused', () => {
    const good = { sampleRate: 48_000, passHz: 5000, stopHz: 7000, stopDb: 60 };
    expect(() => lowPass({ ...good, stopHz: 5000 })).toThrow(/edges/);
    expect(() => lowPass({ ...good, stopHz: 47_000 })).toThrow(/edges/);
    expect(() => lowPass({ ...good, passHz: Number.NaN })).toThrow(/edges/);
    expect(() => lowPass({ ...good, stopDb: 200 })).toThrow(/stop band/);
    expect(() => lowPass({ ...good, stopHz: 5000.001 })).toThrow(/taps/);
    expect(() => rootRaisedCosine(4, 8, 1.5)).toThrow(/roll-off/);
    expect(() => rootRaisedCosine(maxTaps, 8, 0.5)).toThrow(/pulse/);
    expect(() => gaussianPulse(4, 0, 4)).toThrow(/bandwidth/);
  });
});
