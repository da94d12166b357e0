import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sliceBytes, unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { ccsdsReedSolomon } from '../../dsp/coding/ccsds-reed-solomon.ts';
import { toConventional, toDual } from '../../dsp/coding/dual-basis.ts';
import { type ErrorEvent, likelyErrors } from '../../dsp/coding/error-events.ts';
import { reedSolomon, reedSolomonCodes } from '../../dsp/coding/reed-solomon.ts';
import { prng } from '../../dsp/core/prng.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const count = (n: number, from = 0) => Uint8Array.from({ length: n }, (_, i) => from + i);

// Source: computed with an independent implementation and with Karn's libfec.
test.each([
  ['conventional', count(223), '2fbd4fb4748494b9acd554627212eeb3ebed41191de1d36320ea49290b25abcf'],
  ['conventional', count(48), '6dd4051b2105e0595e8843a206fd02349e5c4a9a59644c4c2ef240cbd82406e6'],
  ['conventional', count(128, 1), 'b16594724be99ff1e0eb0df4771aa760c91a3206047a127177fb176a30683acf'],
  ['dual', count(223), '4ffb92dd557ec67f27fb8982cf58f8fd028ad117fcef6b2793d0418826578651'],
  ['dual', count(48), '06f7b7270880e30e5e562faadf94827bd8a2198acc70f0c340a4fbc148e908bc'],
] as const)('CCSDS parity, %s basis', (basis, message, parity) => {
  expect(hex(ccsdsReedSolomon(basis).encode(message).subarray(message.length))).toBe(parity);
});

test.each([
  ['dvb-16', 48, '63cc50c443ed5970c97b240c53ded6af'],
  ['dvb-32', 223, '66d474a49f3de52711f4f543fd129cd973491fae1b8c459f68dbfebbada90a74'],
  ['dvb-10', 48, 'a152c25a4982e7c543c1'],
  ['dvb-4', 60, '3b1e41b4'],
] as const)('parity of %s', (name, length, parity) => {
  const code = reedSolomon(reedSolomonCodes[name]);
  const block = new Uint8Array(length + code.parity);
  block.set(count(length));
  code.encode(block, block.length);
  expect(hex(block.subarray(length))).toBe(parity);
});

test('the dual-basis maps are each other’s inverse and start as published', () => {
  expect([...toDual.subarray(0, 8)]).toEqual([0x00, 0x7b, 0xaf, 0xd4, 0x99, 0xe2, 0x36, 0x4d]);
  expect([...toConventional.subarray(0, 8)]).toEqual([0x00, 0xcc, 0xac, 0x60, 0x79, 0xb5, 0xd5, 0x19]);
  for (let x = 0; x < 256; x++) expect(toConventional[toDual[x]!]).toBe(x);
});

describe.each(Object.entries(reedSolomonCodes))('%s', (_name, params) => {
  const code = reedSolomon(params);

  test('corrects every mixture of errors and erasures within 2·errors + erasures ≤ parity', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: code.parity + 1, max: 255 }), (seed, n) => {
        const random = prng(seed);
        const sent = Uint8Array.from({ length: n }, () => random.uint32() & 255);
        code.encode(sent, n);
        const erasures = random.uint32() % (Math.min(code.parity, n) + 1);
        const errors = Math.min(n - erasures, random.uint32() % (((code.parity - erasures) >> 1) + 1));
        const places = Array.from({ length: n }, (_, i) => ({ i, at: random.uniform() }))
          .sort((a, b) => a.at - b.at)
          .map(({ i }) => i)
          .slice(0, erasures + errors);
        const received = sent.slice();
        places.forEach((place, k) => {
          received[place]! ^= k < erasures ? random.uint32() & 255 : 1 + (random.uint32() % 255);
        });
        const wrong = received.reduce((sum, byte, i) => sum + (byte === sent[i] ? 0 : 1), 0);
        expect(code.decode(received, n, places, erasures)).toBe(wrong);
        expect(hex(received)).toBe(hex(sent));
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test('what it accepts is a codeword, what it rejects stays untouched', () => {
    const random = prng(3);
    const n = code.parity + 20;
    for (let i = 0; i < 200; i++) {
      const received = Uint8Array.from({ length: n }, () => random.uint32() & 255);
      const before = received.slice();
      const changed = code.decode(received, n);
      if (changed < 0) expect(hex(received)).toBe(hex(before));
      else expect(code.decode(received, n)).toBe(0);
    }
  });
});

