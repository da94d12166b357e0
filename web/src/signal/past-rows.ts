import type { LiveRow } from '../../../daemon/api/live-wire.ts';

/**
 * Rows of the time before as if they had come at the rate of the others: each of them several times. Their bins are as wide as they
 * were made, so their noise lies elsewhere: they are moved to that of the first row that came live.
 * @param past one a second, the oldest first
 * @param afterMs what is no newer is there already
 */
export function fillIn(past: readonly LiveRow[], live: LiveRow, rowsPerS: number, afterMs: number): LiveRow[] {
  const last = past.at(-1);
  if (last === undefined) return [];
  const moveDb = noiseDb(live, live) - noiseDb(last, live);
  return past.flatMap((row) =>
    Array.from({ length: rowsPerS }, (_, i) => ({
      ...row,
      timeMs: row.timeMs + 1000 * ((i + 0.5) / rowsPerS - 0.5),
      floorDb: row.floorDb + moveDb,
    })).filter(({ timeMs }) => timeMs > afterMs && timeMs < live.timeMs),
  );
}

/** The middle of a row's levels where another one lies. */
function noiseDb({ lowHz, highHz, floorDb, stepDb, levels }: LiveRow, within: LiveRow): number {
  const toBin = levels.length / (highHz - lowHz);
  const first = Math.floor((within.lowHz - lowHz) * toBin);
  const part = levels.slice(Math.max(0, first), Math.max(first + 1, Math.ceil((within.highHz - lowHz) * toBin)));
  return floorDb + stepDb * (part.sort()[part.length >> 1] ?? 0);
}
