import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { type FormatName, formats } from './formats.ts';

/** Hands frames over as a file. */
export function download(frames: readonly StoredFrame[], format: FormatName): void {
  const { extension, type, parts } = formats[format];
  const address = URL.createObjectURL(new Blob(parts(frames), { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `frames-${frames[0]?.seq ?? 0}-${frames.at(-1)?.seq ?? 0}.${extension}`;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
