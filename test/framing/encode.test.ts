import { expect, test } from 'vitest';
import { packMsbFirst, unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { deframe, hex, symbols } from './deframe.ts';

// Streams made by independent encoders from the facts of each framing and decoded by another program.
const bare = { preambleBytes: 0, gapBytes: 0, tailBytes: 0 };
const count = (n: number, from = 0) => Uint8Array.from({ length: n }, (_, i) => from + i);
const onAir = (params: { kind: string }, frame: Uint8Array) => hex(packMsbFirst(encodeFrames(params, [frame], bare)));

const ax100Block =
  'fe4a0dc49f0b77b4872698a1aab949de4b856ed8e5a2d0266a6eaf0696ad49950264f765f1e9bb25379fdedf2c172761b07f936a';

test('AX100 ASM+Golay: the block is scrambled as published, the header without flags', () => {
  const stream = onAir({ kind: 'ax100-asmgolay' }, count(20, 1));
  expect(stream.slice(0, 8)).toBe('930b51de');
  expect(stream.slice(14)).toBe(ax100Block);
});

test('AX100 ASM+Golay: the published stream, with flags in its header, is decoded', () => {
  const x = symbols(unpackMsbFirst(Buffer.from(`930b51de59d634${ax100Block}`, 'hex')));
  const { frames } = deframe(makeDeframer({ kind: 'ax100-asmgolay' }, { symbolRate: 9600 }), x);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(count(20, 1))]);
});

test('U482C', () => {
  expect(onAir({ kind: 'u482c' }, count(20, 1))).toBe(
    'c3aa6655a8976ae68c52d9de2b736017b6d9a19b0ce4e5641548b8254f4edd6ebccfbe17a7bbce92da7d688d6c3e847921a563d95bbdc8c3' +
      '2b241c07f8a94ae5aa5bf56ca78cd407bdc8ceed500f7d91dae97941c3dfb67907e9c6320e4ebdd46a2445f8bbbf4a6d1249a3c52e049b1ec0',
  );
});

test('GEOSCAN', () => {
  expect(onAir({ kind: 'geoscan' }, count(64))).toBe(
    '930b51deffe01f99e9803523e273d8327c9a5905446c3fcb7918ac987f40ddb9a329d4071072b1fcb6c98132a2f5dead7963360e70f5f6e6' +
      'f2a4bcfadfe874320e2ae1bcbcd9',
  );
});

test('USP, short block', () => {
  const stream = onAir({ kind: 'usp' }, count(44));
  expect(stream.length).toBe((64 + 64 + 1280) / 4);
  expect(stream.startsWith('5072f64b2d90b1f5719d83c953422dfa')).toBe(true);
  expect(stream.slice(32, 96)).toBe('8c1a48cd47aab04eb914c841b8d1f61d9c18b688d9bdbf2999a1e16ef4865ab6');
  expect(stream.endsWith('2108128a98bd9ede')).toBe(true);
});
