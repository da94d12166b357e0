import { describe, expect, test } from 'vitest';
import { ccsdsScrambler } from '../../dsp/coding/additive-scrambler.ts';
import { unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { ccsdsReedSolomon } from '../../dsp/coding/ccsds-reed-solomon.ts';
import { convolutionalCodes } from '../../dsp/coding/convolutional.ts';
import { crc } from '../../dsp/coding/crc.ts';
import { g3ruhScramble } from '../../dsp/coding/g3ruh.ts';
import { golayEncode } from '../../dsp/coding/golay.ts';
import { viterbi } from '../../dsp/coding/viterbi.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { FramingParams, InnerDecoder } from '../../dsp/framing/framing.ts';
import { makeDeframer } from '../../dsp/framing/index.ts';
import { burst, concatenate, syncBits } from '../../dsp/framing/parts/burst.ts';
import { burstOf, deframe, hex, inverted, joined, noise, randomBytes, symbols } from './deframe.ts';

const context = { symbolRate: 9600 };
const random = prng(31);
const run = (params: FramingParams, x: Float32Array) => deframe(makeDeframer(params, context), x);

describe('AX100', () => {
  const data = randomBytes(120, random);
  const sent = burstOf({ kind: 'ax100-asmgolay' }, [data]);
  const first = 8 * 16 + 32 + 24; // preamble, sync word, header
  const wrongBytes = (count: number, confidence: number) => {
    const x = sent.slice();
    for (let i = 0; i < count; i++) x[first + 8 * (7 * i) + (i % 8)]! *= -confidence;
    return x;
  };

  test('16 wrong bytes are corrected and counted, 17 sure ones are not', () => {
    const { frames } = run({ kind: 'ax100-asmgolay' }, wrongBytes(16, 1));
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
    expect(frames[0]!.integrity).toMatchObject({ correctedSymbols: 16, fec: 'rs(152,120)', crc: 'none' });
    expect(run({ kind: 'ax100-asmgolay' }, wrongBytes(17, 1))).toEqual({ frames: [], rejects: { fec: 1 } });
  });

  test('20 wrong bytes are corrected when they are the doubtful ones', () => {
    const { frames } = run({ kind: 'ax100-asmgolay' }, wrongBytes(20, 0.1));
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
  });

  test('flags in the header are ignored', () => {
    const block = ccsdsReedSolomon('conventional').encode(data);
    ccsdsScrambler(block);
    const header = golayEncode(0xa00 | block.length);
    const headerBits = unpackMsbFirst(Uint8Array.of(header >> 16, (header >> 8) & 255, header & 255));
    const x = symbols(burst([concatenate([syncBits('930b51de'), headerBits, unpackMsbFirst(block)])]));
    expect(run({ kind: 'ax100-asmgolay' }, x).frames.length).toBe(1);
  });

  test('Reed-Solomon mode: a doubtful wrong bit in the length is tried the other way', () => {
    const block = ccsdsReedSolomon('conventional').encode(data);
    const length = block.length + 1;
    for (const flipped of [length ^ 1, length ^ 32, length ^ 64]) {
      const bits = burst([
        concatenate([syncBits('930b51de'), unpackMsbFirst(Uint8Array.of(flipped)), unpackMsbFirst(block)]),
      ]);
      const scrambled = symbols(g3ruhScramble(bits));
      const bit = 8 * 16 + 32 + 7 - Math.log2(length ^ flipped);
      scrambled[bit]! *= 0.2;
      const { frames } = run({ kind: 'ax100-reed-solomon' }, scrambled);
      expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(data)]);
    }
  });
});

describe('U482C without Reed-Solomon', () => {
  const packet = (length: number, withCrc: boolean) => {
    const bytes = randomBytes(length, random);
    bytes[3] = withCrc ? bytes[3]! | 1 : bytes[3]! & 0xfe;
    if (!withCrc) return bytes;
    const out = new Uint8Array(length + 4);
    out.set(bytes);
    new DataView(out.buffer).setUint32(length, crc('crc32c')(bytes, 4));
    return out;
  };
  const onAir = (bytes: Uint8Array, headerErrors = 0, syncErrors = 0) => {
    const header = golayEncode(bytes.length) ^ ((1 << headerErrors) - 1);
    const sync = syncBits('c3aa6655');
    for (let i = 0; i < syncErrors; i++) sync[3 * i]! ^= 1;
    const headerBits = unpackMsbFirst(Uint8Array.of(header >> 16, (header >> 8) & 255, header & 255));
    return symbols(burst([concatenate([sync, headerBits, unpackMsbFirst(bytes)])]));
  };

  test('a clean packet is given, with its false-alarm rate', () => {
    const bytes = packet(40, false);
    const { frames } = run({ kind: 'u482c' }, onAir(bytes));
    expect(frames.map((f) => hex(f.bytes))).toEqual([hex(bytes)]);
    expect(frames[0]!.integrity.fec).toBe('none');
    expect(frames[0]!.integrity.falseAlarmsPerHour).toBeGreaterThan(1e-4);
  });

  test('an unclean sync word or header is not believed', () => {
    const bytes = packet(40, false);
    expect(run({ kind: 'u482c' }, onAir(bytes, 1, 1)).frames.length).toBe(1);
    // The search for weak signals finds more words like the sync word, in the data: they are refused as well.
    for (const symbols of [onAir(bytes, 2), onAir(bytes, 0, 2)]) {
      const { frames, rejects } = run({ kind: 'u482c' }, symbols);
      expect(frames).toEqual([]);
      expect(rejects.header).toBeGreaterThanOrEqual(1);
      expect(rejects.crc).toBeUndefined();
    }
  });

  test('an announced CRC must hold', () => {
    const bytes = packet(40, true);
    expect(run({ kind: 'u482c' }, onAir(bytes)).frames.length).toBe(1);
    bytes[20]! ^= 4;
    expect(run({ kind: 'u482c' }, onAir(bytes))).toMatchObject({ frames: [], rejects: { crc: 1 } });
  });
});

