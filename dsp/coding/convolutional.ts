/**
 * Rate-1/2 convolutional codes. Generators in the standard octal form, the newest bit as the most significant.
 * An encoder state is the last constraintLength − 1 information bits, the newest as the most significant.
 * Source: CCSDS 131.0-B (171/133, second symbol inverted).
 */
export interface ConvolutionalCode {
  readonly constraintLength: number;
  readonly generators: readonly [number, number];
  /** Output inverted on the air. */
  readonly inverted: readonly [boolean, boolean];
}

/** The four ways in which the K = 7 code is sent. All are transparent: inverted symbols decode to inverted bits. */
export const convolutionalCodes = {
  ccsds: { constraintLength: 7, generators: [0o171, 0o133], inverted: [false, true] },
  'ccsds-uninverted': { constraintLength: 7, generators: [0o171, 0o133], inverted: [false, false] },
  'nasa-dsn': { constraintLength: 7, generators: [0o133, 0o171], inverted: [true, false] },
  'nasa-dsn-uninverted': { constraintLength: 7, generators: [0o133, 0o171], inverted: [false, false] },
} as const satisfies Record<string, ConvolutionalCode>;

export type ConvolutionalName = keyof typeof convolutionalCodes;

/** Bits (n) → coded symbols (2n). A terminated block needs its constraintLength − 1 zeros among `bits`. */
export function convolutionalEncode(code: ConvolutionalCode, bits: ArrayLike<number>, startState = 0): Uint8Array {
  const memory = code.constraintLength - 1;
  const out = new Uint8Array(2 * bits.length);
  let state = startState;
  for (let i = 0; i < bits.length; i++) {
    const register = (bits[i]! << memory) | state;
    out[2 * i] = codedSymbol(code, 0, register);
    out[2 * i + 1] = codedSymbol(code, 1, register);
    state = register >> 1;
  }
  return out;
}

/**
 * Share of the symbols received that differ from the decoded bits encoded again; erasures don't count. It tells signals from noise,
 * of which a decoder of the K = 7 codes makes 0.14 in short terminated blocks and 0.171 ± 0.005 in 984 bits with a free end.
 */
export function channelErrors(code: ConvolutionalCode, bits: Uint8Array, soft: Float32Array, startState = 0): number {
  const again = convolutionalEncode(code, bits, startState);
  let errors = 0;
  let there = 0;
  for (let i = 0; i < again.length; i++) {
    if (soft[i] === 0) continue;
    there++;
    if (again[i] !== (soft[i]! > 0 ? 1 : 0)) errors++;
  }
  return there > 0 ? errors / there : 1;
}

/** The symbol (0/1) of branch `which` for the register of all constraintLength bits, newest as the most significant. */
export function codedSymbol(code: ConvolutionalCode, which: 0 | 1, register: number): number {
  let parity = 0;
  for (let rest = code.generators[which] & register; rest !== 0; rest &= rest - 1) parity ^= 1;
  return code.inverted[which] ? 1 - parity : parity;
}
