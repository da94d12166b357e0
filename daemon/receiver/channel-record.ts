import type { Reject } from '../../dsp/core/types.ts';
import { formatMode } from '../../dsp/mode.ts';
import type { ChannelStatus, DecodedFrame } from '../api/wire.ts';
import type { ChannelPlan } from './channel-plan.ts';
import { type Hearing, makeHearing } from './hearing.ts';

/** What one channel did so far. */
export interface ChannelRecord {
  readonly mode: string;
  frames: number;
  duplicates: number;
  failures: number;
  readonly rejects: Record<Reject, number>;
  lastFrame: DecodedFrame | null;
  readonly hearing: Hearing;
}

export function makeChannelRecord(plan: ChannelPlan): ChannelRecord {
  const rejects = { length: 0, crc: 0, fec: 0, header: 0 };
  const hearing = makeHearing();
  return { mode: formatMode(plan.mode), frames: 0, duplicates: 0, failures: 0, rejects, lastFrame: null, hearing };
}

/** @param nowMs by the clock that is not set */
export function channelStatus(plan: ChannelPlan, record: ChannelRecord, nowMs: number): ChannelStatus {
  const { mode, frames, duplicates, failures, rejects, lastFrame, hearing } = record;
  return {
    satellite: plan.satellite,
    transmitter: plan.transmitter,
    mode,
    frequency_hz: plan.frequencyHz,
    frames,
    duplicates,
    rejects: { ...rejects },
    failures,
    hearing: hearing.report(nowMs),
    last_frame:
      lastFrame === null ? null : { time: lastFrame.time, snr_db: lastFrame.snr_db, offset_hz: lastFrame.offset_hz },
  };
}
