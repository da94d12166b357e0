import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { dcSpikeRemover } from '../../dsp/filter/dc-spike.ts';
import { cutsOf } from '../laws/chunking.ts';

const sampleRate = 10_000;
const seconds = 4;

function noise(spike: number): Float32Array {
  const random = prng(1);
  const x = new Float32Array(2 * seconds * sampleRate);
  for (let i = 0; i < x.length; i += 2) {
    x[i] = random.normal() + spike;
    x[i + 1] = random.normal() - spike / 2;
  }
  return x;
}

function run(x: Float32Array, cuts: readonly number[]): Float32Array {
  const remover = dcSpikeRemover(sampleRate);
  const y = new Float32Array(x.length);
  let at = 0;
  for (const cut of cuts) {
    const piece = new Float32Array(2 * cut);
    expect(remover.process(x.slice(2 * at, 2 * (at + cut)), cut, piece)).toBe(cut);
    y.set(piece, 2 * at);
    at += cut;
  }
  return y;
}

/** Power of the constant in the second half. */
function constant(x: Float32Array): number {
  let re = 0;
  let im = 0;
  for (let i = x.length / 2; i < x.length; i += 2) {
    re += x[i]!;
    im += x[i + 1]!;
  }
  return (re ** 2 + im ** 2) / (x.length / 4) ** 2;
}

test('a spike of 20 dB is taken out by 30 dB and more', () => {
  const x = noise(10);
  expect(constant(run(x, [x.length / 2]))).toBeLessThan(constant(x) / 1000);
});

test('without a spike nothing is touched', () => {
  const x = noise(0.2);
  expect(run(x, [x.length / 2])).toEqual(x);
});

test('the carrier of a short preamble in the middle of the band is no spike', () => {
  const x = noise(0);
  for (let i = 2 * sampleRate; i < 2.4 * sampleRate; i += 2) x[i]! += 3;
  expect(run(x, [x.length / 2])).toEqual(x);
});

test('cuts do not matter', () => {
  const x = noise(4);
  const whole = run(x, [x.length / 2]);
  for (const seed of [1, 2, 3]) expect(run(x, cutsOf(x.length / 2, seed))).toEqual(whole);
});
