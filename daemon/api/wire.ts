/** The public message types. This file is the contract with every client: the command line, HTTP, WebSocket, the page. */
import type { Integrity } from '../../dsp/core/types.ts';

/** One line of `downlinkd decode`. */
export interface DecodedFrame {
  /** ISO 8601 UTC, millisecond, of the frame's first bit; null when nothing tells it. */
  readonly time: string | null;
  /** Zero-based input sample of the first bit after the sync word or flag. */
  readonly sample: number;
  readonly satellite: string | null;
  readonly transmitter: string | null;
  /** Normalised MODE string. */
  readonly mode: string;
  /** Lower-case hex. */
  readonly frame: string;
  readonly integrity: Integrity;
  /** Es/N0 in dB. */
  readonly snr_db: number | null;
  /** Measured minus expected carrier in Hz, positive is higher; null for FM audio. */
  readonly offset_hz: number | null;
}

/** A frame in the ledger, as the API and `downlinkd frames` give it. */
export interface StoredFrame extends DecodedFrame {
  /** From 1, no gap. */
  readonly seq: number;
  readonly id: string;
  readonly simulated: boolean;
}
