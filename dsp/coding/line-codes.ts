/** NRZI as HDLC uses it: a 0 changes the level, a 1 keeps it. Bits → levels, in place; the level before is 0. */
export function nrziEncode(bits: Uint8Array): Uint8Array {
  let level = 0;
  for (let i = 0; i < bits.length; i++) {
    level ^= 1 - bits[i]!;
    bits[i] = level;
  }
  return bits;
}

/** NRZ-M (differential): a 1 changes the level. Bits → levels, in place; the level before is 0. Source: CCSDS 131.0-B. */
export function nrzMarkEncode(bits: Uint8Array): Uint8Array {
  let level = 0;
  for (let i = 0; i < bits.length; i++) {
    level ^= bits[i]!;
    bits[i] = level;
  }
  return bits;
}

/** The inverse on the first `n` bits, in place; `before` is the level before them. */
export function nrzMarkDecode(levels: Uint8Array, n: number, before: number): void {
  let last = before;
  for (let i = 0; i < n; i++) {
    const level = levels[i]!;
    levels[i] = level ^ last;
    last = level;
  }
}

/** Manchester: 1 → 1 0, 0 → 0 1. Bits (n) → half bits (2n). */
export function manchesterEncode(bits: Uint8Array): Uint8Array {
  const halves = new Uint8Array(2 * bits.length);
  for (let i = 0; i < bits.length; i++) {
    halves[2 * i] = bits[i]!;
    halves[2 * i + 1] = 1 - bits[i]!;
  }
  return halves;
}
