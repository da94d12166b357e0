import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passGeometry } from '../../daemon/simulator/pass-geometry.ts';
import { type DopplerCurve, dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import { dopplerHz } from '../../daemon/tracking/observer.ts';
import { type CarrierMeasurement, fitPass, type PassFit } from '../../daemon/tracking/pass-fit.ts';
import { prng } from '../../dsp/core/prng.ts';

const frequencyHz = 437e6;

interface Truth {
  readonly maxElevationDeg: number;
  readonly timeBiasS: number;
  readonly frequencyBiasHz: number;
  readonly noiseHz: number;
  readonly frames: number;
  /** Share of the frames that are anywhere within ±5 kHz. */
  readonly outliers: number;
  readonly seed: number;
  /** Part of the pass in which frames come, from rise (0) to set (1). */
  readonly part?: readonly [number, number];
}

function pass(truth: Truth): { measurements: CarrierMeasurement[]; curve: DopplerCurve } {
  const { maxElevationDeg, timeBiasS, frequencyBiasHz, noiseHz, frames, outliers, seed, part = [0.02, 0.98] } = truth;
  const { rangeRateKmS, halfDurationS } = passGeometry({ altitudeKm: 520, maxElevationDeg });
  const curve = dopplerCurve((ms) => rangeRateKmS(ms / 1000), -1000 * halfDurationS, 1000 * halfDurationS);
  const random = prng(seed);
  const measurements = Array.from({ length: frames }, (_, i) => {
    const at = part[0] + ((part[1] - part[0]) * (i + random.uniform())) / frames;
    const t = (2 * at - 1) * halfDurationS;
    const late = dopplerHz(frequencyHz, rangeRateKmS(t - timeBiasS)) - dopplerHz(frequencyHz, rangeRateKmS(t));
    const wrong = i < outliers * frames ? 10_000 * (random.uniform() - 0.5) : 0;
    return { timeMs: 1000 * t, offsetHz: frequencyBiasHz + late + noiseHz * random.normal() + wrong, frequencyHz };
  });
  return { measurements, curve };
}

const usual = { maxElevationDeg: 85, timeBiasS: 15, frequencyBiasHz: -13_000, noiseHz: 10, frames: 40, seed: 1 };
function fitted(truth: Truth): PassFit {
  const { measurements, curve } = pass(truth);
  const fit = fitPass(measurements, curve);
  if (!fit.fitted) throw new Error(fit.reason);
  return fit;
}

describe('fit of a pass', () => {
  test('without noise the truth is found', () => {
    const fit = fitted({ ...usual, noiseHz: 0, outliers: 0 });
    expect(fit.timeBiasS).toBeCloseTo(15, 3);
    expect(fit.frequencyBiasHz).toBeCloseTo(-13_000, 1);
    expect(fit.frequencyBiasPpm).toBeCloseTo(-29.748, 3);
    expect([fit.used, fit.rejected]).toEqual([40, 0]);
  });

  test('any bias is found within what it says of itself, a fifth of the frames being wrong', () => {
    fc.assert(
      fc.property(
        fc.record({
          maxElevationDeg: fc.integer({ min: 25, max: 90 }),
          timeBiasS: fc.double({ min: -55, max: 55, noNaN: true }),
          frequencyBiasHz: fc.double({ min: -15_000, max: 15_000, noNaN: true }),
          noiseHz: fc.constantFrom(1, 5, 20),
          frames: fc.integer({ min: 15, max: 200 }),
          outliers: fc.constantFrom(0, 0.1, 0.2),
          seed: fc.integer({ min: 1, max: 1e6 }),
        }),
        (truth) => {
          const fit = fitted(truth);
          expect(Math.abs(fit.timeBiasS - truth.timeBiasS)).toBeLessThan(6 * fit.sigmaTimeS);
          expect(Math.abs(fit.frequencyBiasHz - truth.frequencyBiasHz)).toBeLessThan(6 * fit.sigmaFrequencyHz);
          expect(fit.used).toBeGreaterThanOrEqual(Math.floor(0.7 * truth.frames));
          expect(fit.rmsHz).toBeLessThan(2 * truth.noiseHz + 5);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  test('its standard deviations are those of many passes', () => {
    const fits = Array.from({ length: 200 }, (_, i) => fitted({ ...usual, outliers: 0, seed: i + 1 }));
    const spread = (values: number[], truth: number) =>
      Math.sqrt(values.reduce((sum, value) => sum + (value - truth) ** 2, 0) / values.length);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const times = spread(
      fits.map((fit) => fit.timeBiasS),
      15,
    );
    const frequencies = spread(
      fits.map((fit) => fit.frequencyBiasHz),
      -13_000,
    );
    expect(times / mean(fits.map((fit) => fit.sigmaTimeS))).toBeCloseTo(1, 0);
    expect(frequencies / mean(fits.map((fit) => fit.sigmaFrequencyHz))).toBeCloseTo(1, 0);
    expect(times).toBeLessThan(0.05);
  });

  test('less sure measurements count less, and what is no number not at all', () => {
    const { measurements, curve } = pass({ ...usual, outliers: 0 });
    const poor = pass({ ...usual, outliers: 0, noiseHz: 300, seed: 2 }).measurements;
    const bad = { ...measurements[0]!, offsetHz: Number.NaN };
    const fit = fitPass([...measurements, ...poor.map((m) => ({ ...m, sigma: 30 })), bad], curve) as PassFit;
    expect(Math.abs(fit.timeBiasS - 15)).toBeLessThan(0.1);
    expect(fit.used + fit.rejected).toBe(80);
    expect(fit.sigmaTimeS).toBeLessThan(0.06);
  });

  test('why there is none is told', () => {
    const reason = (truth: Partial<Truth>, cut = 1000) => {
      const { measurements, curve } = pass({ ...usual, outliers: 0, ...truth });
      const fit = fitPass(measurements.slice(0, cut), curve);
      return fit.fitted ? fit : fit.reason;
    };
    expect(reason({}, 4)).toBe('too few frames');
    expect(
      fitPass(
        [],
        dopplerCurve(() => 0, 0, 1000),
      ),
    ).toEqual({ fitted: false, reason: 'too few frames' });
    // A minute after the rise the shift hardly changes, and within seconds it changes evenly.
    expect(reason({ part: [0.02, 0.12] })).toBe('short arc');
    expect(reason({ part: [0.3, 0.303] })).toBe('short arc');
    expect(reason({ timeBiasS: 90 })).toBe('out of reach');
    expect(reason({ outliers: 0.9 })).toBe('no agreement');
  });

  test('half a pass is enough', () => {
    for (const part of [[0, 0.5] as const, [0.45, 1] as const]) {
      const fit = fitted({ ...usual, outliers: 0.1, part });
      expect(Math.abs(fit.timeBiasS - 15)).toBeLessThan(0.3);
      expect(Math.abs(fit.frequencyBiasHz + 13_000)).toBeLessThan(40);
    }
  });
});
