import { expect, test } from 'vitest';
import { golayEncode } from '../../dsp/coding/golay.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { RawFrame } from '../../dsp/core/types.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';

function decode(kind: string, bits: Uint8Array): RawFrame[] {
  const frames: RawFrame[] = [];
  const out = { frame: (f: RawFrame) => frames.push(f), reject() {} };
  const deframer = makeDeframer({ kind }, { symbolRate: 9600 });
  deframer.push(
    Float32Array.from(bits, (bit) => (bit ? 1 : -1)),
    bits.length,
    out,
  );
  deframer.flush(out);
  return frames;
}

const data = Uint8Array.from({ length: 60 }, (_, i) => 255 - 3 * i);

test('a length that was read too large gives the frame all the same, and no longer one', () => {
  const random = prng(4);
  const preambleBytes = 8;
  // By one byte it can't be told from a block whose last byte is a zero that was received wrongly, which comes far more often.
  for (let more = 2; more <= 12; more++) {
    const bits = encodeFrames({ kind: 'ax100-asmgolay' }, [data], { preambleBytes, tailBytes: 0 });
    const long = new Uint8Array(bits.length + 400);
    long.set(bits);
    for (let i = bits.length; i < long.length; i++) long[i] = random.uint32() & 1;
    // Another header in place of the right one: as if the Golay decoder had been misled.
    const header = golayEncode(data.length + 32 + more);
    for (let i = 0; i < 24; i++) long[8 * preambleBytes + 32 + i] = (header >> (23 - i)) & 1;
    const frames = decode('ax100-asmgolay', long);
    expect(frames.map((f) => f.bytes)).toEqual([data]);
    expect(frames[0]!.integrity).toMatchObject({ fec: 'rs(92,60)', correctedSymbols: 0 });
  }
});

test('a header and then nothing is no frame', () => {
  // U482C with only the Reed-Solomon flag: erased bytes are zeros, and zeros are a code word.
  const header = golayEncode(0x400 | 88);
  const sync = 0xc3aa6655;
  const bits = [
    ...Array.from({ length: 64 }, (_, i) => i & 1),
    ...Array.from({ length: 32 }, (_, i) => (sync >>> (31 - i)) & 1),
    ...Array.from({ length: 24 }, (_, i) => (header >> (23 - i)) & 1),
    ...new Array<number>(8 * 88).fill(0),
  ];
  expect(decode('u482c', Uint8Array.from(bits))).toEqual([]);
});
