import { expect, test } from 'vitest';
import { packMsbFirst, unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { Soft } from '../../dsp/core/types.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { dataCheck, encodeHeader } from '../../dsp/framing/parts/s-net-header.ts';
import { burstOf, deframe, hex, joined, randomBytes, symbols } from './deframe.ts';
import { vectorsOf } from './vectors.ts';

const context = { symbolRate: 1200 };
const bare = { preambleBytes: 0, gapBytes: 0, tailBytes: 0 };
const SYNC = 32;
const HEADER = 210;
const BLOCK = 240;
const flip = (x: Soft, at: Iterable<number>) => {
  for (const i of at) x[i]! *= -1;
  return x;
};
const framesOf = (kind: string, x: Soft) => deframe(makeDeframer({ kind }, context), x).frames;

const vectors = vectorsOf('framings.json');

test.each([
  ['s-net', 'S-NET ai2'],
  ['salsat', 'SALSAT ai2'],
])('%s: the data are encoded as in the vector', (kind, name) => {
  const { symbols: n, onAir, frames } = vectors.find((vector) => vector.name === name)!;
  const bits = unpackMsbFirst(Buffer.from(onAir, 'hex')).subarray(0, n);
  const ours = encodeFrames({ kind }, [Buffer.from(frames[0]!, 'hex')], bare);
  expect(hex(packMsbFirst(ours.subarray(SYNC + HEADER)))).toBe(hex(packMsbFirst(bits.subarray(SYNC + HEADER))));
});

test('two errors in every word of the data and three in every word of the header are corrected', () => {
  const sent = randomBytes(40, prng(1));
  const x = burstOf({ kind: 'salsat' }, [sent], bare);
  for (let word = 0; word < 14; word++)
    flip(x, [0, 3, 9].map((i) => SYNC + 14 * ((i + word) % 15) + word).slice(word % 2));
  for (let at = SYNC + HEADER; at < x.length; at += BLOCK)
    for (let word = 0; word < 16; word++)
      flip(
        x,
        [1, 8].map((i) => at + 16 * i + word),
      );
  expect(framesOf('salsat', x).map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
});

test('the CRC of S-NET is no evidence: data with many errors are not given', () => {
  const sent = randomBytes(100, prng(2));
  const x = burstOf({ kind: 's-net' }, [sent], bare);
  const [clean] = framesOf('s-net', x);
  expect(clean!.integrity).toMatchObject({ crc: 'none', fec: 'bch(15,7)' });
  const random = prng(3);
  const at = Array.from({ length: x.length - SYNC - HEADER }, (_, i) => SYNC + HEADER + i);
  const few = flip(
    x.slice(),
    at.filter(() => random.uniform() < 0.02),
  );
  expect(framesOf('s-net', few).length).toBe(1);
  const many = flip(
    x.slice(),
    at.filter(() => random.uniform() < 0.12),
  );
  expect(framesOf('s-net', many)).toEqual([]);
});

test('the checks of frames of S-NET A', () => {
  const recorded =
    'f3501ae0240a2c660a873a448f0dd101a40ab063a9079210f73f5c001800140011008b001d001a5e3211000751001600c34b1600ce17000f905b7f08625e' +
    '091bf41b1816000ed3110f00000708005c000d03fe02080066005e00000070058b00460000000564ea65975b6303000000000000';
  expect(dataCheck(Buffer.from(recorded, 'hex'), 'first')).toBe(0x1453);
  expect(dataCheck(new Uint8Array(0), 'first')).toBe(0x1fff);
});

test('a header without data is no frame', () => {
  const header = encodeHeader({ coding: 2, length: 0, dataCheck: 0x1fff }, 'first');
  const sync = unpackMsbFirst(Uint8Array.of(0x04, 0xcf, 0x5f, 0xc8));
  expect(framesOf('s-net', joined(symbols(sync), symbols(header)))).toEqual([]);
});

test.each([0, 1024])('%i bytes are refused', (size) => {
  expect(() => encodeFrames({ kind: 'salsat' }, [new Uint8Array(size)])).toThrow(RangeError);
});
