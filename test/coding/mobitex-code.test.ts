import { expect, test } from 'vitest';
import { mobitexDecode, mobitexEncode } from '../../dsp/coding/mobitex-code.ts';

/** Symbol i of the word at 1 + 3·i. */
const spread = (word: number) => {
  const x = new Float32Array(40).fill(9);
  for (let i = 0; i < 12; i++) x[1 + 3 * i] = 2 * ((word >> (11 - i)) & 1) - 1;
  return x;
};

test('the published words are encoded', () => {
  expect([0x2c, 0x01, 0x80, 0xff, 0x41].map(mobitexEncode)).toEqual([0x2c8, 0x015, 0x80e, 0xfff, 0x418]);
});

test('any error is corrected, and two unsure ones', () => {
  for (let data = 0; data < 256; data++) {
    for (let i = 0; i < 12; i++) {
      const one = spread(mobitexEncode(data) ^ (1 << i));
      expect(mobitexDecode(one, 1, 3)).toBe(data);
      const two = spread(mobitexEncode(data));
      for (const at of [i, (i + 5) % 12]) two[1 + 3 * at]! *= -0.2;
      expect(mobitexDecode(two, 1, 3)).toBe(data);
    }
  }
});
