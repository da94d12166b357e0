import { DatabaseSync } from 'node:sqlite';
import { ledgerPath } from './ledger.ts';

export interface TimedFrame {
  readonly time: string | null;
  readonly frame: Uint8Array;
}

/** Tells which frames of a satellite the ledger has already. */
export interface KnownFrames {
  /**
   * The new ones among frames, which are to be stored before more are asked for. Frames are the same when their bytes and
   * their time are. A beacon without a time may come again with the same bytes: of those as many are known as the ledger had
   * before the first was asked for, so that the same file adds nothing when it comes again.
   */
  newAmong(frames: readonly TimedFrame[]): TimedFrame[];
  close(): void;
}

/** Opens the ledger, which is there, for one file's frames. Holds the untimed frames of the satellite in memory. */
export function openKnownFrames(dataFolder: string, satellite: string): KnownFrames {
  const database = new DatabaseSync(ledgerPath(dataFolder), { readOnly: true });
  const timed = database.prepare(
    'SELECT 1 FROM frames INDEXED BY frames_by_time WHERE time = ? AND satellite = ? AND frame = ? LIMIT 1',
  );
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

  function isNewUntimed(frame: Uint8Array): boolean {
    untimed ??= countUntimed();
    const left = untimed.get(hex(frame)) ?? 0;
    if (left > 0) untimed.set(hex(frame), left - 1);
    return left === 0;
  }

  return {
    newAmong(frames) {
      const among = new Set<string>();
      return frames.filter(({ time, frame }) => {
        if (time === null) return isNewUntimed(frame);
        const key = `${time} ${hex(frame)}`;
        if (among.has(key) || timed.get(time, satellite, frame) !== undefined) return false;
        among.add(key);
        return true;
      });
    },
    close: () => database.close(),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
