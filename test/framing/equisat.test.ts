import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, randomBytes } from './deframe.ts';

const params = { kind: 'equisat' } as const;
const data = randomBytes(223, prng(1));
const burst = () => burstOf(params, [data], { preambleBytes: 0, tailBytes: 0 });
const run = (x: Float32Array, maxTrials = 0) => {
  const frames: { bytes: Uint8Array; crc: string; corrected: number; repaired: number }[] = [];
  const sink = {
    frame: ({ bytes, integrity }: Parameters<Parameters<ReturnType<typeof makeDeframer>['push']>[2]['frame']>[0]) =>
      void frames.push({
        bytes,
        crc: integrity.crc,
        corrected: integrity.correctedSymbols,
        repaired: integrity.repairedBits,
      }),
    reject() {},
  };
  const deframer = makeDeframer(params, { symbolRate: 9600, maxTrials });
  deframer.push(x, x.length, sink);
  deframer.flush(sink);
  return frames;
};
/** Where the first bit of a block's byte lies (of an even byte: what is wrong there makes the next byte wrong, too). */
const bitAt = (block: number, byte: number) => 48 + 160 * block + 2 * (byte >> 1) + (byte & 1);

test('sixteen wrong bytes are corrected', () => {
  const x = burst();
  for (let k = 0; k < 16; k++) x[bitAt(1 + (k % 13), 2 * (k % 9) + 1)]! *= -1;
  const [frame, ...others] = run(x);
  expect(others).toEqual([]);
  expect(frame!.bytes).toEqual(data);
  expect(frame!.corrected).toBe(16);
});

test('two blocks in a fade are erased, since their CRC says where it was', () => {
  const random = prng(2);
  const x = burst();
  for (let i = bitAt(5, 0); i < bitAt(6, 0) + 8; i++) x[i] = 0.1 * random.normal();
  expect(run(x).map(({ bytes }) => bytes)).toEqual([data]);
});

test('a wrong call sign is said to be unchecked, or repaired where repairs are allowed', () => {
  const x = burst();
  x[bitAt(0, 7)]! *= -0.1;
  expect(run(x)).toMatchObject([{ crc: 'none', repaired: 0 }]);
  expect(run(x, 100)).toMatchObject([{ bytes: data, crc: 'ok', repaired: 1 }]);
});

test('frames of another size are refused', () => {
  expect(() => encodeFrames(params, [data.subarray(1)])).toThrow(RangeError);
  expect(deframe(makeDeframer(params, { symbolRate: 9600 }), burst()).frames).toHaveLength(1);
});
