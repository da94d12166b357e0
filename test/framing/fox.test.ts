import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, randomBytes } from './deframe.ts';

const duv = { kind: 'fox-duv' } as const;
const bare = { preambleBytes: 0, tailBytes: 0 };
const run = (params: { kind: string; frameSize?: number }, x: Float32Array) =>
  deframe(makeDeframer(params, { symbolRate: 1200 }), x).frames;
test('sixteen bytes of noise are corrected and counted', () => {
  const random = prng(1);
  const data = randomBytes(64, random);
  const x = burstOf(duv, [data], bare);
  for (let i = 0; i < 16; i++) for (let k = 0; k < 10; k++) x[10 + 60 * i + k] = 0.5 * random.normal();
  const [frame, ...others] = run(duv, x);
  expect(others).toEqual([]);
  expect(frame!.bytes).toEqual(data);
  expect(frame!.integrity.fec).toBe('rs(96,64)');
  expect(frame!.integrity.correctedSymbols).toBeGreaterThanOrEqual(14);
});

test('bytes that nothing was heard of are erased: 18 of them with no error beside', () => {
  const data = randomBytes(64, prng(2));
  const x = burstOf(duv, [data], bare);
  for (let i = 0; i < 18; i++) x.fill(0.001, 10 + 50 * i, 20 + 50 * i);
  expect(run(duv, x).map(({ bytes }) => bytes)).toEqual([data]);
});

test.each([0, 1])('a comma with %i wrong symbols does not lose a long frame when the next one is there', (wrong) => {
  const data = randomBytes(4600, prng(3));
  const params = { kind: 'fox-high-speed' };
  const x = burstOf(params, [data], bare);
  if (wrong > 0) x[4]! *= -1;
  expect(run(params, x).map(({ bytes }) => bytes)).toEqual([data]);
});

test('a frame of zeros is none, and sizes that do not fit are refused', () => {
  expect(run(duv, burstOf(duv, [new Uint8Array(64)]))).toEqual([]);
  expect(() => encodeFrames(duv, [new Uint8Array(63)])).toThrow(RangeError);
  expect(() => makeDeframer({ kind: 'fox-psk', frameSize: 670 }, { symbolRate: 1200 })).toThrow(RangeError);
});
