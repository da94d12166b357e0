import { expect, test } from 'vitest';
import { ccsdsScrambler } from '../../dsp/coding/additive-scrambler.ts';
import { ccsdsReedSolomon } from '../../dsp/coding/ccsds-reed-solomon.ts';
import { prng } from '../../dsp/core/prng.ts';
import { isShifted } from '../../dsp/framing/parts/shifted-block.ts';

const code = ccsdsReedSolomon('dual');
const random = prng(31);
const bytes = (n: number) => Uint8Array.from({ length: n }, () => random.uint32() & 255);

/** A scrambled block of the code in noise, read `shift` bytes beside its place and decoded. */
function readBeside(shift: number): { corrected: number; shifted: boolean } {
  const block = code.encode(bytes(223));
  ccsdsScrambler(block);
  const air = Uint8Array.from([...bytes(20), ...block, ...bytes(20)]);
  const read = air.slice(20 + shift, 20 + shift + 255);
  ccsdsScrambler(read);
  const received = read.slice();
  const corrected = code.decode(read, 255);
  return { corrected, shifted: corrected >= 0 && isShifted(received, read, 255) };
}

test.each([7, -7, 14, -14])('a block read %d bytes beside its place decodes, and is found out', (shift) => {
  for (let i = 0; i < 20; i++) {
    const { corrected, shifted } = readBeside(shift);
    expect(corrected).toBeGreaterThan(4);
    expect(shifted).toBe(true);
  }
});

test('a block in its place with as many errors anywhere is not', () => {
  for (let i = 0; i < 50; i++) {
    const block = code.encode(bytes(223));
    const received = block.slice();
    for (let k = 0; k < 14; k++) received[(i * 5 + k * 17) % 255]! ^= 1 + (random.uint32() % 255);
    const corrected = received.slice();
    expect(code.decode(corrected, 255)).toBe(14);
    expect(isShifted(received, corrected, 255)).toBe(false);
  }
});
