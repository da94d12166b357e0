import type { Soft } from '../core/types.ts';

/**
 * The self-synchronising scrambler of G3RUH and K9NG, 1 + x^12 + x^17, on bits in place; history zero at the start.
 * Source: J. Miller G3RUH, "9600 Baud Packet Radio Modem Design" (1988).
 */
export function g3ruhScramble(bits: Uint8Array): Uint8Array {
  let register = 0; // bit k is the output k + 1 bits ago
  for (let i = 0; i < bits.length; i++) {
    const out = bits[i]! ^ ((register >> 11) & 1) ^ ((register >> 16) & 1);
    bits[i] = out;
    register = ((register << 1) | out) & 0x1ffff;
  }
  return bits;
}

/** The inverse on bits: out[n] = in[n] ^ in[n-12] ^ in[n-17], in place. */
export function g3ruhDescramble(bits: Uint8Array): Uint8Array {
  let register = 0;
  for (let i = 0; i < bits.length; i++) {
    const bit = bits[i]!;
    bits[i] = bit ^ ((register >> 11) & 1) ^ ((register >> 16) & 1);
    register = ((register << 1) | bit) & 0x1ffff;
  }
  return bits;
}

/**
 * The inverse on soft symbols: Soft (n) → Soft (n). An output is as sure as the least sure of the three symbols it
 * comes from. Inverting the input inverts the output.
 */
export function g3ruhSoftDescrambler(): { process(x: Soft, from: number, n: number, y: Soft): void; reset(): void } {
  const history = new Float32Array(32); // a ring; before the start: certain zeros
  let at = 0;
  const reset = () => {
    history.fill(Number.NEGATIVE_INFINITY);
    at = 0;
  };
  reset();
  return {
    reset,
    process(x, from, n, y) {
      let t = at;
      for (let i = 0; i < n; i++) {
        const a = x[from + i]!;
        const b = history[(t - 12) & 31]!;
        const c = history[(t - 17) & 31]!;
        history[t & 31] = a;
        t = (t + 1) & 31;
        let least = Math.abs(a);
        if (Math.abs(b) < least) least = Math.abs(b);
        if (Math.abs(c) < least) least = Math.abs(c);
        // The exclusive or of three bits is the product of their signs, 1 being positive.
        y[i] = a > 0 === (b > 0 === c > 0) ? least : -least;
      }
      at = t;
    },
  };
}
