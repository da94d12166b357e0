import { expect, test } from 'vitest';
import { packMsbFirst, unpackMsbFirst } from '../../dsp/coding/bits.ts';
import { cc11xxInterleave } from '../../dsp/coding/cc11xx-fec.ts';

test('the interleaver sends the first pair last, four pairs of each byte apart, and undoes itself', () => {
  // Two blocks: the first pair alone; then pairs 0 to 3, which end the four bytes, last byte first.
  const x = unpackMsbFirst(Buffer.from('c0000000e4000000', 'hex'));
  const y = new Uint8Array(64);
  cc11xxInterleave(x, 0, 64, y);
  expect(Buffer.from(packMsbFirst(y)).toString('hex')).toBe('0000000300010203');
  const back = new Uint8Array(64);
  cc11xxInterleave(y, 0, 64, back);
  expect(back).toEqual(x);
});
