import type { RowRing } from './row-ring.ts';

/** Which levels the colours stand for. */
export interface LevelScale {
  readonly floorDb: number;
  readonly rangeDb: number;
}

const leastRangeDb = 25;
const belowNoiseDb = 1;
const aboveHighestDb = 3;
/** How much of a new row's scale is taken over: colours do not flicker, and stay as they are between the bursts of a signal. */
const [taken, wider, narrower] = [0.08, 0.3, 0.02];

/** From a little below the noise to a little above the strongest signal of a row. */
export function scaleOf(ring: RowRing, slot: number): LevelScale {
  const counts = new Uint32Array(256);
  const { bins } = ring.row(slot);
  const at = slot * ring.widest;
  for (let i = 0; i < bins; i++) counts[ring.levels[at + i]!]!++;
  const floorDb = ring.baseDb + ring.stepDb * quantile(counts, bins, 0.3) - belowNoiseDb;
  const highDb = ring.baseDb + ring.stepDb * quantile(counts, bins, 1) + aboveHighestDb;
  return { floorDb, rangeDb: Math.max(leastRangeDb, highDb - floorDb) };
}

/** The scale of the next row, from that of the rows before and its own. */
export function followed(before: LevelScale | null, own: LevelScale): LevelScale {
  if (before === null) return own;
  return {
    floorDb: before.floorDb + taken * (own.floorDb - before.floorDb),
    rangeDb: before.rangeDb + (own.rangeDb > before.rangeDb ? wider : narrower) * (own.rangeDb - before.rangeDb),
  };
}

function quantile(counts: Uint32Array, all: number, part: number): number {
  let seen = 0;
  for (let byte = 0; byte < counts.length; byte++) {
    seen += counts[byte]!;
    if (seen >= part * all) return byte;
  }
  return counts.length - 1;
}
