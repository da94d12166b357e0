import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { CyclicLane, cyclicFilter } from '../../dsp/sync/cyclic-lane.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';

const options = { sampleRate: 48_000, symbolRate: 9520, centreHz: 0, cutHz: 7000, lags: [2, 5, 7], hop: 645 };
const samples = 6000;
const hops = 8;

function noise(): Float32Array {
  const random = prng(4);
  return Float32Array.from({ length: 2 * samples }, () => random.normal());
}

/** Sums of hop after hop, [lag][m + 1][re, im]. */
function measured(x: Float32Array, cuts: readonly number[]): Float64Array[] {
  const lane = new CyclicLane(options);
  let hop = 0;
  pushInCuts(
    (piece, n) => {
      lane.push(piece, n);
      while (lane.measure(hop)) hop++;
    },
    x,
    2,
    cuts,
  );
  return Array.from({ length: hops }, (_, h) => {
    const out = new Float64Array(options.lags.length * 6);
    lane.gather(h, [0, 1], out);
    return out;
  });
}

test('the lines of the lag products are the sums that define them', () => {
  const x = noise();
  const y: number[] = [];
  const filter = cyclicFilter(options.sampleRate, options.symbolRate, options.cutHz, (iq, n) =>
    y.push(...iq.subarray(0, 2 * n)),
  );
  filter.push(x, samples);
  for (const [hop, sums] of measured(x, [samples]).entries())
    for (const [l, lag] of options.lags.entries())
      for (const m of [-1, 0, 1]) {
        let re = 0;
        let im = 0;
        for (let n = Math.max(lag, hop * options.hop); n < (hop + 1) * options.hop; n++) {
          const [a, b, c, d] = [y[2 * n]!, y[2 * n + 1]!, y[2 * (n - lag)]!, y[2 * (n - lag) + 1]!];
          const angle = (-2 * Math.PI * m * (n - lag / 2) * options.symbolRate) / options.sampleRate;
          re += (a * c + b * d) * Math.cos(angle) - (b * c - a * d) * Math.sin(angle);
          im += (a * c + b * d) * Math.sin(angle) + (b * c - a * d) * Math.cos(angle);
        }
        expect(Math.abs(sums[6 * l + 2 * (m + 1)]! - re)).toBeLessThan(1e-3);
        expect(Math.abs(sums[6 * l + 2 * (m + 1) + 1]! - im)).toBeLessThan(1e-3);
      }
});

test('chunking does not matter', () => {
  const whole = measured(noise(), [samples]);
  for (let seed = 0; seed < 5; seed++) expect(measured(noise(), cutsOf(samples, seed))).toEqual(whole);
});
