import type { TelemetryField } from '../api/wire.ts';

/** What came out of a frame's bytes: the fields as far as they could be read, and why it went no further. */
export interface Dissection {
  readonly fields: readonly TelemetryField[];
  /** Null when the whole frame was understood. */
  readonly reason: string | null;
}

/** More fields than this are left out, so that no frame makes an answer of any size. */
export const mostFields = 1000;

/** Lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** The text that these bytes are in ASCII, without zeros and line ends behind it; null when they are something else. */
export function asciiText(bytes: Uint8Array): string | null {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  if (end === 0) return null;
  let text = '';
  for (let i = 0; i < end; i++) {
    const c = bytes[i]!;
    if ((c < 0x20 || c > 0x7e) && c !== 0x09 && c !== 0x0a && c !== 0x0d) return null;
    text += String.fromCharCode(c);
  }
  return text;
}
