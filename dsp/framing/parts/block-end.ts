import { CCSDS_PARITY } from '../../coding/ccsds-reed-solomon.ts';

/**
 * The end of a decoded Reed–Solomon block whose length came from a header that may be wrong. The code is cyclic: a block
 * with up to 16 bytes of whatever follows it is a valid word as well, with those bytes "corrected" to zero. So when a
 * word ends in zeros that were not received as zeros, the shorter word needs fewer corrections and is the block.
 * @param received the `n` bytes before, @param corrected after the decoder
 * @param leastBeyond bytes that must have been made zeros before the block is called shorter: 2 where the length is more likely right
 *   than a last byte received, since one in 256 blocks ends in a zero; 1 where wrong lengths are common
 * @returns the block's length and the corrections that lie beyond it; length 0 for the word of zeros alone, which is what
 *   a decoder makes of nothing (a block cut off by the end of the input), and no frame
 */
export function blockEnd(
  received: Uint8Array,
  corrected: Uint8Array,
  n: number,
  leastBeyond: number,
): { length: number; beyond: number } {
  let end = n;
  while (end > 0 && corrected[end - 1] === 0) end--;
  if (end === 0) return { length: 0, beyond: 0 };
  end = Math.max(end, CCSDS_PARITY + 1);
  let beyond = 0;
  for (let i = end; i < n; i++) if (received[i] !== 0) beyond++;
  // Zeros that came as zeros may be the last of the parity.
  return beyond >= leastBeyond ? { length: end, beyond } : { length: n, beyond: 0 };
}
