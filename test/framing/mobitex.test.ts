import { describe, expect, test } from 'vitest';
import { packMsbFirst } from '../../dsp/coding/bits.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { Soft } from '../../dsp/core/types.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { encodeBlocks } from '../../dsp/framing/parts/mobitex-blocks.ts';
import { callSignField } from '../../dsp/framing/parts/mobitex-call-sign.ts';
import { burstOf, deframe, hex, joined, noise, randomBytes } from './deframe.ts';

const context = { symbolRate: 4800 };
const bare = { preambleBytes: 0, gapBytes: 0, tailBytes: 0 };
const SYNC = 16;
const CONTROL = 24;
const CALL_SIGN = 64;
const BLOCK = 240;

/** A frame whose control byte says its blocks. */
function frame(blocks: number, callSign?: string, seed = 1): Uint8Array {
  const header = callSign === undefined ? new Uint8Array(0) : callSignField(callSign);
  const data = randomBytes(18 * blocks, prng(seed));
  return Uint8Array.of(0x40 | (blocks - 1), 0x5a, ...header, ...data, 0xaa, 0, 0, 0, 0, 0xbb);
}
const flip = (x: Soft, ...at: number[]) => {
  for (const i of at) x[i]! *= -1;
  return x;
};
/** Every second symbol of a block is wrong. */
const ruin = (x: Soft, from: number) => flip(x, ...Array.from({ length: BLOCK / 2 }, (_, i) => from + 2 * i));
const framesOf = (params: FramingParams, x: Soft) => deframe(makeDeframer(params, context), x).frames;

test('blocks are interleaved and scrambled as published', () => {
  const first = encodeBlocks(Uint8Array.from({ length: 18 }, (_, i) => i));
  expect(hex(packMsbFirst(first))).toBe('ff83ff1733094ed1e7c18a6ec62537f773044d195a76f2bae0266b293776');
});

test.each([
  ['DP0BEE', 'ccff'],
  ['DP0BEM', '4df7'],
  ['DP0TBA', 'e42f'],
  ['DP0NFA', 'ac49'],
  ['DP0TBN', '15c0'],
])('the CRC of %s is that on the air', (callSign, value) => {
  expect(hex(callSignField(callSign).subarray(6))).toBe(value);
});

describe('call signs', () => {
  const sent = frame(2, 'DP0TBA');
  const wrong = (count: number) =>
    flip(
      burstOf({ kind: 'mobitex-nx' }, [sent], bare),
      ...Array.from({ length: count }, (_, i) => SYNC + CONTROL + 5 * i),
    );

  test('one that is known bears 12 errors, another is taken for none', () => {
    expect(framesOf({ kind: 'mobitex-nx', callsign: 'DP0TBA' }, wrong(12)).map(({ bytes }) => hex(bytes))).toEqual([
      hex(sent),
    ]);
    expect(framesOf({ kind: 'mobitex-nx', callsign: 'DP0TBA' }, wrong(13))).toEqual([]);
    expect(framesOf({ kind: 'mobitex-nx', callsign: 'W1AWXY' }, wrong(0))).toEqual([]);
  });

  test('one that is not known bears two', () => {
    const [found] = framesOf({ kind: 'mobitex-nx' }, wrong(2));
    expect(hex(found!.bytes)).toBe(hex(sent));
    expect(found!.integrity.correctedSymbols).toBe(2);
    expect(framesOf({ kind: 'mobitex-nx' }, wrong(3))).toEqual([]);
  });

  test('one of another length is refused', () => {
    expect(() => makeDeframer({ kind: 'mobitex', callsign: 'DP0' }, context)).toThrow(/'DP0' has not the six/);
  });
});

