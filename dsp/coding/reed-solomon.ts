import { galois } from './galois.ts';

/**
 * A Reed-Solomon code over GF(2^8). Generator roots are α^(prim·(firstRoot + i)), i = 0 … parity−1; the first byte is the
 * highest power, the parity comes last; a shortened code has virtual zeros before the message.
 */
export interface ReedSolomonParams {
  readonly fieldPolynomial: number;
  readonly firstRoot: number;
  readonly prim: number;
  readonly parity: number;
}

/** Source: CCSDS 131.0-B section 4 (0x187, 112, 11); the others: facts of the framings that use them. */
export const reedSolomonCodes = {
  ccsds: { fieldPolynomial: 0x187, firstRoot: 112, prim: 11, parity: 32 },
  'ccsds-16': { fieldPolynomial: 0x187, firstRoot: 112, prim: 11, parity: 16 },
  'dvb-16': { fieldPolynomial: 0x11d, firstRoot: 1, prim: 1, parity: 16 },
  'dvb-32': { fieldPolynomial: 0x11d, firstRoot: 1, prim: 1, parity: 32 },
  'dvb-10': { fieldPolynomial: 0x11d, firstRoot: 0, prim: 1, parity: 10 },
  'dvb-4': { fieldPolynomial: 0x11d, firstRoot: 1, prim: 1, parity: 4 },
} as const satisfies Record<string, ReedSolomonParams>;

export interface ReedSolomon {
  readonly parity: number;
  /** Writes the parity of block[0 … n−parity) to its last bytes. */
  encode(block: Uint8Array, n: number): void;
  /**
   * Corrects block[0 … n) in place. `erasures[0 … erasureCount)` are indices of bytes known to be doubtful. Returns the
   * number of bytes changed, or -1 (block untouched) when there is no word with 2·errors + erasures ≤ parity and at
   * most `maxErrors` errors beside the erasures, or only one that changes the virtual zeros of a shortened code.
   */
  decode(block: Uint8Array, n: number, erasures?: ArrayLike<number>, erasureCount?: number, maxErrors?: number): number;
}

