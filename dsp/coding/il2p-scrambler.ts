/**
 * The scrambler of IL2P on the bytes of one block in place, most significant bit first: 1 + x^4 + x^9, multiplicative, its history
 * nine ones at the start of every block. Source: IL2P specification draft v0.6, Data Scrambling.
 */
export function il2pScramble(bytes: Uint8Array): Uint8Array {
  return run(bytes, true);
}

/** The inverse, in place. */
export function il2pDescramble(bytes: Uint8Array): Uint8Array {
  return run(bytes, false);
}

function run(bytes: Uint8Array, scramble: boolean): Uint8Array {
  let register = 0x1ff; // bit k is the scrambled bit k + 1 bits ago
  for (let i = 0; i < bytes.length; i++) {
    let out = 0;
    for (let j = 7; j >= 0; j--) {
      const bit = (bytes[i]! >> j) & 1;
      const other = bit ^ ((register >> 3) & 1) ^ ((register >> 8) & 1);
      out = (out << 1) | other;
      register = ((register << 1) | (scramble ? other : bit)) & 0x1ff;
    }
    bytes[i] = out;
  }
  return bytes;
}
