import { expect, test } from 'vitest';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { discriminator } from '../../dsp/modulation/discriminator.ts';
import { tone } from '../filter/run-block.ts';
import { cutsOf } from '../laws/chunking.ts';

const sampleRate = 48_000;
const samples = 5000;

function run(x: Float32Array, cuts: readonly number[], kernels = {}): Float32Array {
  const block = 'name' in kernels ? discriminator(sampleRate, plainKernels()) : discriminator(sampleRate);
  const out = new Float32Array(samples);
  let at = 0;
  for (const cut of cuts) {
    const piece = new Float32Array(cut);
    block.process(x.slice(2 * at, 2 * (at + cut)), cut, piece);
    out.set(piece, at);
    at += cut;
  }
  return out;
}

test.each([0, 1000, -12_345, 23_999])('a tone at %d Hz reads as that', (hz) => {
  const x = tone(hz / sampleRate, samples);
  for (const kernels of [{}, { name: 'plain' }]) {
    const out = run(x, [samples], kernels);
    expect(out[0]).toBe(0);
    for (let n = 1; n < samples; n++) expect(Math.abs(out[n]! - hz)).toBeLessThan(0.01);
  }
});

test('chunking does not matter', () => {
  const x = tone(0.123, samples).map((value, i) => value + Math.sin(i * i));
  const whole = run(x, [samples]);
  for (let seed = 0; seed < 10; seed++) expect(run(x, cutsOf(samples, seed))).toEqual(whole);
});
