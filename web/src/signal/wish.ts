import type { LiveWish } from '../../../daemon/api/live-wire.ts';
import type { SignalState } from './signal-state.ts';

export const rowsPerS = 10;
/** As long ago as the rows reach that are kept here. */
const pastRows = 100;
/** A width that is dragged by some pixels asks for nothing new. */
const binStep = 64;

/** What is asked of the station for what is shown. Reads the signals that it depends on. */
export function wishOf({ sdr, zoom, span, channel, paused }: SignalState, columns: number): LiveWish {
  if (paused.value || sdr.value === null || columns === 0) return {};
  const bins = Math.max(64, Math.ceil(columns / binStep) * binStep);
  const part = zoom.value === null ? null : span.value;
  return {
    waterfall: {
      ...{ sdr: sdr.value, bins, rowsPerS, pastRows },
      ...(part !== null && { lowHz: Math.round(part.lowHz), highHz: Math.round(part.highHz) }),
    },
    ...(channel.value !== null && {
      channel: { sdr: sdr.value, satellite: channel.value.satellite, transmitter: channel.value.transmitter },
    }),
  };
}
