import type { Interval } from './schedule.ts';

/** Passes whose times are remembered: those that end are told soon. */
const mostPasses = 20;

export interface PointedTimes {
  /** The antenna was read at a time, on the satellite or not. */
  read(pass: string, timeMs: number, onTarget: boolean): void;
  /** From this time on it is not known where the antenna is, or it can't follow. */
  fault(pass: string, timeMs: number, reason: string): void;
  /** Of these times, those in which the antenna was on the satellite. */
  within(pass: string, planned: readonly Interval[]): Interval[];
  /** What was wrong last while the pass went on; null when nothing was. */
  trouble(pass: string): string | null;
}

/**
 * When an antenna was on its satellites, from the positions that were read.
 * @param holdMs a reading counts for so long: until the next one is due, and somewhat more
 */
export function pointedTimes(holdMs: number): PointedTimes {
  const passes = new Map<string, { spans: { fromMs: number; toMs: number }[]; trouble: string | null }>();

  function of(pass: string) {
    let own = passes.get(pass);
    if (own === undefined) {
      own = { spans: [], trouble: null };
      passes.set(pass, own);
      if (passes.size > mostPasses) passes.delete(passes.keys().next().value!);
    }
    return own;
  }

  function cut(pass: string, timeMs: number): void {
    const open = of(pass).spans.at(-1);
    if (open !== undefined && timeMs >= open.fromMs) open.toMs = Math.min(open.toMs, timeMs);
  }

  return {
    read(pass, timeMs, onTarget) {
      if (!onTarget) return cut(pass, timeMs);
      const { spans } = of(pass);
      const open = spans.at(-1);
      if (open !== undefined && timeMs >= open.fromMs && timeMs <= open.toMs) open.toMs = timeMs + holdMs;
      else spans.push({ fromMs: timeMs, toMs: timeMs + holdMs });
    },
    fault(pass, timeMs, reason) {
      cut(pass, timeMs);
      of(pass).trouble = reason;
    },
    within: (pass, planned) =>
      planned.flatMap((part) =>
        (passes.get(pass)?.spans ?? [])
          .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, part.fromMs), toMs: Math.min(toMs, part.toMs) }))
          .filter(({ fromMs, toMs }) => toMs > fromMs),
      ),
    trouble: (pass) => passes.get(pass)?.trouble ?? null,
  };
}
