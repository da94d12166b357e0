import { expect, test } from 'vitest';
import { Derotator } from '../../dsp/sync/derotator.ts';
import { tone } from '../filter/run-block.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';

const sampleRate = 48_000;
/** Samples and frequencies of the estimates. */
const estimates = [
  [0, 1234.5],
  [640, -900],
  [1291, 400],
  [1300, 410],
  [6000, 300],
] as const;
const samples = 6000;

/** What the class promises: each sample turned back by the integral of the frequencies between the estimates. */
function ideal(x: Float32Array): number[] {
  const y: number[] = [];
  let turns = 0;
  for (let k = 1; k < estimates.length; k++) {
    const [from, hz] = estimates[k - 1]!;
    const [to, nextHz] = estimates[k]!;
    for (let i = 0; i < to - from; i++) {
      const n = from + i;
      const [c, s] = [Math.cos(2 * Math.PI * turns), -Math.sin(2 * Math.PI * turns)];
      y.push(x[2 * n]! * c - x[2 * n + 1]! * s, x[2 * n]! * s + x[2 * n + 1]! * c);
      turns += (hz + ((nextHz - hz) * i) / (to - from)) / sampleRate;
    }
  }
  return y;
}

function derotated(x: Float32Array, cuts: readonly number[]): number[] {
  const derotator = new Derotator(sampleRate);
  let pushed = 0;
  let next = 0;
  pushInCuts(
    (piece, n) => {
      derotator.push(piece, n);
      pushed += n;
      for (; next < estimates.length && estimates[next]![0] <= pushed; next++)
        derotator.estimate(estimates[next]![0], estimates[next]![1]);
    },
    x,
    2,
    cuts,
  );
  const { output } = derotator;
  expect(output.end).toBe(2 * samples);
  return Array.from(output.data.subarray(0, output.end - output.start));
}

test('the frequency goes linearly from estimate to estimate, the phase without a step', () => {
  const x = tone(0.0271, samples);
  const expected = ideal(x);
  for (const [i, value] of derotated(x, [samples]).entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6);
});

test('chunking does not matter', () => {
  const x = tone(-0.11, samples);
  const whole = derotated(x, [samples]);
  for (let seed = 0; seed < 10; seed++) expect(derotated(x, cutsOf(samples, seed))).toEqual(whole);
});
