import type { PassOffsets } from '../../../daemon/api/wire.ts';

/** Offsets and the curve laid through them, over the same times. */
export interface FitLines {
  readonly timesS: readonly number[];
  readonly measured: readonly (number | null)[];
  readonly fitted: readonly (number | null)[];
}

/** Two series of their own times as one of all times; null where one has no value. */
export function fitLines({ offsets, fitted }: PassOffsets): FitLines {
  const all = [
    ...offsets.map(({ time, offset_hz }) => ({ timeMs: Date.parse(time), measured: offset_hz, fitted: null })),
    ...(fitted ?? []).map(({ time, offset_hz }) => ({ timeMs: Date.parse(time), measured: null, fitted: offset_hz })),
  ].sort((a, b) => a.timeMs - b.timeMs);
  return {
    timesS: all.map(({ timeMs }) => timeMs / 1000),
    measured: all.map((one) => one.measured),
    fitted: all.map((one) => one.fitted),
  };
}
