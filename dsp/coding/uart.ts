import type { Soft } from '../core/types.ts';

/** A serial character: start bit 0, eight data bits, stop bit 1. */
export const UART_CHARACTER_BITS = 10;

export type BitOrder = 'lsb-first' | 'msb-first';

/** Bytes to the bits of their characters. */
export function uartEncode(bytes: Uint8Array, order: BitOrder): Uint8Array {
  const out = new Uint8Array(UART_CHARACTER_BITS * bytes.length);
  bytes.forEach((byte, i) => {
    for (let k = 0; k < 8; k++)
      out[UART_CHARACTER_BITS * i + 1 + k] = (byte >> (order === 'lsb-first' ? k : 7 - k)) & 1;
    out[UART_CHARACTER_BITS * i + 9] = 1;
  });
  return out;
}

/** The data bits of `characters` characters from symbol `from` on, each most significant first. */
export function uartData(soft: Soft, from: number, characters: number, order: BitOrder, out: Soft): void {
  for (let i = 0; i < characters; i++) {
    const first = from + UART_CHARACTER_BITS * i + 1;
    for (let k = 0; k < 8; k++) out[8 * i + k] = soft[first + (order === 'lsb-first' ? 7 - k : k)]!;
  }
}

/** Share of the start and stop bits of `characters` characters that are what they ought to be; noise gives a half. */
export function uartAgreement(soft: Soft, from: number, characters: number): number {
  let agree = 0;
  for (let i = 0; i < characters; i++) {
    const first = from + UART_CHARACTER_BITS * i;
    if (soft[first]! < 0) agree++;
    if (soft[first + UART_CHARACTER_BITS - 1]! > 0) agree++;
  }
  return agree / (2 * characters);
}