test('bad blocks are named in the error map, good ones are as they were', () => {
  const sent = frame(12, 'DP0TBA');
  const x = burstOf({ kind: 'mobitex-nx' }, [sent], bare);
  for (const block of [1, 10]) ruin(x, SYNC + CONTROL + CALL_SIGN + BLOCK * block);
  const [found] = framesOf({ kind: 'mobitex-nx' }, x);
  expect(hex(found!.bytes.subarray(-6))).toBe('aa02040000bb');
  for (const block of [0, 2, 9, 11]) {
    const at = 10 + 18 * block;
    expect(hex(found!.bytes.subarray(at, at + 18))).toBe(hex(sent.subarray(at, at + 18)));
  }
});

test('without a call sign, one block is enough when it is nearly clean', () => {
  const params = { kind: 'mobitex' };
  const sent = frame(6);
  const withGood = (...good: number[]) => {
    const x = burstOf(params, [sent], bare);
    for (let block = 0; block < 6; block++) if (!good.includes(block)) ruin(x, SYNC + CONTROL + BLOCK * block);
    return x;
  };
  expect(framesOf(params, withGood(0)).map(({ bytes }) => hex(bytes.subarray(-6)))).toEqual(['aa3e000000bb']);
  // An error in 14 of its 20 words, which the code corrects.
  const poor = flip(withGood(0), ...Array.from({ length: 14 }, (_, i) => SYNC + CONTROL + i));
  expect(framesOf(params, poor)).toEqual([]);
  // Another good block makes up for it.
  const poorAndGood = flip(withGood(0, 4), ...Array.from({ length: 14 }, (_, i) => SYNC + CONTROL + i));
  expect(framesOf(params, poorAndGood).length).toBe(1);
});

test('the last block of a burst that ends three symbols early is good', () => {
  const sent = frame(6);
  const x = burstOf({ kind: 'mobitex' }, [sent], bare).map((value) => 0.6 * value);
  for (let i = x.length - 3; i < x.length; i++) x[i]! *= -4;
  const { frames } = deframe(makeDeframer({ kind: 'mobitex' }, context), joined(x, noise(100, prng(2))));
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
});

test('a header that says too many blocks does not hide the next frame', () => {
  const params = { kind: 'beesat-1' };
  const [long, next] = [frame(3, undefined, 5), frame(3, undefined, 6)];
  // The control byte of 19 blocks: 0x10 more.
  const x = joined(burstOf(params, [long, next], bare), noise(10_000, prng(7)));
  const other = burstOf(params, [Uint8Array.of(long[0]! | 0x10, ...frame(19).subarray(1))], bare);
  x.set(other.subarray(SYNC, SYNC + CONTROL), SYNC);
  const found = framesOf(params, x).map(({ bytes }) => hex(bytes));
  expect(found).toContain(hex(next));
  expect(found.some((bytes) => bytes.slice(4, 4 + 2 * 54) === hex(long.subarray(2, 56)))).toBe(true);
});

test('all kinds state rare false alarms', () => {
  const cases = [
    [{ kind: 'mobitex' }, frame(6)],
    [{ kind: 'mobitex' }, frame(4, 'DP0BEE')],
    [{ kind: 'mobitex-nx' }, frame(4, 'DP0BEE')],
    [{ kind: 'mobitex-nx', callsign: 'DP0BEE' }, frame(4, 'DP0BEE')],
    [{ kind: 'beesat-1' }, frame(4)],
    [{ kind: 'beesat-9' }, frame(32, 'DP0BEE')],
  ] as const;
  for (const [params, sent] of cases) {
    const [found] = framesOf(params, burstOf(params, [sent], bare));
    expect(found!.integrity.falseAlarmsPerHour).toBeLessThan(0.05);
  }
});

test.each([
  ['an error map', Uint8Array.of(...frame(6).subarray(0, -3), 1, 0, 0xbb), /error map/],
  ['another length', frame(5), /bytes are not/],
  ['a wrong CRC of the call sign', frame(3, 'DP0BEE').with(8, 0), /CRC is wrong/],
])('%s is refused', (_what, sent, message) => {
  expect(() => encodeFrames({ kind: 'mobitex' }, [sent])).toThrow(message);
});
