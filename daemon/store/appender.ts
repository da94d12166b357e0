import type { FrameCopy, StoredFrame } from '../api/wire.ts';
import type { Ledger, UnstoredFrame } from './ledger.ts';

export interface AppenderEvents {
  /** Frames that are on disk now, in order, each once. */
  stored(frames: readonly StoredFrame[]): void;
  /** Writing failed; it is tried again. `waiting` frames are in memory only. */
  failed(error: unknown, waiting: number): void;
  /** The disk has been failing for so long that the oldest waiting frames had to go. */
  lost(count: number): void;
}

export interface Appender {
  /** @param stored called with the frame's number once it is on disk */
  add(frame: UnstoredFrame, stored?: (seq: number) => void): void;
  /** Notes another reception of a stored frame. A note that can't be written is told by `failed`, and gone. */
  addCopy(seq: number, copy: FrameCopy): void;
  /** Writes what waits, at once. */
  flush(): void;
  /** Flushes and stops the retries; gives the number of frames that could not be written. */
  close(): number;
}

/** Frames held in memory while the disk is full or failing. */
const capacity = 10_000;
const retryMs = 1000;

/** Frames of one turn of the event loop make one transaction: one sync of the disk for all of them. */
export function makeAppender(ledger: Pick<Ledger, 'append' | 'addCopy'>, events: AppenderEvents): Appender {
  let waiting: { readonly frame: UnstoredFrame; readonly stored: ((seq: number) => void) | undefined }[] = [];
  let soon: NodeJS.Immediate | null = null;
  let retry: NodeJS.Timeout | null = null;

  function flush(): void {
    if (soon !== null) clearImmediate(soon);
    if (retry !== null) clearTimeout(retry);
    soon = null;
    retry = null;
    if (waiting.length === 0) return;
    let stored: StoredFrame[];
    try {
      stored = ledger.append(waiting.map(({ frame }) => frame));
    } catch (error) {
      retry = setTimeout(flush, retryMs);
      retry.unref();
      events.failed(error, waiting.length);
      return;
    }
    const written = waiting;
    waiting = [];
    written.forEach((one, i) => {
      one.stored?.(stored[i]!.seq);
    });
    events.stored(stored);
  }

  return {
    add(frame, stored) {
      waiting.push({ frame, stored });
      if (waiting.length > capacity) {
        waiting.shift();
        events.lost(1);
      }
      if (retry === null) soon ??= setImmediate(flush);
    },
    addCopy(seq, copy) {
      try {
        ledger.addCopy(seq, copy);
      } catch (error) {
        events.failed(error, waiting.length);
      }
    },
    flush,
    close() {
      flush();
      if (retry !== null) clearTimeout(retry);
      return waiting.length;
    },
  };
}
