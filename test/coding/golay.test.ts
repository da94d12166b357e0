import { expect, test } from 'vitest';
import { golayDecode, golayEncode } from '../../dsp/coding/golay.ts';
import { prng } from '../../dsp/core/prng.ts';

const soft = (word: number) => Float32Array.from({ length: 24 }, (_, i) => 2 * ((word >> (23 - i)) & 1) - 1);

test('the published words are encoded', () => {
  const words: [number, number][] = [
    [0x001, 0xffe001],
    [0x060, 0x6e4060],
    [0x123, 0x7a7123],
    [0x632, 0xbd1632],
    [0x661, 0xb74661],
    [0x700, 0x507700],
    [0xfff, 0xffffff],
  ];
  for (const [data, word] of words) expect(golayEncode(data)).toBe(word);
});

test('the weights are those of the extended Golay code', () => {
  const weights = new Map<number, number>();
  for (let data = 0; data < 4096; data++) {
    const weight = golayEncode(data).toString(2).replaceAll('0', '').length;
    weights.set(weight, (weights.get(weight) ?? 0) + 1);
  }
  expect([...weights].sort((a, b) => a[0] - b[0])).toEqual([
    [0, 1],
    [8, 759],
    [12, 2576],
    [16, 759],
    [24, 1],
  ]);
});

test('three hard errors are always corrected, more when they are the unsure symbols', () => {
  const random = prng(1);
  for (let i = 0; i < 100; i++) {
    const data = random.uint32() & 0xfff;
    const hard = soft(golayEncode(data));
    const unsure = soft(golayEncode(data));
    const order = Array.from({ length: 24 }, (_, k) => ({ k, at: random.uniform() })).sort((a, b) => a.at - b.at);
    for (const { k } of order.slice(0, 3)) hard[k] = -hard[k]!;
    for (const { k } of order.slice(0, 5)) unsure[k] = -0.2 * unsure[k]!;
    expect(golayDecode(hard, 0)).toBe(data);
    expect(golayDecode(unsure, 0)).toBe(data);
  }
});

test('only acceptable data come out', () => {
  const word = soft(golayEncode(0x123));
  expect(golayDecode(word, 0, (data) => (data & 255) > 0x80) & 255).toBeGreaterThan(0x80);
  expect(golayDecode(word, 0, () => false)).toBe(-1);
});
