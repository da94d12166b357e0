import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { framings, makeDeframer } from '../../dsp/framing/index.ts';
import { cases, nameOf } from './cases/index.ts';
import { burstOf, deframe, hex, inverted, joined, noise, randomBytes } from './deframe.ts';

const context = { symbolRate: 9600 };

test('every framing is tested', () => {
  expect(new Set(cases.map(({ params }) => params.kind))).toEqual(new Set(Object.keys(framings)));
});

describe.each(cases.map((c) => ({ ...c, name: nameOf(c) })))('$name', ({ params, sizes, ...known }) => {
  const [least, most] = sizes;
  const payloads = (count: number, seed: number) => {
    const random = prng(seed);
    const frame = known.frame ?? randomBytes;
    return Array.from({ length: count }, () => frame(least + (random.uint32() % (most - least + 1)), random));
  };

  test('decode(encode(frames)) = frames, in either polarity, through mild noise', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), fc.boolean(), (seed, count, flip) => {
        const random = prng(seed);
        const sent = payloads(count, seed);
        const clean = burstOf(params, sent);
        const x = (flip ? inverted(clean) : clean).map((value) => value + 0.2 * random.normal());
        const { frames } = deframe(makeDeframer(params, context), x);
        expect(frames.map(({ bytes }) => hex(bytes))).toEqual(sent.map(hex));
        for (const { symbol, endSymbol } of frames) {
          expect(symbol).toBeGreaterThanOrEqual(0);
          expect(endSymbol).toBeGreaterThan(symbol);
          expect(endSymbol).toBeLessThanOrEqual(x.length);
        }
      }),
      // Frames of thousands of bytes take their time.
      { numRuns: most > 1000 ? 3 : 12, seed: 1 },
    );
  });

  test('chunking does not matter', () => {
    const random = prng(9);
    const x = joined(noise(999, random), burstOf(params, payloads(2, 5)), noise(500, random));
    const whole = deframe(makeDeframer(params, context), x);
    expect(whole.frames.length).toBe(2);
    for (let i = 0; i < 5; i++) {
      const cuts = Array.from({ length: 500 }, () => random.uint32() % 300);
      expect(deframe(makeDeframer(params, context), x, cuts)).toEqual(whole);
    }
    expect(deframe(makeDeframer(params, context), x, new Array(x.length).fill(1))).toEqual(whole);
  });

  test('reset forgets everything', () => {
    const random = prng(10);
    const x = joined(noise(100, random), burstOf(params, payloads(1, 6)));
    const used = makeDeframer(params, context);
    deframe(used, x.subarray(0, x.length - 40), [], false);
    used.reset();
    expect(deframe(used, x)).toEqual(deframe(makeDeframer(params, context), x));
  });

  test('a frame is found at the first and at the last symbol, and told where', () => {
    const sent = payloads(1, 7);
    const bare = { preambleBytes: 0, gapBytes: 0, tailBytes: 0 };
    const x = burstOf(params, sent, bare);
    const { frames } = deframe(makeDeframer(params, context), x);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual(sent.map(hex));
    const [alone] = frames;
    const shifted = deframe(makeDeframer(params, context), joined(noise(321, prng(12)), x)).frames;
    if (known.precoded) return;
    expect(shifted[0]?.symbol).toBe(alone!.symbol + 321);
    expect(shifted[0]?.endSymbol).toBe(alone!.endSymbol + 321);
  });

  test('a frame whose last symbols are cut off is not lost', () => {
    const sent = payloads(1, 8);
    const x = burstOf(params, sent, { tailBytes: 0 });
    const { spare = 20 } = known;
    const { frames } = deframe(makeDeframer(params, context), x.subarray(0, x.length - spare));
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual(sent.map(hex));
  });

  test('symbols go on counting after a flush', () => {
    const random = prng(15);
    const quiet = noise(1500, random);
    const x = joined(burstOf(params, payloads(1, 16)), noise(64, random));
    const deframer = makeDeframer(params, context);
    deframe(deframer, quiet);
    const { frames } = deframe(deframer, x);
    const whole = deframe(makeDeframer(params, context), joined(quiet, x));
    expect(frames.length).toBe(1);
    expect(frames).toEqual(whole.frames);
  });

  test('noise gives no frame, and its rejects are few', () => {
    const n = 200_000;
    const { frames, rejects } = deframe(makeDeframer(params, context), noise(n, prng(13)));
    // Expected in 200,000 symbols (21 s): less than 0.004 for all of these.
    expect(frames).toEqual([]);
    expect(Object.values(rejects).reduce((a, b) => a + b, 0)).toBeLessThan(n / 100);
  });

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['zero', 0],
    ['a constant', 1],
    ['a huge constant', -3e38],
  ])('%s throws nothing and yields no frame', (_what, value) => {
    const { frames } = deframe(makeDeframer(params, context), new Float32Array(30_000).fill(value));
    expect(frames).toEqual([]);
  });

  test('an endless repetition of the beginning of a frame is survived', () => {
    // 22 bytes: unlike a period that divides 255 bytes, this one makes no Reed-Solomon codeword.
    const start = burstOf(params, payloads(1, 14), { preambleBytes: 0 }).subarray(0, 176);
    const x = joined(...Array.from({ length: 200 }, () => start));
    const { frames } = deframe(makeDeframer(params, context), x);
    if (!known.unchecked) expect(frames).toEqual([]);
    else expect(frames.length).toBeLessThanOrEqual(x.length / (8 * least) + 1);
  });
});
