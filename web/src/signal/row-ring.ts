import type { LiveRow } from '../../../daemon/api/live-wire.ts';

/** The newest rows of a waterfall, all on one scale of levels. */
export interface RowRing {
  readonly capacity: number;
  /** Bytes of a row; a row may have fewer. */
  readonly widest: number;
  /** How many rows there are. */
  readonly count: number;
  /** Row after row; dB of a byte: `baseDb + byte · stepDb`. */
  readonly levels: Uint8Array;
  readonly baseDb: number;
  readonly stepDb: number;
  /** @returns the slot that it took. Its levels are copied. */
  push(row: LiveRow): number;
  /** @param age 0: the newest. @returns null where there is none */
  slot(age: number): number | null;
  row(slot: number): RingRow;
  clear(): void;
}

export interface RingRow {
  readonly timeMs: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly bins: number;
  readonly channelsHz: Float64Array;
}

const stepDb = 0.5;
/** Room below the first row's floor, for a gain that is turned down. */
const belowDb = 24;
const noChannels = new Float64Array(0);

export function makeRowRing(capacity: number, widest: number): RowRing {
  const levels = new Uint8Array(capacity * widest);
  const rows: RingRow[] = Array.from({ length: capacity }, () => ({
    ...{ timeMs: 0, lowHz: 0, highHz: 0, bins: 0, channelsHz: noChannels },
  }));
  const scale = new Uint8Array(256);
  let scaleOf = '';
  let count = 0;
  let head = -1;
  let baseDb = 0;

  /** Bytes of the row's scale to those of the ring's. */
  function useScale(floorDb: number, rowStepDb: number): void {
    const name = `${floorDb} ${rowStepDb}`;
    if (name === scaleOf) return;
    scaleOf = name;
    for (let byte = 0; byte < 256; byte++)
      scale[byte] = Math.max(0, Math.min(255, Math.round((floorDb + byte * rowStepDb - baseDb) / stepDb)));
  }

  return {
    capacity,
    widest,
    levels,
    stepDb,
    get count() {
      return count;
    },
    get baseDb() {
      return baseDb;
    },
    push({ timeMs, lowHz, highHz, channelsHz, floorDb, stepDb: rowStepDb, levels: given }) {
      if (count === 0) {
        baseDb = Math.floor(floorDb) - belowDb;
        scaleOf = '';
      }
      useScale(floorDb, rowStepDb);
      head = (head + 1) % capacity;
      count = Math.min(capacity, count + 1);
      const bins = Math.min(widest, given.length);
      const at = head * widest;
      for (let i = 0; i < bins; i++) levels[at + i] = scale[given[i]!]!;
      rows[head] = { timeMs, lowHz, highHz, bins, channelsHz };
      return head;
    },
    slot: (age) => (age < 0 || age >= count ? null : (head - age + capacity) % capacity),
    row: (slot) => rows[slot]!,
    clear() {
      count = 0;
    },
  };
}

/** dB of a row at a frequency; null outside of it. */
export function levelAt(ring: RowRing, slot: number, hz: number): number | null {
  const { lowHz, highHz, bins } = ring.row(slot);
  const bin = Math.floor(((hz - lowHz) / (highHz - lowHz)) * bins);
  if (!(bin >= 0 && bin < bins)) return null;
  return ring.baseDb + ring.stepDb * ring.levels[slot * ring.widest + bin]!;
}
