import { describe, expect, test } from 'vitest';
import { convolutionalCodes, convolutionalEncode } from '../../dsp/coding/convolutional.ts';
import { softConvolutional } from '../../dsp/coding/turbo-convolutional.ts';
import { differentialMap } from '../../dsp/coding/turbo-differential.ts';
import { prng } from '../../dsp/core/prng.ts';

/** Extrinsic LLRs by summing over every sequence: the definition, for short blocks. */
function bySummation(
  n: number,
  likelihood: (sequence: number) => number,
  bitOf: (sequence: number, k: number) => number,
  own: ArrayLike<number>,
  sequences: number,
): number[] {
  return Array.from({ length: n }, (_, k) => {
    let one = 0;
    let zero = 0;
    for (let s = 0; s < sequences; s++) {
      const p = Math.exp(likelihood(s));
      if (bitOf(s, k) === 1) one += p;
      else zero += p;
    }
    return Math.log(one / zero) - own[k]!;
  });
}

test('differential log-MAP equals the sum over all sign sequences', () => {
  const random = prng(1);
  const n = 7;
  const signs = Array.from({ length: n + 1 }, () => 2 * random.normal());
  const apriori = Array.from({ length: n }, () => random.normal());
  const extrinsic = new Float32Array(n);
  differentialMap(signs, apriori, n, new Float32Array(n), extrinsic);
  const bitOf = (s: number, k: number): number => 1 - (((s >> k) ^ (s >> (k + 1))) & 1);
  const likelihood = (s: number): number => {
    let sum = 0;
    for (let k = 0; k <= n; k++) sum += ((s >> k) & 1) * signs[k]!;
    for (let k = 0; k < n; k++) sum += bitOf(s, k) * apriori[k]!;
    return sum;
  };
  const expected = bySummation(n, likelihood, bitOf, apriori, 2 ** (n + 1));
  for (let k = 0; k < n; k++) expect(extrinsic[k]).toBeCloseTo(expected[k]!, 4);
});

describe('soft convolutional decoder', () => {
  const code = convolutionalCodes.ccsds;

  test('equals the sum over all codewords', () => {
    const random = prng(2);
    const data = 6;
    const bits = data + 6;
    const soft = Float32Array.from({ length: 2 * bits }, () => 1.5 * random.normal());
    const words = Array.from({ length: 2 ** data }, (_, w) =>
      convolutionalEncode(
        code,
        Array.from({ length: bits }, (_, i) => (i < data ? (w >> i) & 1 : 0)),
      ),
    );
    const extrinsic = new Float32Array(2 * bits);
    softConvolutional(code, bits)(soft, bits, extrinsic, new Uint8Array(bits));
    const likelihood = (w: number): number => words[w]!.reduce((sum, bit, i) => sum + bit * soft[i]!, 0);
    const expected = bySummation(2 * bits, likelihood, (w, k) => words[w]![k]!, soft, words.length);
    for (let k = 0; k < 2 * bits; k++) expect(extrinsic[k]).toBeCloseTo(expected[k]!, 3);
  });

  test('corrects what noise does at 3 dB, and stays finite with values of any size', () => {
    const random = prng(3);
    const bits = 500;
    const data = Uint8Array.from({ length: bits }, (_, i) => (i < bits - 6 && random.uniform() < 0.5 ? 1 : 0));
    const coded = convolutionalEncode(code, data);
    const decode = softConvolutional(code, bits);
    const extrinsic = new Float32Array(2 * bits);
    const out = new Uint8Array(bits);
    decode(
      Float32Array.from(coded, (bit) => 4 * (2 * bit - 1 + 0.7 * random.normal())),
      bits,
      extrinsic,
      out,
    );
    expect(out).toEqual(data);
    for (const size of [0, 1e6, 1e30]) {
      decode(
        Float32Array.from(coded, () => size * random.normal()),
        bits,
        extrinsic,
        out,
      );
      expect(extrinsic.every(Number.isFinite)).toBe(true);
    }
  });
});
