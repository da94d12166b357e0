import type { StoredFrame, TelemetryReport } from '../../../daemon/api/wire.ts';

/** A number of a satellite over time. */
export interface FieldValues {
  readonly name: string;
  readonly unit: string;
  readonly timesS: readonly number[];
  readonly values: readonly number[];
}

/** The numbers that frames have in common, by name. @param reports of the frames, by seq; the others are left out */
export function numbersOf(
  frames: readonly StoredFrame[],
  reports: ReadonlyMap<number, TelemetryReport>,
): readonly FieldValues[] {
  const byName = new Map<string, { name: string; unit: string; timesS: number[]; values: number[] }>();
  const timed = frames.flatMap(({ seq, time }) => (time === null ? [] : [{ seq, timeMs: Date.parse(time) }]));
  for (const { seq, timeMs } of timed.sort((a, b) => a.timeMs - b.timeMs))
    for (const { name, value, unit = '' } of reports.get(seq)?.fields ?? []) {
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      const own = byName.get(name) ?? { name, unit, timesS: [], values: [] };
      byName.set(name, own);
      own.timesS.push(timeMs / 1000);
      own.values.push(value);
    }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
