import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { RawFrame } from '../../dsp/core/types.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';

const params = { kind: 'geoscan', frameSize: 66 } as const;
const data = Uint8Array.from({ length: 64 }, (_, i) => (7 * i + 1) & 255);
/** Symbols from the start of the burst to the first one behind the sync word. */
const preamble = 8 * 8 + 32;

function decode(wrong: readonly number[], syncErrors: number, maxTrials: number): RawFrame[] {
  const random = prng(2);
  const bits = encodeFrames(params, [data], { preambleBytes: 8 });
  const soft = Float32Array.from(bits, (bit) => (bit ? 1 : -1) * (0.8 + 0.4 * random.uniform()));
  // Doubtful symbols: the wrong ones, and some right ones beside them.
  for (const k of wrong) soft[preamble + k]! *= -0.1;
  for (const k of [60, 200, 333]) soft[preamble + k]! *= 0.2;
  for (let i = 0; i < syncErrors; i++) soft[preamble - 32 + 5 * i]! *= -1;
  const frames: RawFrame[] = [];
  const deframer = makeDeframer(params, { symbolRate: 9600, maxTrials, errorEvents: 'pairs' });
  deframer.push(soft, soft.length, { frame: (f) => frames.push(f), reject() {} });
  deframer.flush({ frame: (f) => frames.push(f), reject() {} });
  return frames;
}

test('one wrong pair of symbols is found and said', () => {
  const [frame, ...others] = decode([100, 101], 0, 200);
  expect(others).toEqual([]);
  expect(frame!.bytes).toEqual(data);
  expect(frame!.integrity).toMatchObject({ crc: 'ok', repairedBits: 2 });
});

test('an intact frame is not repaired', () => {
  expect(decode([], 0, 200)[0]!.integrity.repairedBits).toBe(0);
});

test('nothing is repaired behind a doubtful sync word, nor when repairs are refused', () => {
  expect(decode([100, 101], 2, 200)).toEqual([]);
  expect(decode([100, 101], 0, 0)).toEqual([]);
  expect(decode([], 2, 0)).toHaveLength(1);
});
