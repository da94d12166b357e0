/**
 * A bounded ring of sample buffers between two threads: one writes, one reads, both without locks.
 *
 * Records are a 16-byte head and a payload, always contiguous, in units of 16 bytes. `head` and `tail` count units and
 * wrap at 2^32. The reader copies a record and then claims it by compare-and-swap of `tail`; a writer that drops the oldest
 * moves `tail` by the same operation. Whoever comes second sees that it lost: a reader throws its copy away. So a record is
 * delivered whole or not at all, whatever the timing.
 */
export type Overflow = 'wait' | 'dropOldest';

/** What both threads share. Goes through workerData as it is. */
export interface RingMemory {
  readonly control: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
}

export interface RingWriter {
  readonly overflow: Overflow;
  /** Samples thrown away so far because the reader was late. */
  readonly droppedSamples: number;
  /** Writes whole samples; a buffer over a quarter of the ring is cut into several. Resolves when all of it is in the ring. */
  write(bytes: Uint8Array, firstSample: number, gap: boolean, signal?: AbortSignal): Promise<void>;
  /** Nothing more will come: the reader gets null once it has read what is there. */
  end(): void;
}

export interface RingRecord {
  /** The reader's own copy; valid until the next read. */
  readonly bytes: Uint8Array;
  readonly firstSample: number;
  /** Samples before this record were lost, or the tuning changed. */
  readonly gap: boolean;
}

export interface RingReader {
  /** A record if one is there now, null if not. */
  tryRead(): RingRecord | null;
  /** The next record, or null at the end. */
  read(): Promise<RingRecord | null>;
}

const unitBytes = 16;
const head = 0;
const tail = 1;
const ended = 2;
const flagGap = 1;
const flagPadding = 2;
const controlWords = 4;

/** @param bytes capacity, a power of two of at least 4096. */
export function makeRingMemory(bytes: number): RingMemory {
  if (!Number.isInteger(Math.log2(bytes)) || bytes < 4096 || bytes > 2 ** 30) {
    throw new RangeError(`ring of ${bytes} bytes: a power of two from 4096 to 2^30 is needed`);
  }
  return { control: new SharedArrayBuffer(4 * controlWords), data: new SharedArrayBuffer(bytes) };
}

interface Views {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly view: DataView<SharedArrayBuffer>;
  readonly units: number;
}

function viewsOf(memory: RingMemory): Views {
  return {
    control: new Int32Array(memory.control),
    bytes: new Uint8Array(memory.data),
    view: new DataView(memory.data),
    units: memory.data.byteLength / unitBytes,
  };
}

/** Waits until the other thread moves a counter away from `seen`, or the time is over. */
async function changed(control: Int32Array<SharedArrayBuffer>, index: number, seen: number, timeoutMs: number) {
  const wait = Atomics.waitAsync(control, index, seen, timeoutMs);
  if (!wait.async) return;
  // A pending waitAsync doesn't keep a thread alive by itself (Node ends a worker that has nothing else to do).
  const hold = setInterval(() => {}, 2 ** 30);
  await wait.value;
  clearInterval(hold);
}

const unitsFor = (payloadBytes: number): number => 1 + Math.ceil(payloadBytes / unitBytes);

