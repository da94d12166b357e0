import { describe, expect, test } from 'vitest';
import { nextEbn0Db, type Sample, thresholds } from './sensitivity-search.ts';

/** A receiver whose frame error falls by a logistic curve, measured without chance. */
function measureAll(halfDb: number, slope: number, startDb: number, stepDb: number): Sample[] {
  const samples: Sample[] = [];
  for (let next = nextEbn0Db(samples, startDb, stepDb); next !== null; next = nextEbn0Db(samples, startDb, stepDb)) {
    if (samples.length > 40) throw new Error('the search does not end');
    samples.push({ ebn0Db: next, frameError: 1 / (1 + Math.exp(slope * (next - halfDb))), sent: 1000 });
  }
  return samples;
}

describe('search for the Eb/N0 of 50 % and 10 % frame error', () => {
  test.each([
    { halfDb: 6.1, slope: 2, startDb: 6 },
    { halfDb: 2.4, slope: 7, startDb: 6 },
    { halfDb: 13.9, slope: 0.8, startDb: 7 },
    { halfDb: 0.3, slope: 5, startDb: 1 },
  ])('a logistic curve at $halfDb dB, slope $slope, from $startDb dB', ({ halfDb, slope, startDb }) => {
    const samples = measureAll(halfDb, slope, startDb, 0.5);
    const [half, tenth] = thresholds(samples);
    expect(half).toBeCloseTo(halfDb, 1);
    expect(tenth).toBeCloseTo(halfDb + Math.log(9) / slope, 1);
    expect(samples.length).toBeLessThan(15);
  });

  test('a receiver that never decodes is given up, and says never', () => {
    const samples: Sample[] = [];
    for (let next = nextEbn0Db(samples, 6, 0.5); next !== null; next = nextEbn0Db(samples, 6, 0.5))
      samples.push({ ebn0Db: next, frameError: 1, sent: 100 });
    expect(thresholds(samples)).toEqual([null, null]);
    expect(samples.length).toBeLessThan(15);
  });

  test('a curve that levels out above 10 % has a half but no tenth', () => {
    const samples: Sample[] = [];
    for (let next = nextEbn0Db(samples, 6, 0.5); next !== null; next = nextEbn0Db(samples, 6, 0.5))
      samples.push({ ebn0Db: next, frameError: next < 8 ? 1 : 0.3, sent: 100 });
    const [half, tenth] = thresholds(samples);
    expect(half).toBeGreaterThan(7);
    expect(half).toBeLessThan(8.5);
    expect(tenth).toBeNull();
  });
});
