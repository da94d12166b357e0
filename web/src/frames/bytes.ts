/** Bytes of lower-case hex, as the API gives frames. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** A byte as ASCII; a dot for what can't be printed. */
export const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

export function asciiOf(hex: string): string {
  let text = '';
  for (let i = 0; i < hex.length; i += 2) text += printable(Number.parseInt(hex.slice(i, i + 2), 16));
  return text;
}
