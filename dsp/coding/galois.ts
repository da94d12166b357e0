/** GF(2^8) by logarithms. `exp` is doubled so that sums of two logarithms need no reduction. */
export interface Galois {
  readonly exp: Uint8Array;
  /** log[0] is meaningless. */
  readonly log: Uint8Array;
}

/** The field modulo a primitive polynomial such as 0x187. @throws RangeError when 2 doesn't generate it. */
export function galois(polynomial: number): Galois {
  const exp = new Uint8Array(768);
  const log = new Uint8Array(256);
  let x = 1;
  for (let i = 0; i < 255; i++) {
    if (i > 0 && x === 1) throw new RangeError(`0x${polynomial.toString(16)} is not primitive`);
    exp[i] = x;
    log[x] = i;
    x <<= 1;
    if (x & 0x100) x ^= polynomial;
  }
  if (x !== 1) throw new RangeError(`0x${polynomial.toString(16)} is not primitive`);
  exp.copyWithin(255, 0, 255);
  exp.copyWithin(510, 0, 255);
  return { exp, log };
}