/** The one writer of a ring. @param bytesPerSample size of one IQ pair: buffers are cut and counted in whole pairs. */
export function makeRingWriter(memory: RingMemory, overflow: Overflow, bytesPerSample: number): RingWriter {
  const { control, bytes: store, view, units } = viewsOf(memory);
  const mask = units - 1;
  const largest = Math.floor((memory.data.byteLength / 4 - unitBytes) / bytesPerSample) * bytesPerSample;
  let droppedSamples = 0;

  /**
   * @param at the tail that was judged to leave too little room. Not loaded again: the reader may have emptied the ring
   * since, and what lies at the new tail is then no record. The exchange below fails for a tail that has moved.
   */
  function dropOldest(at: number): void {
    const offset = (at & mask) * unitBytes;
    const payload = view.getInt32(offset + 8, true);
    const padding = (view.getInt32(offset + 12, true) & flagPadding) !== 0;
    const next = (at + unitsFor(payload)) | 0;
    if (Atomics.compareExchange(control, tail, at, next) === at && !padding) droppedSamples += payload / bytesPerSample;
  }

  async function makeRoom(needed: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const seen = Atomics.load(control, tail);
      if (units - ((Atomics.load(control, head) - seen) | 0) >= needed) return;
      if (overflow === 'dropOldest') dropOldest(seen);
      else {
        signal?.throwIfAborted();
        // The time-out only bounds how late an abort is seen; the reader's notification ends the wait at once.
        await changed(control, tail, seen, 100);
      }
    }
  }

  function put(payload: Uint8Array | null, payloadBytes: number, firstSample: number, flags: number): void {
    const at = Atomics.load(control, head);
    const offset = (at & mask) * unitBytes;
    view.setFloat64(offset, firstSample, true);
    view.setInt32(offset + 8, payloadBytes, true);
    view.setInt32(offset + 12, flags, true);
    if (payload !== null) store.set(payload, offset + unitBytes);
    Atomics.store(control, head, (at + unitsFor(payloadBytes)) | 0);
    Atomics.notify(control, head);
  }

  async function writePiece(piece: Uint8Array, firstSample: number, gap: boolean, signal?: AbortSignal): Promise<void> {
    const needed = unitsFor(piece.length);
    const toEnd = units - (Atomics.load(control, head) & mask);
    if (toEnd < needed) {
      await makeRoom(toEnd, signal);
      put(null, (toEnd - 1) * unitBytes, 0, flagPadding);
    }
    await makeRoom(needed, signal);
    put(piece, piece.length, firstSample, gap ? flagGap : 0);
  }

  return {
    overflow,
    get droppedSamples() {
      return droppedSamples;
    },
    async write(bytes, firstSample, gap, signal) {
      if (bytes.length % bytesPerSample !== 0) throw new RangeError(`${bytes.length} bytes are not whole samples`);
      for (let at = 0; at < bytes.length; at += largest) {
        const piece = bytes.subarray(at, at + largest);
        await writePiece(piece, firstSample + at / bytesPerSample, gap && at === 0, signal);
      }
    },
    end() {
      Atomics.store(control, ended, 1);
      Atomics.notify(control, head);
    },
  };
}

/** The one reader of a ring; a new one goes on where the last one stopped. */
export function makeRingReader(memory: RingMemory, bytesPerSample: number): RingReader {
  const { control, bytes: store, view, units } = viewsOf(memory);
  const mask = units - 1;
  const copy = new Uint8Array(memory.data.byteLength / 4);
  // The sample after the last one read: a mismatch is a gap, whoever made it; also when the very first ones were dropped.
  let expected = 0;

  function tryRead(): RingRecord | null {
    for (;;) {
      const at = Atomics.load(control, tail);
      if (at === Atomics.load(control, head)) return null;
      const offset = (at & mask) * unitBytes;
      const firstSample = view.getFloat64(offset, true);
      const payload = view.getInt32(offset + 8, true);
      const flags = view.getInt32(offset + 12, true);
      const padding = (flags & flagPadding) !== 0;
      // While the writer drops and overwrites this record the head may be nonsense: bound it before use; the claim then fails.
      const sane = payload >= 0 && (padding || payload <= copy.length) && offset + unitBytes + payload <= store.length;
      if (sane && !padding) copy.set(store.subarray(offset + unitBytes, offset + unitBytes + payload));
      const next = sane ? (at + unitsFor(payload)) | 0 : at;
      if (Atomics.compareExchange(control, tail, at, next) !== at || !sane) continue;
      Atomics.notify(control, tail);
      if (padding) continue;
      const gap = (flags & flagGap) !== 0 || firstSample !== expected;
      expected = firstSample + payload / bytesPerSample;
      return { bytes: copy.subarray(0, payload), firstSample, gap };
    }
  }

  return {
    tryRead,
    async read() {
      for (;;) {
        const seen = Atomics.load(control, head);
        const over = Atomics.load(control, ended) !== 0;
        const record = tryRead();
        if (record !== null) return record;
        if (over) return null;
        await changed(control, head, seen, 1000);
      }
    },
  };
}
