import { expect, test } from 'vitest';
import { COMMA, eightTenDecoder, encodeEightTen, isDataWord } from '../../dsp/coding/eight-ten.ts';

const words = (symbols: readonly (number | null)[]) =>
  encodeEightTen(symbols).reduce<number[]>((out, bit, k) => {
    if (k % 10 === 0) out.push(0);
    out[out.length - 1] = 2 * out.at(-1)! + bit;
    return out;
  }, []);

test('words as published, at either disparity', () => {
  // Byte, word at negative disparity, word at positive disparity (the comma before makes it so).
  for (const [byte, negative, positive] of [
    [0x00, 0x274, 0x18b],
    [0x1c, 0x0eb, 0x0e4],
    [0x63, 0x31c, 0x313],
    [0x67, 0x38c, 0x073],
    [0xe3, 0x31e, 0x311],
    [0xeb, 0x34e, 0x348],
    [0xf1, 0x237, 0x231],
    [0xff, 0x2b1, 0x14e],
  ] as const) {
    expect(words([byte])).toEqual([negative]);
    expect(words([null, byte])).toEqual([COMMA, positive]);
  }
  expect(words([null, null])).toEqual([COMMA, COMMA ^ 1023]);
  expect(isDataWord(COMMA)).toBe(false);
});

test('what the disparity makes impossible is mended, and said to be doubtful', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, k) => (97 * k + 11) & 255);
  const soft = Float32Array.from(encodeEightTen(bytes), (bit) => 2 * bit - 1);
  const decoder = eightTenDecoder(40);
  decoder.decode(soft, 0, 40, 1);
  expect(decoder.bytes).toEqual(bytes);
  const sure = Math.min(...decoder.margin);
  // A symbol is wrong and hardly heard; at the ends half of what the disparity tells is missing.
  for (let k = 100; k < 300; k++) {
    const x = soft.slice();
    x[k]! *= -0.3;
    decoder.decode(x, 0, 40, 1);
    expect(decoder.bytes).toEqual(bytes);
    expect(decoder.margin[Math.floor(k / 10)]).toBeLessThan(sure + 1);
  }
  decoder.decode(
    soft.map((x) => -x),
    0,
    40,
    -1,
  );
  expect(decoder.bytes).toEqual(bytes);
});
