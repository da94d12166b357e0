import { describe, expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { ModulationParams, ReceiverInput } from '../../dsp/core/receiver.ts';
import type { Iq } from '../../dsp/core/types.ts';
import { makeDemodulators } from '../../dsp/modulation/demodulator.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';
import { fmAudio } from './modulate-audio.ts';

const params: ModulationParams = { kind: 'fsk4', symbolRate: 4800, deviationHz: 2400 };
const sampleRate = 48_000;
const random = prng(1);
const bits = Uint8Array.from({ length: 3000 }, (_, k) => (k < 368 ? (k >> 2) & 1 : random.uint32() >>> 31));

/** A burst that begins with its two outer tones, noise around it, the carrier off. */
function burst(rate: number, esn0Db: number, offsetHz: number): Iq {
  const { iq, firstSample } = modulate(bits, params, { sampleRate: rate, startSample: 0.2 * rate + 0.3, clockPpm: 40 });
  const x = new Float32Array(2 * Math.round(0.4 * rate) + iq.length) as Iq;
  x.set(iq, 2 * firstSample);
  for (let n = 0; n < x.length / 2; n++) {
    const turn = (2 * Math.PI * offsetHz * n) / rate;
    const [re, im] = [x[2 * n]!, x[2 * n + 1]!];
    x[2 * n] = re * Math.cos(turn) - im * Math.sin(turn);
    x[2 * n + 1] = re * Math.sin(turn) + im * Math.cos(turn);
  }
  addNoise(x, noiseDensity(esn0Db, params.symbolRate), rate, prng(2));
  return x;
}

function softBits(x: Float32Array, input: ReceiverInput, cuts: readonly number[]): number[] {
  const [plan, ...others] = makeDemodulators(params, input).plans;
  expect(others).toEqual([]);
  const soft: number[] = [];
  const demodulator = plan!.make({ symbols: ({ n, soft: [values] }) => void soft.push(...values!.subarray(0, n)) });
  pushInCuts((piece, n) => demodulator.push(piece, n), x, input.kind === 'iq' ? 2 : 1, cuts);
  demodulator.flush();
  return soft;
}

/** Share of the bits behind the preamble that are wrong at the best alignment, counted to the burst's last bit. */
function errorRate(soft: readonly number[]): number {
  let least = 1;
  for (let at = 0; at + bits.length <= soft.length; at += 2) {
    let wrong = 0;
    for (let k = 368; k < bits.length && wrong < least * bits.length; k++)
      if (soft[at + k]! > 0 !== (bits[k] === 1)) wrong++;
    least = Math.min(least, wrong / (bits.length - 368));
  }
  return least;
}

test('tones are a third of the outer deviation apart, the number in binary from the lowest', () => {
  const runs = Uint8Array.from([0, 1, 2, 3].flatMap((tone) => new Array(20).fill([tone >> 1, tone & 1]).flat()));
  const { iq, firstSample } = modulate(runs, params, { sampleRate });
  const hz = [0, 1, 2, 3].map((tone) => {
    const at = 2 * (10 * (20 * tone + 10) - firstSample);
    const [a, b, c, d] = [iq[at]!, iq[at + 1]!, iq[at + 2]!, iq[at + 3]!];
    return (Math.atan2(a * d - b * c, a * c + b * d) * sampleRate) / (2 * Math.PI);
  });
  [-2400, -800, 800, 2400].forEach((wanted, tone) => {
    expect(Math.abs(hz[tone]! - wanted)).toBeLessThan(60);
  });
});

describe.each([
  ['IQ', burst(sampleRate, 18, 1700), { kind: 'iq', sampleRate, searchHz: 3000 }],
  [
    'FM audio',
    fmAudio(burst(2 * sampleRate, 18, 300), 2 * sampleRate, { fullScaleHz: 8000, channelHz: 6000 }),
    { kind: 'fm-audio', sampleRate },
  ],
  [
    'inverted FM audio',
    fmAudio(burst(2 * sampleRate, 18, 300), 2 * sampleRate, { fullScaleHz: -8000, channelHz: 6000 }),
    { kind: 'fm-audio', sampleRate },
  ],
] as const)('%s', (name, x, input) => {
  const samples = x.length / (input.kind === 'iq' ? 2 : 1);
  const whole = softBits(x, input, [samples]);

  test('few bits are wrong, from the first behind the preamble to the last', () => {
    const upright = name.startsWith('inverted') ? whole.map((value) => -value) : whole;
    expect(errorRate(upright)).toBeLessThan(0.004);
  });

  test('gives the same symbols however it is cut', () => {
    expect(softBits(x, input, cutsOf(samples, 3))).toEqual(whole);
  });
});