describe('LilacSat-1', () => {
  const params = { kind: 'lilacsat-1' };
  const period = 2 * 8 * 120;
  // Blocks without a gap, as the satellite sends them.
  const sent = Array.from({ length: 3 }, () => randomBytes(81, random));
  const stream = burstOf(params, sent, { gapBytes: 0 });
  const first = 2 * 8 * (16 + 4);
  const found = (x: Float32Array) => run(params, x).frames.map(({ bytes }) => hex(bytes));

  test('blocks follow each other at once', () => {
    const { frames } = run(params, stream);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual(sent.map(hex));
    expect(frames.map(({ symbol }) => symbol)).toEqual([0, 1, 2].map((i) => first + i * period));
  });

  test('a marker alone must be clear; one with another before or behind it need not be', () => {
    const doubtful = (block: number) => {
      const x = stream.slice();
      for (let i = 1; i < 52; i += 5) x[first + block * period - i]! *= -1; // 11 of 52: a correlation of 0.58
      return x;
    };
    for (const block of [0, 1, 2]) expect(found(doubtful(block)).length).toBe(3);
    const alone = doubtful(0).subarray(0, first + period - 64);
    expect(found(stream.subarray(0, alone.length)).length).toBe(1);
    expect(found(alone)).toEqual([]);
  });

  test('of a marker with noise behind it, where a transmission ends, one block comes, as it is', () => {
    const x = joined(stream.subarray(0, first + 2 * period), noise(3 * period, random));
    const frames = found(x);
    expect(frames.slice(0, 2)).toEqual(sent.slice(0, 2).map(hex));
    expect(frames.length).toBeLessThanOrEqual(3);
  });
});

describe('the inner decoder of a joint demodulator', () => {
  const cases = [
    { params: { kind: 'usp' }, size: 100, code: convolutionalCodes.ccsds, skip: 64, bits: 8 * 255 },
    {
      params: { kind: 'u482c' },
      size: 40,
      code: convolutionalCodes['nasa-dsn-uninverted'],
      skip: 24,
      bits: 8 * 72 + 6,
    },
    { params: { kind: 'aausat-4' }, size: 92, code: convolutionalCodes.ccsds, skip: 8, bits: 8 * 124 + 6 },
    { params: { kind: 'lilacsat-1' }, size: 81, code: convolutionalCodes.ccsds, skip: 0, bits: 8 * 116 },
    { params: { kind: 'ccsds-concatenated' }, size: 223, code: convolutionalCodes.ccsds, skip: 0, bits: 8 * 255 },
  ];
  test.each(cases)(
    'of $params.kind is asked for the coded symbols behind sync word and header',
    ({ params, size, code, skip, bits }) => {
      const data = randomBytes(size, random);
      const x = joined(
        noise(333, random).map((v) => 0.01 * v),
        burstOf(params, [data], { tailBytes: 8 }),
      );
      for (const flip of [false, true]) {
        const requests: Parameters<InnerDecoder>[0][] = [];
        const inner = viterbi(code);
        const innerDecoder: InnerDecoder = (request) => {
          requests.push({ ...request, soft: request.soft.slice() });
          return inner(request);
        };
        const deframer = makeDeframer(params, { ...context, innerDecoder });
        const { frames } = deframe(deframer, flip ? inverted(x) : x);
        expect(frames.map((f) => hex(f.bytes))).toEqual([hex(data)]);
        const request = requests.find((r) => r.symbol === frames[0]!.symbol + skip && r.bits >= bits)!;
        expect(request.code).toEqual(code);
        expect(request.inverted).toBe(flip);
        expect(request.soft.length).toBe(2 * request.bits);
        expect([...request.soft.subarray(0, 2 * bits)]).toEqual([
          ...x.subarray(request.symbol, request.symbol + 2 * bits),
        ]);
      }
    },
  );
});

// Limits of coherent reception: USP 1.74 dB, concatenated 2.0, AO-40 1.9, AX100 4.8 dB Eb/N0 at a frame error rate of 50 %.
test.each([
  [{ kind: 'usp' }, 219, 223 / 255 / 2, 2.75],
  [{ kind: 'ccsds-concatenated', precoding: 'differential' }, 223, 223 / 255 / 2, 2.75],
  [{ kind: 'ao-40-fec' }, 256, 2048 / 5200, 3],
  [{ kind: 'ax100-asmgolay' }, 223, 223 / 255, 6.25],
  [{ kind: 'u482c' }, 89, 89 / 121 / 2, 4],
  [{ kind: 'aausat-4' }, 92, 92 / 124 / 2, 2.75],
  [{ kind: 'lilacsat-1' }, 81, 1 / 2, 5],
] as const)('%j works about 1 dB above its limit', (params, size, rate, ebn0Db) => {
  const source = prng(77);
  const sigma = Math.sqrt(1 / (2 * rate * 10 ** (ebn0Db / 10)));
  let received = 0;
  for (let i = 0; i < 25; i++) {
    const data = randomBytes(size, source);
    const x = burstOf(params, [data]).map((value) => value + sigma * source.normal());
    const { frames } = run(params, x);
    for (const frame of frames) expect(hex(frame.bytes)).toBe(hex(data));
    received += frames.length;
  }
  expect(received).toBeGreaterThanOrEqual(23);
});
