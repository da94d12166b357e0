/**
 * Berlekamp's dual-basis representation of the CCSDS Reed-Solomon symbols: linear maps on the bits of a byte, given by
 * the images of bits 0 … 7. Source: CCSDS 131.0-B annex F; bit z_j of the dual byte (z_0 first) is Tr(x·α^(117 j)).
 */
const CONVENTIONAL_TO_DUAL = [0x7b, 0xaf, 0x99, 0xfa, 0x86, 0xec, 0xef, 0x8d] as const;
const DUAL_TO_CONVENTIONAL = [0xcc, 0xac, 0x79, 0xf0, 0xfd, 0x2e, 0x42, 0xc5] as const;

/** toDual[conventional byte] = dual byte. */
export const toDual: Uint8Array = linearMap(CONVENTIONAL_TO_DUAL);
/** toConventional[dual byte] = conventional byte. */
export const toConventional: Uint8Array = linearMap(DUAL_TO_CONVENTIONAL);

function linearMap(images: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (let x = 1; x < 256; x++) {
    const lowest = x & -x;
    table[x] = table[x ^ lowest]! ^ images[31 - Math.clz32(lowest)]!;
  }
  return table;
}
