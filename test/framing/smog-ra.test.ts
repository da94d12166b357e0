import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, hex, joined, noise, randomBytes } from './deframe.ts';

const params = { kind: 'smog-p-ra' } as const;

test('at a channel error rate of 0.10 frames are found though one sync word in five is exact', () => {
  const random = prng(31);
  const sent = Array.from({ length: 30 }, (_, i) => randomBytes(i % 2 === 0 ? 128 : 256, random));
  // Q(1.2816) = 0.10
  const x = joined(
    ...sent.map((frame) => {
      const clean = burstOf({ ...params, frameSize: frame.length }, [frame], { preambleBytes: 2, tailBytes: 0 });
      return joined(
        noise(500, random),
        clean.map((value) => 1.2816 * value + random.normal()),
      );
    }),
  );
  const { frames } = deframe(makeDeframer(params, { symbolRate: 1250 }), x);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual(sent.map(hex));
});

test('sync words in what keeps most of the checks are decoded once in 512 symbols', () => {
  const random = prng(32);
  // Zeros are a code word; every fourth word is a sync word instead, so that each of them is worth decoding, in vain.
  const piece = burstOf(params, [new Uint8Array(128)], { preambleBytes: 0, tailBytes: 0 }).subarray(0, 64);
  const x = joined(...Array.from({ length: 500 }, () => piece)).map((value) => value + 0.3 * random.normal());
  const { frames, rejects } = deframe(makeDeframer({ ...params, frameSize: 128 }, { symbolRate: 1250 }), x);
  expect(frames).toEqual([]);
  expect(rejects['fec']).toBeGreaterThan(x.length / 1024);
  expect(rejects['fec']).toBeLessThan(x.length / 512 + 8 + 1);
});

test('a carrier without modulation behind a sync word is no frame of zeros', () => {
  const random = prng(33);
  const x = burstOf(params, [new Uint8Array(128)]).map((value) => value + 0.5 * random.normal());
  expect(deframe(makeDeframer(params, { symbolRate: 1250 }), x).frames).toEqual([]);
});