/** @throws RangeError on parameters that make no code. */
export function reedSolomon(params: ReedSolomonParams): ReedSolomon {
  const { fieldPolynomial, firstRoot, prim, parity } = params;
  if (!(parity >= 2 && parity < 255)) throw new RangeError(`${parity} parity bytes`);
  const { exp, log } = galois(fieldPolynomial);

  // times[256·j + x] = x · α^(prim·(firstRoot + j)): a Horner step of syndrome j is one look-up.
  const times = new Uint8Array(256 * parity);
  const generator = new Uint8Array(parity + 1);
  generator[0] = 1;
  for (let j = 0; j < parity; j++) {
    const root = (prim * (firstRoot + j)) % 255;
    for (let x = 1; x < 256; x++) times[256 * j + x] = exp[log[x]! + root]!;
    for (let k = j + 1; k > 0; k--) generator[k]! ^= times[256 * j + generator[k - 1]!]!;
  }

  const syndrome = new Uint8Array(parity);
  const locator = new Uint8Array(parity + 2);
  const previous = new Uint8Array(parity + 2);
  const next = new Uint8Array(parity + 2);
  const evaluator = new Uint8Array(parity);
  const where = new Uint8Array(parity); // powers of x of the errors found
  const value = new Uint8Array(parity);

  const multiply = (a: number, b: number) => (a === 0 || b === 0 ? 0 : exp[log[a]! + log[b]!]!);
  const check = (block: Uint8Array, n: number) => {
    if (n <= parity || n > 255 || n > block.length) throw new RangeError(`a block of ${n} bytes with ${parity} parity`);
  };

  return {
    parity,
    encode(block, n) {
      check(block, n);
      const message = n - parity;
      block.fill(0, message, n);
      for (let i = 0; i < message; i++) {
        const feedback = block[i]! ^ block[message]!;
        block.copyWithin(message, message + 1, n);
        block[n - 1] = 0;
        if (feedback !== 0)
          for (let k = 0; k < parity; k++) block[message + k]! ^= multiply(feedback, generator[k + 1]!);
      }
    },
    decode(block, n, erasures, erasureCount = 0, maxErrors = parity) {
      check(block, n);
      if (erasureCount > parity) return -1;
      let any = 0;
      for (let j = 0; j < parity; j++) {
        const row = 256 * j;
        let s = 0;
        for (let i = 0; i < n; i++) s = block[i]! ^ times[row + s]!;
        syndrome[j] = s;
        any |= s;
      }
      if (any === 0) return 0;

      // Erasure locator Π (1 − X x), X = α^(prim·power); then Berlekamp-Massey from there on.
      locator.fill(0);
      locator[0] = 1;
      for (let e = 0; e < erasureCount; e++) {
        const x = exp[(prim * (n - 1 - erasures![e]!)) % 255]!;
        for (let k = e + 1; k > 0; k--) locator[k]! ^= multiply(x, locator[k - 1]!);
      }
      previous.set(locator);
      let length = erasureCount;
      for (let r = erasureCount + 1; r <= parity; r++) {
        let discrepancy = 0;
        for (let k = 0; k < r; k++) discrepancy ^= multiply(locator[k]!, syndrome[r - 1 - k]!);
        previous.copyWithin(1, 0, parity + 1);
        previous[0] = 0;
        if (discrepancy === 0) continue;
        for (let k = 0; k <= parity; k++) next[k] = locator[k]! ^ multiply(discrepancy, previous[k]!);
        if (2 * length <= r + erasureCount - 1) {
          length = r + erasureCount - length;
          const inverse = exp[255 - log[discrepancy]!]!;
          for (let k = 0; k <= parity; k++) previous[k] = multiply(inverse, locator[k]!);
        }
        locator.set(next);
      }
      let degree = parity;
      while (degree > 0 && locator[degree] === 0) degree--;
      if (degree !== length || 2 * length - erasureCount > parity || length - erasureCount > maxErrors) return -1;

      // Roots at the powers 0 … n−1 only: one in the virtual zeros leaves too few.
      let found = 0;
      for (let power = 0; power < n; power++) {
        const inverse = (255 - ((prim * power) % 255)) % 255;
        let sum = locator[0]!;
        let e = inverse;
        for (let k = 1; k <= degree; k++) {
          const c = locator[k]!;
          if (c !== 0) sum ^= exp[log[c]! + e]!;
          e += inverse;
          if (e >= 255) e -= 255;
        }
        if (sum !== 0) continue;
        where[found++] = power;
        if (found === degree) break;
      }
      if (found !== degree) return -1;

      // Forney: value = X^(1−firstRoot) · Ω(1/X) / Λ'(1/X), Ω = S·Λ mod x^parity.
      for (let i = 0; i < parity; i++) {
        let sum = 0;
        for (let k = 0; k <= i && k <= degree; k++) sum ^= multiply(locator[k]!, syndrome[i - k]!);
        evaluator[i] = sum;
      }
      for (let f = 0; f < found; f++) {
        const x = (prim * where[f]!) % 255;
        const inverse = (255 - x) % 255;
        let omega = 0;
        let slope = 0;
        let e = 0;
        for (let k = 0; k < parity; k++) {
          const o = evaluator[k]!;
          if (o !== 0) omega ^= exp[log[o]! + e]!;
          const odd = k + 1 <= degree && k % 2 === 0 ? locator[k + 1]! : 0;
          if (odd !== 0) slope ^= exp[log[odd]! + e]!;
          e += inverse;
          if (e >= 255) e -= 255;
        }
        if (slope === 0) return -1;
        const scale = (((1 - firstRoot) * x) % 255) + 255;
        value[f] = omega === 0 ? 0 : exp[(log[omega]! + 255 - log[slope]! + scale) % 255]!;
      }
      let changed = 0;
      for (let f = 0; f < found; f++) {
        if (value[f] === 0) continue;
        block[n - 1 - where[f]!]! ^= value[f]!;
        changed++;
      }
      return changed;
    },
  };
}
