import { describe, expect, test } from 'vitest';
import { bch15 } from '../../dsp/coding/bch.ts';
import { prng } from '../../dsp/core/prng.ts';

const soft = (word: number) => Float32Array.from({ length: 15 }, (_, i) => 2 * ((word >> (14 - i)) & 1) - 1);

test('(15,5): words received from S-NET A', () => {
  const { encode } = bch15(5);
  expect(encode(0b11100)).toBe(0b010011010111100);
  expect(encode(0b01100)).toBe(0b101000011101100);
});

describe.each([
  [11, 1, 3],
  [7, 2, 5],
  [5, 3, 7],
] as const)('(15,%i)', (k, t, distance) => {
  const { encode, decode } = bch15(k);

  test(`words are ${distance} bits apart and end in their data`, () => {
    let least = 15;
    for (let data = 0; data < 1 << k; data++) {
      expect(encode(data) & ((1 << k) - 1)).toBe(data);
      if (data > 0) least = Math.min(least, encode(data).toString(2).replaceAll('0', '').length);
    }
    expect(least).toBe(distance);
  });

  test(`${t} hard errors are corrected, one more when they are the unsure symbols`, () => {
    const random = prng(1);
    for (let i = 0; i < 100; i++) {
      const data = random.uint32() & ((1 << k) - 1);
      const hard = soft(encode(data));
      const unsure = soft(encode(data));
      const order = Array.from({ length: 15 }, (_, at) => ({ at, by: random.uniform() })).sort((a, b) => a.by - b.by);
      for (const { at } of order.slice(0, t)) hard[at] = -hard[at]!;
      for (const { at } of order.slice(0, t + 1)) unsure[at] = -0.2 * unsure[at]!;
      expect(decode(hard, 0, 1)).toBe(data);
      expect(decode(unsure, 0, 1)).toBe(data);
    }
  });
});
