import { expect, test } from 'vitest';
import { lossEstimate } from '../../daemon/drivers/sdr/loss-estimate.ts';
import { prng } from '../../dsp/core/prng.ts';

const rate = 2_400_000;

/** Samples lost by the estimate, in a minute of blocks with jitter, a clock error, and a loss at 20 s. */
function run(ppm: number, lostAt20s: number, jitterMs: number): number {
  const estimate = lossEstimate(() => rate);
  const random = prng(1);
  let found = 0;
  for (let ms = 0; ms < 60_000; ms += 10) {
    const made = Math.round((ms / 1000) * rate * (1 + ppm * 1e-6)) - (ms >= 20_000 ? lostAt20s : 0);
    // One block in five is in time: the others wait somewhere on their way.
    const late = random.uniform() < 0.2 ? 0 : jitterMs * random.uniform();
    found += estimate.arrived(made, ms + late);
  }
  return found;
}

test('a clock error and jitter are no loss', () => {
  for (const ppm of [-150, 0, 150]) expect(run(ppm, 0, 200)).toBe(0);
});

test('a loss is found and measured to some milliseconds', () => {
  for (const ppm of [-100, 0, 100]) {
    const found = run(ppm, 240_000, 50);
    expect(Math.abs(found - 240_000)).toBeLessThan(rate * 5e-3);
  }
});

test('a restart forgets what was before', () => {
  const estimate = lossEstimate(() => rate);
  for (let ms = 0; ms < 11_000; ms += 10) estimate.arrived((ms / 1000) * rate, ms);
  estimate.restart();
  let found = 0;
  for (let ms = 30_000; ms < 50_000; ms += 10) found += estimate.arrived(((ms - 19_000) / 1000) * rate, ms);
  expect(found).toBe(0);
});
