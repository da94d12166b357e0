import { describe, expect, test } from 'vitest';
import { packMsbFirst } from '../../dsp/coding/bits.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, hex, randomBytes } from './deframe.ts';
import { vectorsOf } from './vectors.ts';

const context = { symbolRate: 9600 };
const bare = { preambleBytes: 0, gapBytes: 0, tailBytes: 0 };
const run = (params: FramingParams, x: Float32Array) => deframe(makeDeframer(params, context), x);

const vectors = vectorsOf('framings.json');

test.each([
  '3CAT-1',
  'AAUSAT-4 long',
  'AAUSAT-4 short',
  'AO-40 uncoded',
  'ESEO',
  'NGHam, 16 bytes of parity',
  'NGHam, 32 bytes of parity',
  'NuSat',
  'QUBIK',
  'Swiatowid',
  'TT-64',
])('%s is sent as an independent encoder sends it', (name) => {
  const { params, onAir, frames } = vectors.find((v) => v.name === name)!;
  const bits = encodeFrames(
    params,
    frames.map((frame) => Buffer.from(frame, 'hex')),
    bare,
  );
  // Some are followed by filling.
  expect(onAir.startsWith(hex(packMsbFirst(bits)))).toBe(true);
  expect(onAir.slice(bits.length / 4)).toMatch(/^0*$/);
});

interface Coded {
  readonly kind: string;
  /** Bytes of a frame. */
  readonly size: number;
  /** Symbols before the codeword: sync word and what else there is. */
  readonly before: number;
  /** Bytes of the codeword, and how many wrong ones are corrected. */
  readonly length: number;
  readonly t: number;
}
const coded: readonly Coded[] = [
  { kind: '3cat-1', size: 223, before: 32, length: 255, t: 16 },
  { kind: 'aistechsat-2', size: 83, before: 32 + 80, length: 115, t: 16 },
  { kind: 'nusat', size: 20, before: 32, length: 64, t: 2 },
  { kind: 'qubik', size: 126, before: 32, length: 164, t: 16 },
  { kind: 'tt-64', size: 46, before: 16, length: 64, t: 8 },
];

/** A frame, and what is received of it when `wrong` bytes of its codeword have a wrong bit of that strength. */
function damaged({ kind, size, before, length }: Coded, wrong: number, strength: number) {
  const data = randomBytes(size, prng(size));
  const x = burstOf({ kind }, [data]);
  const step = Math.floor(length / wrong);
  for (let i = 0; i < wrong; i++) x[8 * 16 + before + 8 * step * i + (i % 8)]! *= -strength;
  return { data, frames: run({ kind }, x).frames };
}

test.each(coded)('$kind: $t wrong bytes are corrected and counted, one more is refused', (code) => {
  const { data, frames } = damaged(code, code.t, 1);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
  expect(frames[0]!.integrity.correctedSymbols).toBe(code.t);
  expect(damaged(code, code.t + 1, 1).frames).toEqual([]);
});

test.each(coded.filter(({ t }) => t > 2))('$kind: doubtful wrong bytes are corrected beyond that', (code) => {
  const { data, frames } = damaged(code, code.t + 2, 0.1);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
});

test('Swiatowid: pieces come at once, some behind a wrong length, bad ones are left out', () => {
  const random = prng(8);
  const sent = Array.from({ length: 9 }, () => randomBytes(48, random));
  const x = burstOf({ kind: 'swiatowid' }, sent, { preambleBytes: 0 });
  const piece = 8 * 58;
  const first = 32 + 16;
  const wanted = sent.map(hex);

  const cut = run({ kind: 'swiatowid' }, x.subarray(0, first + 4 * piece + 100));
  expect(cut.frames.map(({ bytes }) => hex(bytes))).toEqual(wanted.slice(0, 4));
  expect(cut.frames.map(({ symbol }) => symbol)).toEqual([0, 1, 2, 3].map((i) => first + i * piece));

  const shortened = x.slice();
  shortened[32 + 4]! *= -1; // 16 bytes, a piece, less than there are
  for (let i = 0; i < 6; i++) shortened[first + 2 * piece + 72 * i]! *= -1;
  const { frames } = run({ kind: 'swiatowid' }, shortened);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual(wanted.filter((_, i) => i !== 2));
});

