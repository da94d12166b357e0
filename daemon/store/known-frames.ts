import { DatabaseSync } from 'node:sqlite';
import { ledgerPath } from './ledger.ts';

/** Tells which frames of a satellite the ledger has already. */
export interface KnownFrames {
  /**
   * Takes note of a frame that is about to be stored. Frames are the same when their bytes and their time are. A beacon
   * without a time may come again with the same bytes: of those as many are known as the ledger had before the first was
   * asked for, so that the same file adds nothing when it comes again.
   * @returns whether it is new
   */
  isNew(time: string | null, frame: Uint8Array): boolean;
  close(): void;
}

/** Opens the ledger, which is there, for one file's frames. Holds the untimed frames of the satellite in memory. */
export function openKnownFrames(dataFolder: string, satellite: string): KnownFrames {
  const database = new DatabaseSync(ledgerPath(dataFolder), { readOnly: true });
  const timed = database.prepare(
    'SELECT 1 FROM frames INDEXED BY frames_by_time WHERE time = ? AND satellite = ? AND frame = ? LIMIT 1',
  );
  /** Those that are about to be stored: the ledger can't know them yet. */
  const noted = new Set<string>();
  let untimed: Map<string, number> | null = null;

  function countUntimed(): Map<string, number> {
    const counts = new Map<string, number>();
    const rows = database
      .prepare('SELECT frame FROM frames INDEXED BY frames_by_time WHERE time IS NULL AND satellite = ?')
      .iterate(satellite) as IterableIterator<{ frame: Uint8Array }>;
    for (const { frame } of rows) {
      const key = hex(frame);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  return {
    isNew(time, frame) {
      if (time === null) {
        untimed ??= countUntimed();
        const left = untimed.get(hex(frame)) ?? 0;
        if (left > 0) untimed.set(hex(frame), left - 1);
        return left === 0;
      }
      const key = `${time} ${hex(frame)}`;
      if (noted.has(key) || timed.get(time, satellite, frame) !== undefined) return false;
      noted.add(key);
      return true;
    },
    close: () => database.close(),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
