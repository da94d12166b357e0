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
  /** Measured minus expected carrier in Hz, mean over the frame, positive is higher; null for FM audio. */
  readonly offset_hz: number | null;
  /** FSK on IQ: the modulation index that the demodulator came to from the assumed one; null where none is estimated. */
  readonly modulation_index: number | null;
  /** Symbol clock against the input's sample clock in ppm, positive is faster; null when the frame is too short to tell. */
  readonly clock_ppm: number | null;
  /** How well the sync word matched, 0 to 1; null where the framing has none. */
  readonly sync_quality: number | null;
}

/** A frame in the ledger, as the API and `downlinkd frames` give it. */
export interface StoredFrame extends DecodedFrame {
  /** From 1, no gap. */
  readonly seq: number;
  readonly id: string;
  readonly simulated: boolean;
}

/** Answer of `GET /api/frames`. */
export interface FramesPage {
  readonly frames: readonly StoredFrame[];
  /** What to give as `since` for the frames behind these. */
  readonly next: number;
}

export interface SatelliteEntry {
  readonly name: string;
  /** Catalogue number, null while it has none. */
  readonly norad: number | null;
  readonly alternative_names: readonly string[];
  readonly note: string | null;
  readonly transmitters: readonly TransmitterEntry[];
}

export interface TransmitterEntry {
  readonly id: string;
  readonly frequency_hz: number;
  readonly mode: string;
  /** False: its framing is not decoded yet. */
  readonly implemented: boolean;
  /** True: this station listens to it now. */
  readonly received: boolean;
}

/** Answer of `GET /api/status`. */
export interface StatusReport {
  readonly version: string;
  readonly uptime_s: number;
  /** True when any of the SDRs is simulated. */
  readonly simulated: boolean;
  readonly station: {
    readonly callsign: string | null;
    readonly name: string | null;
    readonly latitude: number | null;
    readonly longitude: number | null;
    readonly altitude_m: number | null;
  };
  /** The station's idea of the present, ISO 8601 UTC. Whether it is synchronised is not known. */
  readonly clock: { readonly time: string; readonly synchronised: null };
  readonly ledger: {
    readonly id: string;
    /** Number of the newest frame, 0 while there is none. */
    readonly last_seq: number;
    /** Frames received that are not on disk yet, and so not announced. */
    readonly waiting_frames: number;
    /** Frames given up because the disk failed for too long. */
    readonly lost_frames: number;
    readonly error: string | null;
  };
  /** Open streams of frames. */
  readonly stream_clients: number;
  readonly sdrs: readonly SdrStatus[];
}

export interface SdrStatus {
  readonly id: string;
  readonly driver: string;
  readonly simulated: boolean;
  readonly state: 'closed' | 'opening' | 'streaming' | 'waiting' | 'ended' | 'failed';
  /** Why it waits or failed. */
  readonly reason: string | null;
  readonly centre_hz: number;
  readonly sample_rate: number;
  /** Samples received so far, without lost ones. */
  readonly samples: number;
  /** Samples lost because this computer was late. */
  readonly dropped_samples: number;
  /** Samples lost before they came here, by the clock; null when the driver can't tell. */
  readonly estimated_lost_samples: number | null;
  /** Interruptions of the sample stream. */
  readonly gaps: number;
  readonly worker_restarts: number;
  readonly channels: readonly ChannelStatus[];
  /** Transmitters of the wanted satellites that are not received, and why. */
  readonly not_received: readonly {
    readonly satellite: string;
    readonly transmitter: string | null;
    readonly mode: string | null;
    readonly reason: string;
  }[];
}

export interface ChannelStatus {
  readonly satellite: string;
  readonly transmitter: string;
  readonly mode: string;
  readonly frequency_hz: number;
  readonly frames: number;
  /** Frames that another channel had given already. */
  readonly duplicates: number;
  /** Candidates given up, by reason. */
  readonly rejects: { readonly length: number; readonly crc: number; readonly fec: number; readonly header: number };
  /** Times the receiver failed and began anew. */
  readonly failures: number;
  readonly last_frame: {
    readonly time: string | null;
    readonly snr_db: number | null;
    readonly offset_hz: number | null;
  } | null;
}

/** Every error of the HTTP API, and of a refused WebSocket. */
export interface ErrorAnswer {
  readonly code: string;
  readonly message: string;
}
