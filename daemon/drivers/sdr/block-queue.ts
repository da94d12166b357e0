import type { SampleBuffer } from './source.ts';

/**
 * Cuts a byte stream into blocks of whole IQ pairs in pooled memory, and counts samples. When the reader is late and the pool is
 * used up, the newest bytes are thrown away in whole pairs: the next block says `gap` and its number counts them in.
 */
export interface BlockQueue {
  /** Index of the next sample, counted from the first one ever. */
  readonly nextSample: number;
  readonly droppedSamples: number;
  push(bytes: Uint8Array): void;
  /** The stream begins anew at a pair's boundary, with this sample (never before nextSample); the next block says `gap`. */
  restart(firstSample: number): void;
  /** Blocks that begin from now on hold that many pairs (as far as the pool's blocks allow). */
  resize(pairs: number): void;
  /** What is not yet a whole block is given as it is; then comes the end. */
  end(): void;
  /** The next block, null at the end. The block before it is used again. */
  next(): Promise<SampleBuffer | null>;
}

interface Block {
  readonly bytes: Uint8Array;
  used: number;
  size: number;
  firstSample: number;
  gap: boolean;
}

/** Together 2 MiB: 0.4 s of a dongle at 2.4 MS/s. */
const BLOCKS = 16;
const BLOCK_BYTES = 2 ** 17;

export function makeBlockQueue(bytesPerPair: number): BlockQueue {
  const free: Block[] = Array.from({ length: BLOCKS }, () => ({
    bytes: new Uint8Array(BLOCK_BYTES),
    used: 0,
    size: 0,
    firstSample: 0,
    gap: false,
  }));
  const ready: Block[] = [];
  let blockBytes = BLOCK_BYTES - (BLOCK_BYTES % bytesPerPair);
  let filling: Block | null = null;
  let given: Block | null = null;
  let base = 0; // sample at stream position 0
  let position = 0; // bytes since the last restart
  let dropped = 0; // bytes
  let gap = false;
  let ended = false;
  let wake: (() => void) | null = null;

  function signal(): void {
    const w = wake;
    wake = null;
    w?.();
  }

  function finish(): void {
    if (!filling) return;
    filling.used -= filling.used % bytesPerPair;
    if (filling.used > 0) ready.push(filling);
    else {
      gap ||= filling.gap;
      free.push(filling);
    }
    filling = null;
    signal();
  }

  function push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (!filling) {
        const block = position % bytesPerPair === 0 ? free.pop() : undefined;
        if (!block) {
          // To the next pair's boundary when there is room, else all of it.
          const room = free.length > 0;
          const skip = Math.min(bytes.length - at, room ? bytesPerPair - (position % bytesPerPair) : bytes.length);
          position += skip;
          dropped += skip;
          at += skip;
          gap = true;
          continue;
        }
        Object.assign(block, { used: 0, size: blockBytes, firstSample: base + position / bytesPerPair, gap });
        gap = false;
        filling = block;
      }
      const n = Math.min(filling.size - filling.used, bytes.length - at);
      filling.bytes.set(bytes.subarray(at, at + n), filling.used);
      filling.used += n;
      position += n;
      at += n;
      if (filling.used === filling.size) finish();
    }
  }

  const nextSample = () => base + Math.floor(position / bytesPerPair);

  async function next(): Promise<SampleBuffer | null> {
    if (given) free.push(given);
    given = null;
    while (ready.length === 0) {
      if (ended) return null;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    given = ready.shift()!;
    return { bytes: given.bytes.subarray(0, given.used), firstSample: given.firstSample, gap: given.gap };
  }

  return {
    get nextSample() {
      return nextSample();
    },
    get droppedSamples() {
      return Math.floor(dropped / bytesPerPair);
    },
    push,
    restart(firstSample) {
      finish();
      base = Math.max(nextSample(), Math.round(firstSample));
      position = 0;
      gap = true;
    },
    resize(pairs) {
      const wanted = Math.max(1, Math.round(pairs)) * bytesPerPair;
      blockBytes = Math.min(wanted, BLOCK_BYTES - (BLOCK_BYTES % bytesPerPair));
    },
    end() {
      finish();
      ended = true;
      signal();
    },
    next,
  };
}
