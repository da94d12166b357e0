import type { FileHandle } from 'node:fs/promises';
import type { StoredFrame } from '../api/wire.ts';
import { fend, kissRecord } from '../decode/kiss.ts';
import { kissReader } from '../decode/kiss-reader.ts';
import type { CollectorContext } from './collector.ts';
import { frameJson } from './frame-json.ts';

/** How frames stand in a file. */
export interface RecordFormat {
  record(frame: StoredFrame, context: CollectorContext): Uint8Array;
  /** The first bytes of a file in this format. */
  readonly begins: Buffer;
  /** How many of the last bytes of a file belong to whole records; null: none do. @throws NotOurFile for something else */
  wholeEnd(tail: Buffer): number | null;
}

/** More than a batch, which is the most that a crash can have damaged. */
const tailBytes = 1 << 20;

export const recordFormats: Readonly<Record<'kiss' | 'jsonl', RecordFormat>> = {
  kiss: {
    record: ({ frame, time }) => kissRecord(Buffer.from(frame, 'hex'), time === null ? null : new Date(time)),
    begins: Buffer.from([fend]),
    wholeEnd(tail) {
      const reader = kissReader(tailBytes);
      reader.push(tail);
      return reader.dataEnd === 0 ? null : reader.dataEnd;
    },
  },
  jsonl: {
    record: (frame, context) => Buffer.from(`${frameJson(frame, context)}\n`),
    begins: Buffer.from('{"seq":'),
    wholeEnd(tail) {
      // Where bytes had no time to be written, some file systems leave zeros.
      const firstZero = tail.indexOf(0);
      const written = firstZero === -1 ? tail : tail.subarray(0, firstZero);
      const end = written.lastIndexOf('\n') + 1;
      if (end === 0) return null;
      const start = end === 1 ? 0 : written.lastIndexOf('\n', end - 2) + 1;
      if (frameOfLine(written.toString('utf8', start, end - 1)) === null)
        throw new NotOurFile('it holds something else than frames: move it away');
      return end;
    },
  },
};

export class NotOurFile extends Error {
  override readonly name = 'NotOurFile';
}

/** The id of a frame in a line of a file; null for a line that is none. */
export function frameOfLine(line: string): string | null {
  try {
    const { id, seq } = JSON.parse(line) as Record<string, unknown>;
    return typeof id === 'string' && typeof seq === 'number' ? id : null;
  } catch {
    return null;
  }
}

/**
 * Where the last whole record of a file ends. What is behind it was half-written when the power or the program failed.
 * @throws NotOurFile when there is no whole record, and what is there is not the beginning of one
 */
export async function endOfRecords(handle: FileHandle, size: number, format: RecordFormat): Promise<number> {
  const from = Math.max(0, size - tailBytes);
  const tail = Buffer.alloc(size - from);
  const { bytesRead } = await handle.read(tail, 0, tail.length, from);
  const whole = format.wholeEnd(tail.subarray(0, bytesRead));
  if (whole !== null) return from + whole;
  const compared = Math.min(size, format.begins.length);
  const begun = tail.subarray(0, compared).equals(format.begins.subarray(0, compared));
  if (from > 0 || !(begun || tail.every((byte) => byte === 0)))
    throw new NotOurFile('it holds something else than frames: move it away');
  return 0;
}
