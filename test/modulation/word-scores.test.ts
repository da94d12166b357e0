import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { cpmReference } from '../../dsp/modulation/cpm/reference.ts';
import { SymbolRotation } from '../../dsp/modulation/cpm/symbol-rotation.ts';
import { ringStride, ringSymbols, scoredPositions, WordScores } from '../../dsp/modulation/cpm/word-scores.ts';

const turn = 2 * Math.PI;

test.each([1, 2, 3])('scores of %d words: WASM and plain agree to 1e-5, and on word and frequency', (words) => {
  const random = prng(words);
  const reference = cpmReference(0.7, 0.5);
  // The first half is the same in all words.
  const first = Uint8Array.from({ length: 130 }, () => random.uint32() & 7);
  const patterns = Array.from({ length: words }, () => first.map((p, i) => (i < 64 ? p : random.uint32() & 7)));
  const z = Float32Array.from({ length: 16 * ringStride }, () => random.normal());
  const centre = Float64Array.from({ length: scoredPositions }, () => 0.1 * random.uniform() - 0.05);
  const wasm = new WordScores(patterns);
  const plain = new WordScores(patterns, plainKernels());
  for (const scores of [wasm, plain]) scores.setReference(reference);
  expect(wasm.length).toBe(126);
  for (const [at, count] of [
    [0, 64],
    [ringSymbols - 100, 61],
    [ringSymbols - 1, 1],
  ] as const) {
    wasm.score(z, at, count, centre);
    plain.score(z, at, count, centre);
    for (let q = 0; q < count; q++) {
      expect(Math.abs(wasm.best[q]! / plain.best[q]! - 1)).toBeLessThan(1e-5);
      expect(wasm.word[q]).toBe(plain.word[q]);
      expect(wasm.cycles[q]).toBe(plain.cycles[q]);
    }
  }
});

test('a word is scored as defined: sizes of its segments of 21 symbols, summed', () => {
  const random = prng(9);
  const reference = cpmReference(0.6, 0.5);
  const pattern = Uint8Array.from({ length: 63 }, () => random.uint32() & 7);
  const z = Float32Array.from({ length: 16 * ringStride }, () => random.normal());
  const scores = new WordScores([pattern]);
  scores.setReference(reference);
  scores.score(z, 5, 1, new Float64Array([0.013]));
  let best = 0;
  let bestCycles = 0;
  for (let v = -4; v <= 4; v++) {
    let sum = 0;
    let phase = 0;
    for (let s = 0; s < 63; s += 21) {
      let re = 0;
      let im = 0;
      for (let i = s; i < s + 21; i++) {
        const p = pattern[i]!;
        // Within a group of seven the hypotheses do not turn.
        const angle = -phase - turn * (0.013 * i + 0.02 * v * 7 * Math.floor(i / 7));
        const a = z[p * ringStride + 5 + i]!;
        const b = z[(8 + p) * ringStride + 5 + i]!;
        re += a * Math.cos(angle) - b * Math.sin(angle);
        im += a * Math.sin(angle) + b * Math.cos(angle);
        phase += reference.advance[p]!;
      }
      sum += Math.hypot(re, im);
    }
    if (sum > best) {
      best = sum;
      bestCycles = 0.02 * v;
    }
  }
  expect(scores.best[0]).toBeCloseTo(best, 4);
  expect(scores.cycles[0]).toBeCloseTo(bestCycles, 10);
});

test('a frequency that changes is taken out with a continuous phase', () => {
  const symbols = 1000;
  const step = (k: number) => (k < 300 ? 0.3 : 0.001 * (k >> 2));
  const x = new Float32Array(8 * symbols);
  let phase = 0;
  for (let k = 0; k < symbols; k++) {
    for (let i = 0; i < 4; i++) {
      x[8 * k + 2 * i] = Math.cos(phase + (step(k) * (i + 0.5)) / 4);
      x[8 * k + 2 * i + 1] = Math.sin(phase + (step(k) * (i + 0.5)) / 4);
    }
    phase += step(k);
  }
  const rotation = new SymbolRotation();
  const y = new Float32Array(8 * symbols);
  for (let k = 0; k < symbols; k++) rotation.next(x, 8 * k, y, 8 * k, step(k));
  for (let i = 0; i < y.length; i += 2) {
    expect(Math.abs(y[i]! - 1)).toBeLessThan(1e-6);
    expect(Math.abs(y[i + 1]!)).toBeLessThan(1e-6);
  }
});
