import { describe, expect, test } from 'vitest';
import { repeatAccumulateCode, repeatAccumulateEncode } from '../../dsp/coding/repeat-accumulate.ts';
import { repeatAccumulateDecoder } from '../../dsp/coding/repeat-accumulate-decoder.ts';
import { prng } from '../../dsp/core/prng.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Source: the reference coder, data byte i = (7i + 3) mod 256.
describe.each([
  [126, 252, '959c6fe2da053cdadda7ffcb0e1de666', 'cee47deb0021de2d'],
  [128, 260, '99a02bbe4281d23a0875cf6898b2d1fd', '4ade65742099bd78'],
  [256, 514, '373e621fc67132e03a5a92bbe66baa55', '95031f1e31decbad'],
])('%i bytes', (dataBytes, codeBytes, first, last) => {
  const code = repeatAccumulateCode(dataBytes);
  const decoder = repeatAccumulateDecoder(code);

  test('the encoder gives the published bytes', () => {
    const coded = repeatAccumulateEncode(
      code,
      Uint8Array.from({ length: dataBytes }, (_, i) => 7 * i + 3),
    );
    expect(coded.length).toBe(codeBytes);
    expect(hex(coded.subarray(0, 16))).toBe(first);
    expect(hex(coded.subarray(-8))).toBe(last);
  });

  test('frames come through a channel error rate of 0.10', () => {
    const random = prng(21);
    // Q(1.2816) = 0.10
    const amplitude = 1.2816;
    const out = new Uint8Array(dataBytes);
    for (let frame = 0; frame < 40; frame++) {
      const data = Uint8Array.from({ length: dataBytes }, () => random.uint32() & 255);
      const coded = repeatAccumulateEncode(code, data);
      let errors = 0;
      const soft = Float32Array.from({ length: 8 * codeBytes }, (_, i) => {
        const bit = (coded[i >> 3]! >> (7 - (i & 7))) & 1;
        const value = (2 * bit - 1) * amplitude + random.normal();
        if (value > 0 !== (bit === 1)) errors++;
        return value;
      });
      expect(decoder.agreement(soft)).toBeGreaterThan(3);
      expect(decoder.decode(soft, out)).toBe(errors);
      expect(hex(out)).toBe(hex(data));
    }
  });

  test('noise agrees with no check and is not decoded', () => {
    const random = prng(22);
    const out = new Uint8Array(dataBytes);
    let squares = 0;
    for (let block = 0; block < 100; block++) {
      const soft = Float32Array.from({ length: 8 * codeBytes }, () => random.normal());
      squares += decoder.agreement(soft) ** 2;
      expect(decoder.decode(soft, out)).toBe(-1);
    }
    expect(squares / 100).toBeGreaterThan(0.6);
    expect(squares / 100).toBeLessThan(1.5);
  });
});

test('every even size has four orders of its words, which end with those of the passes', () => {
  for (let size = 64; size <= 510; size += 2) {
    repeatAccumulateCode(size).passes.forEach(({ order }, pass) => {
      expect(new Set(order)).toEqual(new Set(Array.from({ length: size / 2 }, (_, i) => i)));
      expect(order.at(-1)).toBe(pass);
    });
  }
});

test.each([62, 127, 512, Number.NaN])('a frame of %d bytes is refused', (size) => {
  expect(() => repeatAccumulateCode(size)).toThrow(RangeError);
});
