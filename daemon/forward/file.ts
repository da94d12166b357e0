import { open } from 'node:fs/promises';
import { diskReason } from '../core/disk-reason.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { datedPath } from './dated-path.ts';
import { openRecordFile, type RecordFile } from './record-file.ts';
import { frameOfLine, recordFormats } from './record-format.ts';
import { rotate } from './rotation.ts';

const batch = 256;
/** Frames of 4 kB, in JSON, and what is written beside them. */
const batchBytes = batch * 10_000;
const bytesPerMegabyte = 1e6;
const defaults = { format: 'kiss', rotateMb: 100, keep: 10 } as const;

/** Appends frames to a file; they are accepted when they are on the disk. */
export function fileCollector(settings: CollectorSettingsOf<'file'>, context: CollectorContext): Collector {
  const { path: template, format: formatName, rotateMb, keep } = { ...defaults, ...settings };
  const format = recordFormats[formatName];
  const rotateBytes = rotateMb * bytesPerMegabyte;
  /** The file that is known to end in a whole record. */
  let whole: string | null = null;

  /** Appends what fits in one file. @returns of how many frames */
  async function append(path: string, records: readonly Uint8Array[]): Promise<number> {
    let file = await openRecordFile(path, format, path !== whole);
    try {
      if (file.size > 0 && file.size + records[0]!.length > rotateBytes) {
        await file.close();
        await rotate(path, keep);
        file = await openRecordFile(path, format, false);
      }
      const fitting = records.slice(0, countFitting(records, file, rotateBytes));
      await file.append(Buffer.concat(fitting));
      return fitting.length;
    } finally {
      whole = file.whole ? path : null;
      await file.close();
    }
  }

  return {
    batch,
    async deliver(frames) {
      const outcomes: Outcome[] = [];
      while (outcomes.length < frames.length) {
        const path = datedPath(template, frames[outcomes.length]!.time);
        const left = frames.slice(outcomes.length);
        const ofAnother = left.findIndex(({ time }) => datedPath(template, time) !== path);
        const together = ofAnother === -1 ? left : left.slice(0, ofAnother);
        try {
          const count = await append(
            path,
            together.map((frame) => format.record(frame, context)),
          );
          for (let i = 0; i < count; i++) outcomes.push({ kind: 'accepted' });
        } catch (error) {
          outcomes.push({
            kind: 'later',
            scope: 'collector',
            reason: `${path} can't be written: ${diskReason(error)}`,
          });
          break;
        }
      }
      return outcomes;
    },
    async delivered(frames) {
      // KISS does not tell which frames they are.
      if (formatName === 'kiss') return new Set();
      const paths = new Set(frames.map(({ time }) => datedPath(template, time)));
      // Just rotated, the newest are in the file before.
      const ids = await Promise.all([...paths].flatMap((path) => [idsAtEnd(path), idsAtEnd(`${path}.1`)]));
      return new Set(ids.flat());
    },
    async close() {},
  };
}

/** Ids of the frames at the end of a file of JSON lines: of a batch at least. */
async function idsAtEnd(path: string): Promise<string[]> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const tail = Buffer.alloc(Math.min(size, batchBytes));
      const { bytesRead } = await handle.read(tail, 0, tail.length, size - tail.length);
      const lines = tail.toString('utf8', 0, bytesRead).split('\n');
      return lines.map(frameOfLine).filter((id) => id !== null);
    } finally {
      await handle.close();
    }
  } catch {
    // It is not there yet, or can't be read: then appending will say so.
    return [];
  }
}

/** One at least, so that a record larger than a file may be goes on nevertheless. */
function countFitting(records: readonly Uint8Array[], { size }: RecordFile, mostBytes: number): number {
  let end = size;
  const excess = records.findIndex((record) => {
    end += record.length;
    return end > mostBytes;
  });
  return excess === -1 ? records.length : Math.max(1, excess);
}
