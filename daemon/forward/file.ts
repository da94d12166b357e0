import { open } from 'node:fs/promises';
import { diskReason } from '../core/disk-reason.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { datedPath, datedPaths } from './dated-path.ts';
import { openRecordFile, type RecordFile } from './record-file.ts';
import { endOfRecords, recordFormats } from './record-format.ts';
import { rotate } from './rotation.ts';

const batch = 256;
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
      // They were appended in order, whatever file each went to.
      const last = await lastSeq();
      return new Set(frames.filter(({ seq }) => seq <= last).map(({ id }) => id));
    },
    async close() {},
  };

  /** Number of the newest frame that is in the files; 0 for none, and for KISS, which doesn't tell numbers. */
  async function lastSeq(): Promise<number> {
    if (formatName === 'kiss') return 0;
    let newest = 0;
    for (const path of await datedPaths(template)) {
      // Just rotated, there is none, or an empty one.
      newest = Math.max(newest, (await lastSeqOf(path)) ?? (await lastSeqOf(`${path}.1`)) ?? 0);
    }
    return newest;
  }

  /** Of this ledger; null where none can be read. */
  async function lastSeqOf(path: string): Promise<number | null> {
    try {
      const handle = await open(path, 'r');
      try {
        const { lastLine } = await endOfRecords(handle, (await handle.stat()).size, format);
        const { seq, ledger_id } = JSON.parse(lastLine ?? '{}') as Record<string, unknown>;
        return ledger_id === context.ledgerId && typeof seq === 'number' ? seq : null;
      } finally {
        await handle.close();
      }
    } catch {
      return null;
    }
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