test('ESEO: a wrong bit in the flags, bytes like flags within the block and 8 wrong ones are survived', () => {
  const data = randomBytes(90, prng(5));
  const x = burstOf({ kind: 'eseo' }, [data], { preambleBytes: 0, tailBytes: 0 });
  for (const at of [3, x.length - 4]) x[at]! *= -1;
  const flags = [0, 1, 1, 1, 1, 1, 1, 0];
  for (let i = 0; i < 16; i++) x[16 + 8 * 40 + i] = 2 * flags[i % 8]! - 1;
  for (let i = 0; i < 6; i++) x[16 + 8 * 5 * i]! *= -1;
  const { frames } = run({ kind: 'eseo' }, x);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
  expect(frames[0]!.integrity.correctedSymbols).toBe(8);
});

describe('NGHam', () => {
  // A frame of this size needs no padding.
  const data = randomBytes(93, prng(93));
  data[0]! &= 0xe0;
  const codeword = 8 * 16 + 32 + 24;
  const wrong = (from: number, count: number, strength: number, kind: string) => {
    const x = burstOf({ kind }, [data]);
    for (let i = 0; i < count; i++) x[codeword + 8 * (from + i)]! *= -strength;
    return run({ kind }, x).frames.map(({ bytes, integrity }) => {
      expect(hex(bytes)).toBe(hex(data));
      return integrity;
    });
  };

  test('8 wrong bytes are corrected, 9 are refused', () => {
    expect(wrong(30, 8, 1, 'ngham')).toMatchObject([{ correctedSymbols: 8, fec: 'rs(111,95)', crc: 'ok' }]);
    expect(wrong(30, 9, 1, 'ngham')).toEqual([]);
  });

  test('a good CRC is enough where the parity is spoiled, or means nothing', () => {
    expect(wrong(95, 16, 1, 'ngham')).toMatchObject([{ correctedSymbols: 0, fec: 'none', crc: 'ok' }]);
    expect(wrong(95, 16, 1, 'ngham-no-reed-solomon')).toMatchObject([{ fec: 'none', crc: 'ok' }]);
  });

  test('without Reed-Solomon a doubtful symbol is flipped where that is wanted', () => {
    expect(wrong(40, 1, 0.1, 'ngham-no-reed-solomon')).toEqual([]);
    const singles = deframe(
      makeDeframer({ kind: 'ngham-no-reed-solomon' }, { ...context, maxTrials: 4, errorEvents: 'singles' }),
      burstOf({ kind: 'ngham-no-reed-solomon' }, [data]).map((s, i) => (i === codeword + 333 ? -0.1 * s : s)),
    );
    expect(singles.frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
    expect(singles.frames[0]!.integrity.repairedBits).toBe(1);
  });

  test('the header must say the padding', () => {
    expect(() => encodeFrames({ kind: 'ngham' }, [data.map((byte, i) => (i === 0 ? byte | 1 : byte))])).toThrow(
      /padding of 1, not 0/,
    );
  });
});

test.each([
  [{ kind: 'aausat-4' }, 32],
  [{ kind: 'ao-40-uncoded' }, 511],
  [{ kind: 'ngham' }, 222],
  [{ kind: 'eseo' }, 238],
  [{ kind: 'swiatowid' }, 47],
  [{ kind: '3cat-1' }, 222],
  [{ kind: 'aistechsat-2' }, 84],
  [{ kind: 'nusat' }, 59],
  [{ kind: 'nusat' }, 0],
  [{ kind: 'qubik' }, 125],
  [{ kind: 'tt-64' }, 47],
])('a frame that does not fit is refused: %j, %i bytes', (params, size) => {
  expect(() => encodeFrames(params, [new Uint8Array(size)])).toThrow(RangeError);
});
