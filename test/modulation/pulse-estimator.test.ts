import { expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import { PulseEstimator } from '../../dsp/modulation/cpm/pulse-estimator.ts';
import { samplesPerSymbol } from '../../dsp/modulation/cpm/reference.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';

const symbolRate = 9600;
const blockSymbols = 256;

/** What the estimator says of a signal of `blocks` blocks whose symbols are all decided rightly. */
function estimate(bt: number, h: number, esn0Db: number, blocks: number): number {
  const random = prng(7);
  const bits = Uint8Array.from({ length: blocks * blockSymbols + 2 }, () => random.uint32() & 1);
  const sampleRate = samplesPerSymbol * symbolRate;
  // Half a sample early: samples then lie at (i + ½)/4 of a symbol.
  const options = { sampleRate, startSample: -0.5, phase: 1, modulationIndex: h, bt };
  const { iq, firstSample } = modulate(bits, { kind: 'fsk', symbolRate }, options);
  addNoise(iq, noiseDensity(esn0Db, symbolRate), sampleRate, random);
  const estimator = new PulseEstimator(h);
  for (let block = 0; block < blocks; block++) {
    const first = 1 + block * blockSymbols;
    const pattern = Uint8Array.from(
      { length: blockSymbols },
      (_, k) => 4 * bits[first + k - 1]! + 2 * bits[first + k]! + bits[first + k + 1]!,
    );
    estimator.learn(iq, 2 * (samplesPerSymbol * first - firstSample), pattern, blockSymbols, 1);
  }
  return estimator.bt;
}

test.each([
  { bt: 0.3, h: 0.5, found: 0.3 },
  { bt: 0.5, h: 0.5, found: 0.5 },
  { bt: 1, h: 0.5, found: 1 },
  { bt: Number.POSITIVE_INFINITY, h: 0.5, found: 1 },
  { bt: 0.3, h: 0.7, found: 0.3 },
  { bt: 1, h: 0.9, found: 1 },
])('a pulse with BT $bt at index $h', ({ bt, h, found }) => {
  expect(estimate(bt, h, 6, 40)).toBe(found);
});

test('no signal changes nothing', () => {
  const estimator = new PulseEstimator(0.5);
  estimator.learn(new Float32Array(8 * blockSymbols), 0, new Uint8Array(blockSymbols), blockSymbols, 1);
  expect(estimator.bt).toBe(0.5);
});
