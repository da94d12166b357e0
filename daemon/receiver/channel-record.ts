import type { Reject } from '../../dsp/core/types.ts';
import { formatMode } from '../../dsp/mode.ts';
import type { ChannelStatus, DecodedFrame } from '../api/wire.ts';
import type { ChannelPlan } from './channel-plan.ts';

/** What one channel did so far. */
export interface ChannelRecord {
  readonly mode: string;
  frames: number;
  duplicates: number;
  failures: number;
  readonly rejects: Record<Reject, number>;
  lastFrame: DecodedFrame | null;
}

export function makeChannelRecord(plan: ChannelPlan): ChannelRecord {
  const rejects = { length: 0, crc: 0, fec: 0, header: 0 };
  return { mode: formatMode(plan.mode), frames: 0, duplicates: 0, failures: 0, rejects, lastFrame: null };
}

export function channelStatus(plan: ChannelPlan, record: ChannelRecord): ChannelStatus {
  const { mode, frames, duplicates, failures, rejects, lastFrame } = record;
  return {
    satellite: plan.satellite,
    transmitter: plan.transmitter,
    mode,
    frequency_hz: plan.frequencyHz,
    frames,
    duplicates,
    rejects: { ...rejects },
    failures,
    last_frame:
      lastFrame === null ? null : { time: lastFrame.time, snr_db: lastFrame.snr_db, offset_hz: lastFrame.offset_hz },
  };
}
