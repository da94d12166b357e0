import type { DecodedFrame } from '../api/wire.ts';

/** A frame as a receiver gives it, not stored yet. */
export interface ReceivedFrame extends DecodedFrame {
  readonly simulated: boolean;
  /** Where its time comes from: this computer's clock as the samples arrived, or the recording; null where it has none. */
  readonly timedBy: 'arrival' | 'recording' | null;
  /** How long it was transmitted. */
  readonly durationMs: number;
}