test('a correction in the virtual zeros of a shortened code is refused', () => {
  const code = reedSolomon(reedSolomonCodes['dvb-4']);
  const full = new Uint8Array(255);
  full[100] = 1; // not zero where the shortened code has its virtual zeros
  code.encode(full, 255);
  const shortened = full.slice(255 - 64);
  expect(code.decode(full, 255)).toBe(0);
  expect(code.decode(shortened, 64)).toBe(-1);
});

test('misuse throws', () => {
  const code = reedSolomon(reedSolomonCodes.ccsds);
  expect(() => code.decode(new Uint8Array(256), 256)).toThrow(RangeError);
  expect(() => code.encode(new Uint8Array(32), 32)).toThrow(RangeError);
  expect(() => reedSolomon({ ...reedSolomonCodes.ccsds, fieldPolynomial: 0x11b })).toThrow(/not primitive/);
  expect(() => ccsdsReedSolomon('dual', 0)).toThrow(RangeError);
  expect(() => ccsdsReedSolomon('dual', 2).encode(new Uint8Array(101))).toThrow(RangeError);
});

test('interleaved codewords: 16 errors each, doubtful bytes beyond that', () => {
  const random = prng(5);
  for (const basis of ['dual', 'conventional'] as const) {
    const depth = 3;
    const code = ccsdsReedSolomon(basis, depth);
    const data = Uint8Array.from({ length: 3 * 100 }, () => random.uint32() & 255);
    const sent = code.encode(data);
    const received = sent.slice();
    for (let i = 0; i < 16 * depth; i++) received[50 + i]! ^= 0x5a; // a burst spreads evenly over the codewords
    expect(code.decode(received, received.length)).toBe(16 * depth);
    expect(hex(received.subarray(0, data.length))).toBe(hex(data));

    const worse = sent.slice();
    const reliability = new Float32Array(worse.length).fill(1);
    for (let i = 0; i < 20 * depth; i++) {
      worse[50 + i]! ^= 0x5a;
      if (i < 14 * depth) reliability[50 + i] = 0.1 * random.uniform();
    }
    expect(code.decode(worse.slice(), worse.length)).toBe(-1);
    expect(code.decode(worse, worse.length, reliability)).toBe(20 * depth);
    expect(hex(worse.subarray(0, data.length))).toBe(hex(data));
  }
});

describe.each([1, 4])('likely errors of a block of %d codewords', (depth) => {
  const code = ccsdsReedSolomon('dual', depth);
  const random = prng(77 + depth);
  const data = Uint8Array.from({ length: 100 * depth }, () => random.uint32() & 255);
  const sent = code.encode(data);
  const bits = unpackMsbFirst(sent);

  /** Hard errors of ±1, and doubtful pairs of ±0.1, at bits of bytes that are all different. */
  const damaged = (errors: number, doubtful: readonly number[]) => {
    const soft = Float32Array.from(bits, (bit) => 2 * bit - 1);
    for (let i = 0; i < errors; i++) for (let d = 0; d < depth; d++) soft[8 * ((30 + 3 * i) * depth + d) + 4]! *= -1;
    for (const k of doubtful) for (const at of [k, k + 1]) soft[at]! *= -0.1;
    return soft;
  };
  const decode = (soft: Float32Array, events: readonly ErrorEvent[]) => {
    const block = new Uint8Array(sent.length);
    sliceBytes(soft, 0, sent.length, block);
    const changed = code.decode(block, sent.length, undefined, events);
    return { changed, right: changed >= 0 && Buffer.from(block).equals(Buffer.from(sent)) };
  };

  test('are undone, also across two bytes, and counted as corrections', () => {
    // Two within a byte, one across a byte's border: of each codeword too many errors by as much.
    const soft = damaged(16, [3 * 8 * depth + 2, 7 * 8 * depth + 5, 11 * 8 * depth + 7]);
    const events = likelyErrors(soft, 0, sent.length, 2, 5 * depth);
    expect(events.length).toBe(5 * depth);
    expect(decode(soft, []).changed).toBe(-1);
    const { changed, right } = decode(soft, events);
    expect(right).toBe(true);
    expect(changed).toBe(16 * depth + 4);
  });

  test('more errors than can be undone are refused, not guessed', () => {
    const soft = damaged(19, [3 * 8 * depth + 2]);
    expect(decode(soft, likelyErrors(soft, 0, sent.length, 2, 5 * depth)).changed).toBe(-1);
  });
});
