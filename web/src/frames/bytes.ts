/** Value of a lower-case hex digit. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

/** Bytes of lower-case hex, as the API gives frames. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 16 * digit(hex.charCodeAt(2 * i)) + digit(hex.charCodeAt(2 * i + 1));
  return bytes;
}

/** A byte as ASCII; a dot for what can't be printed. */
export const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

const characters = Array.from({ length: 256 }, (_, byte) => printable(byte));

export function asciiOf(hex: string): string {
  let text = '';
  for (const byte of bytesOf(hex)) text += characters[byte];
  return text;
}
