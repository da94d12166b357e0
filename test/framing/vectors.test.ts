import { describe, expect, test } from 'vitest';
import { unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { prng } from '../../dsp/core/prng.ts';
import { framings, makeDeframer } from '../../dsp/framing/index.ts';
import { deframe, hex, inverted, joined, noise, symbols } from './deframe.ts';
import { vectorsOf } from './vectors.ts';

const vectors = ['framings.json', 'packet-radio.json'].flatMap(vectorsOf);

test('every framing has a vector', () => {
  expect(new Set(vectors.map(({ params }) => params.kind))).toEqual(new Set(Object.keys(framings)));
});

describe.each(vectors)('$name', (vector) => {
  const x = symbols(unpackMsbFirst(Buffer.from(vector.onAir, 'hex')).subarray(0, vector.symbols));
  const random = prng(4);

  test.each([
    ['alone', x],
    ['inverted', inverted(x)],
    ['in noise', joined(noise(700, random), x, noise(700, random))],
    ['inverted, in noise', joined(noise(701, random), inverted(x), noise(700, random))],
  ])('%s', (_how, input) => {
    const { frames } = deframe(makeDeframer(vector.params, { symbolRate: 9600 }), input);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual(vector.frames);
    for (const { integrity } of frames) {
      expect(integrity.correctedSymbols).toBe(0);
      expect(integrity.repairedBits).toBe(0);
    }
  });
});
