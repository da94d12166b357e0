import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packMsbFirst, unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { type ConvolutionalName, convolutionalCodes, convolutionalEncode } from '../../dsp/coding/convolutional.ts';
import { viterbi } from '../../dsp/coding/viterbi.ts';
import { prng } from '../../dsp/core/prng.ts';

const marker = unpackMsbFirst(Uint8Array.of(0x1a, 0xcf, 0xfc, 0x1d));
const hex = (bits: Uint8Array) => Buffer.from(packMsbFirst(bits)).toString('hex');

// Source: encoded independently from CCSDS 131.0-B; without and with a tail of six zeros.
const vectors: Record<ConvolutionalName, [string, string]> = {
  ccsds: ['56081c971aa73d3e', '56081c971aa73d3e4220'],
  'ccsds-uninverted': ['035d49c24ff2686b', '035d49c24ff2686b1770'],
  'nasa-dsn': ['a9042c6b255b3e3d', 'a9042c6b255b3e3d8110'],
  'nasa-dsn-uninverted': ['03ae86c18ff19497', '03ae86c18ff194972bb0'],
};

describe.each(Object.entries(convolutionalCodes))('%s', (name, code) => {
  const decode = viterbi(code);
  const request = { code, symbol: 0, inverted: false } as const;

  test('encodes the published bits', () => {
    const [plain, terminated] = vectors[name as ConvolutionalName];
    expect(hex(convolutionalEncode(code, marker))).toBe(plain);
    expect(hex(convolutionalEncode(code, [...marker, 0, 0, 0, 0, 0, 0]))).toBe(terminated);
  });

  test('decodes what was encoded, from known and unknown states', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 40, maxLength: 300 }),
        fc.nat(63),
        (bits, state) => {
          const soft = Float32Array.from(convolutionalEncode(code, bits, state), (symbol) => 2 * symbol - 1);
          const out = new Uint8Array(bits.length);
          const metric = decode({ ...request, soft, bits: bits.length, startState: state, endState: null, out });
          expect([...out]).toEqual(bits);
          expect(metric).toBeCloseTo(1, 6);
          decode({ ...request, soft, bits: bits.length, startState: null, endState: null, out });
          expect([...out]).toEqual(bits);
        },
      ),
      { numRuns: 40, seed: 2 },
    );
  });

  test('is transparent: inverted symbols give inverted bits', () => {
    const bits = [...marker, ...marker];
    const soft = Float32Array.from(convolutionalEncode(code, bits), (symbol) => 1 - 2 * symbol);
    const out = new Uint8Array(bits.length);
    decode({ ...request, soft, bits: bits.length, startState: null, endState: null, out });
    expect([...out.subarray(6)]).toEqual(bits.slice(6).map((bit) => 1 - bit));
  });
});

test('at 4 dB Eb/N0 the bit error rate is that of the soft-decision K = 7 code', () => {
  const code = convolutionalCodes.ccsds;
  const decode = viterbi(code);
  const random = prng(11);
  const n = 2000;
  const sigma = Math.sqrt(1 / (2 * 0.5 * 10 ** 0.4));
  let errors = 0;
  for (let block = 0; block < 20; block++) {
    const bits = Uint8Array.from({ length: n }, (_, i) => (i < n - 6 ? random.uint32() & 1 : 0));
    const soft = Float32Array.from(convolutionalEncode(code, bits), (s) => 2 * s - 1 + sigma * random.normal());
    const out = new Uint8Array(n);
    decode({ code, symbol: 0, soft, bits: n, inverted: false, startState: 0, endState: 0, out });
    for (let i = 0; i < n; i++) if (out[i] !== bits[i]) errors++;
  }
  // Theory and measurements elsewhere: about 2.5e-5 at 4 dB; hard decisions would give more than 1e-3.
  expect(errors / (20 * n)).toBeLessThan(2e-4);
});

describe.each([
  // Source: impulse responses of the codes of HSU-SAT1, TI DN504 and AX5043.
  [3, [0o7, 0o5], '111011'],
  [4, [0o13, 0o17], '11011111'],
  [5, [0o23, 0o35], '1101011011'],
] as const)('K = %i', (constraintLength, generators, impulse) => {
  const code = { constraintLength, generators, inverted: [false, false] } as const;

  test('the encoder has the published impulse response', () => {
    const bits = new Uint8Array(constraintLength);
    bits[0] = 1;
    expect(convolutionalEncode(code, bits).join('')).toBe(impulse);
  });

  test('the decoder corrects two errors in every 40 symbols', () => {
    const random = prng(3);
    const decode = viterbi(code);
    const bits = Uint8Array.from({ length: 300 }, () => random.uint32() & 1);
    const state = random.uint32() & ((1 << (constraintLength - 1)) - 1);
    const soft = Float32Array.from(convolutionalEncode(code, bits, state), (symbol) => 2 * symbol - 1);
    for (let i = 5; i < soft.length - 20; i += 40) for (const at of [i, i + 1]) soft[at] = -soft[at]!;
    const out = new Uint8Array(bits.length);
    decode({ code, symbol: 0, inverted: false, soft, bits: bits.length, startState: state, endState: null, out });
    expect(out).toEqual(bits);
  });
});

test.each([
  [9, [0o561, 0o753]],
  [5, [0o23, 0o34]],
] as const)('a code that the decoder cannot serve is refused: K = %i, %j', (constraintLength, generators) => {
  expect(() => viterbi({ constraintLength, generators, inverted: [false, false] })).toThrow(RangeError);
});
