import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ccsdsScrambler,
  mobitexScrambler,
  pn9MsbFirstScrambler,
  pn9Scrambler,
  pn9Si4463Scrambler,
  pn9Sx1268Scrambler,
} from '../../dsp/coding/additive-scrambler.ts';
import { g3ruhDescramble, g3ruhScramble, g3ruhSoftDescrambler } from '../../dsp/coding/g3ruh.ts';
import { manchesterEncode, nrziEncode, nrzMarkEncode } from '../../dsp/coding/line-codes.ts';

const bitArray = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 400 });

test('the additive sequences start as published and are periodic', () => {
  const ccsds = new Uint8Array(600);
  ccsdsScrambler(ccsds);
  expect(Buffer.from(ccsds.subarray(0, 16)).toString('hex')).toBe('ff480ec09a0d70bc8e2c93ada7b746ce');
  expect([...ccsds.subarray(255, 510)]).toEqual([...ccsds.subarray(0, 255)]);
  const pn9 = new Uint8Array(1100);
  pn9Scrambler(pn9);
  expect(Buffer.from(pn9.subarray(0, 16)).toString('hex')).toBe('ffe11d9aed853324ea7ad2397097570a');
  expect([...pn9.subarray(511, 1022)]).toEqual([...pn9.subarray(0, 511)]);
  const mobitex = new Uint8Array(38);
  mobitexScrambler(mobitex);
  expect(Buffer.from(mobitex.subarray(0, 16)).toString('hex')).toBe('ff83df1732094ed1e7cd8a91c6d5c4c4');
  expect(Buffer.from(mobitex.subarray(30)).toString('hex')).toBe('93533018ca34bfa2');
});

test.each([
  [pn9MsbFirstScrambler, 'ff87b859b7a1cc24575e4b9c0ee9ea50'],
  [pn9Si4463Scrambler, '87b859b7a1cc24575e4b9c0ee9ea502a'],
  [pn9Sx1268Scrambler, '0088c8ead8e2546cf9e2dca4133a3ef0'],
])('the PN9 sequences of other chips start as published', (scrambler, start) => {
  const bytes = new Uint8Array(16);
  scrambler(bytes);
  expect(Buffer.from(bytes).toString('hex')).toBe(start);
});

test('an additive scrambler can be restarted anywhere', () => {
  const bytes = new Uint8Array(10);
  ccsdsScrambler(bytes, 4, 8);
  expect(Buffer.from(bytes).toString('hex')).toBe('00000000ff480ec00000');
});

test('G3RUH: impulse response as published, and descrambling is the inverse', () => {
  const impulse = new Uint8Array(40);
  impulse[0] = 1;
  expect(g3ruhScramble(impulse).join('')).toBe('1000000000001000010000001000000000101000');
  fc.assert(
    fc.property(bitArray, (bits) => {
      expect([...g3ruhDescramble(g3ruhScramble(Uint8Array.from(bits)))]).toEqual(bits);
    }),
    { seed: 1 },
  );
});

test('the soft descrambler agrees with the hard one and is as sure as its least sure input', () => {
  fc.assert(
    fc.property(bitArray, fc.nat(50), (bits, cut) => {
      const x = Float32Array.from(bits, (bit, i) => (2 * bit - 1) * (1 + (i % 7)));
      const y = new Float32Array(x.length);
      const descrambler = g3ruhSoftDescrambler();
      const first = Math.min(cut, x.length);
      descrambler.process(x, 0, first, y);
      descrambler.process(x, first, x.length - first, y.subarray(first));
      const hard = g3ruhDescramble(Uint8Array.from(bits));
      y.forEach((soft, i) => {
        expect(soft > 0 ? 1 : 0).toBe(hard[i]);
        const used = [i, i - 12, i - 17].filter((k) => k >= 0).map((k) => Math.abs(x[k]!));
        expect(Math.abs(soft)).toBe(Math.min(...used));
      });
    }),
    { seed: 1 },
  );
});

test('line codes', () => {
  const bits = [0, 1, 1, 0, 0, 1];
  expect([...nrziEncode(Uint8Array.from(bits))]).toEqual([1, 1, 1, 0, 1, 1]);
  expect([...nrzMarkEncode(Uint8Array.from(bits))]).toEqual([0, 1, 0, 0, 0, 1]);
  expect([...manchesterEncode(Uint8Array.of(1, 0))]).toEqual([1, 0, 0, 1]);
});
