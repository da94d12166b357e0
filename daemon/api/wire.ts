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

/**
 * How far the time of a frame can be trusted: the clock was synchronised, was not, was not and the time was corrected when it
 * was; the time is the recording's own; nothing tells.
 */
export type FrameClock = 'synchronised' | 'unsynchronised' | 'restamped' | 'recording' | 'unknown';

/** A frame in the ledger, as the API and `downlinkd frames` give it. */
export interface StoredFrame extends DecodedFrame {
  /** From 1, no gap. */
  readonly seq: number;
  /** Given once, when the frame is stored; stays the same wherever the frame goes. */
  readonly id: string;
  /** Catalogue number of the satellite, null where it has none or none is known. */
  readonly norad: number | null;
  /** The SDR that received it; null for a frame that was imported. */
  readonly sdr: string | null;
  /** Key of the pass in which it was received; null outside of the plan. */
  readonly pass: string | null;
  readonly clock: FrameClock;
  /** What told that the clock was or was not synchronised. */
  readonly clock_source: string | null;
  readonly simulated: boolean;
  /** The same transmission as other SDRs and decoders of this station had it. */
  readonly copies: readonly FrameCopy[];
}

/** A second reception of a stored frame. */
export type FrameCopy = Pick<DecodedFrame, 'time' | 'transmitter' | 'mode' | 'snr_db' | 'offset_hz'> & {
  readonly sdr: string | null;
};

/** Answer of `GET /api/frames`. */
export interface FramesPage {
  readonly frames: readonly StoredFrame[];
  /** What to give as `since` for the frames behind these. */
  readonly next: number;
}

/** A collector that frames are delivered to. */
export interface CollectorReport {
  readonly id: string;
  readonly type: string;
  /** Held: frames wait for their time to be corrected, until the clock is synchronised. */
  readonly state: 'idle' | 'delivering' | 'waiting' | 'held' | 'stopped' | 'disabled';
  /** Why it waits, in the collector's words where it had any. */
  readonly reason: string | null;
  readonly next_attempt: string | null;
  /** Everything up to this frame is settled. */
  readonly cursor: number;
  /** Frames behind the cursor; null while it is disabled. */
  readonly queued: number | null;
  readonly accepted: number;
  readonly refused: number;
  /** Not delivered by the operator's choice, and why; those that an older version withheld have no cause. */
  readonly withheld: number;
  readonly withheld_because: Readonly<Record<WithheldCause, number>>;
  /** Frames that it did not take while it took others; they are tried again. */
  readonly aside: readonly { readonly seq: number; readonly attempts: number; readonly reason: string }[];
  readonly last_accepted: string | null;
  /** The newest first. */
  readonly last_refusals: readonly { readonly seq: number; readonly reason: string; readonly at: string }[];
}

/** Why a frame is kept from a collector: its satellite, that it is simulated, its time that is not known, its weak evidence. */
export type WithheldCause = 'satellite' | 'simulated' | 'clock' | 'weak';

/** What became of a frame at a collector. */
export interface FrameDelivery {
  readonly collector: string;
  /** Settled: accepted, or received before the collector was set up. */
  readonly state: 'queued' | 'settled' | 'refused' | 'withheld' | 'aside';
  readonly reason: string | null;
}

export interface SatelliteEntry {
  readonly name: string;
  /** Catalogue number, null while it has none. */
  readonly norad: number | null;
  readonly alternative_names: readonly string[];
  readonly note: string | null;
  readonly transmitters: readonly TransmitterEntry[];
  /** Null where its passes are not followed. */
  readonly tracked: TrackedReport | null;
}

/** How a satellite is followed by its passes. */
export interface TrackedReport {
  readonly priority: number;
  /** Null: from the horizon on. */
  readonly min_elevation_deg: number | null;
  readonly record: boolean;
}

export interface TransmitterEntry {
  readonly id: string;
  readonly frequency_hz: number;
  readonly mode: string;
  /** True: this station listens to it now. */
  readonly received: boolean;
}

/** Answer of `GET /api/modes`: how transmitters are written, and the keys that each modulation and framing looks at. */
export interface ModesReport {
  /** JSON Schema of a transmitter in a file of `config/satellites`. */
  readonly schema: unknown;
  readonly modulations: readonly { readonly kind: string; readonly keys: readonly string[] }[];
  readonly framings: readonly { readonly kind: string; readonly keys: readonly string[] }[];
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
  /** The station's idea of the present, ISO 8601 UTC; whether it is right (null: nothing tells), and what says so. */
  readonly clock: { readonly time: string; readonly synchronised: boolean | null; readonly source: string | null };
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
  /** Why it waits or failed, or how it streams without samples. */
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
  readonly hearing: ChannelHearing;
  readonly last_frame: {
    readonly time: string | null;
    readonly snr_db: number | null;
    readonly offset_hz: number | null;
  } | null;
}

/** What a channel hears, of the last minute, for people. */
export interface ChannelHearing {
  /** Failing: a signal, and frames that fail their check. */
  readonly state: 'nothing' | 'signal' | 'failing' | 'frames';
  readonly text: string;
}

/** A pass of a tracked satellite, to come, under way or over. Times are ISO 8601 UTC, angles degrees. */
export interface PassEntry {
  /** Names the pass; stays the same when elements are renewed. */
  readonly key: string;
  readonly norad: number;
  readonly name: string;
  readonly aos: string;
  readonly tca: string;
  readonly los: string;
  readonly max_elevation_deg: number;
  /** Null for a satellite that was up already. */
  readonly aos_azimuth_deg: number | null;
  /** Null for one that stays up. */
  readonly los_azimuth_deg: number | null;
  readonly priority: number;
  readonly choice: 'pinned' | 'skipped' | null;
  /** Age of the elements that it was predicted from, at AOS. */
  readonly elements_age_days: number;
  /** What is wrong with those elements, in plain words. */
  readonly elements_note: string | null;
  /** How it is, or was, received; empty when it is not. */
  readonly received_by: readonly PassPart[];
  /** Es/N0 of the best of its frames; null without any, and while it is not over. */
  readonly best_snr_db: number | null;
  /** Why it is not received, or why nothing was heard. */
  readonly reason: string | null;
  /** True when a simulator is planned to receive it, or gave any of what was received. */
  readonly simulated: boolean;
  readonly fit: PassFitReport | null;
  /** Why there is no fit although there are frames; null otherwise. */
  readonly fit_reason: string | null;
  /** There is a picture of its signal: `GET /api/passes/KEY/waterfall.png`. None where a simulator handed over no samples. */
  readonly waterfall: boolean;
}

/** What the carrier offsets of a pass tell of the elements and the oscillators. */
export interface PassFitReport {
  /** How late the satellite came, positive is later than predicted; standard deviation of that. */
  readonly time_bias_s: number;
  readonly sigma_time_s: number;
  /** How much higher the carrier was than expected, of the first transmitter; standard deviation of that. */
  readonly frequency_bias_hz: number;
  readonly sigma_frequency_hz: number;
  /** The same in parts per million of the carrier: what a calibration takes over. */
  readonly frequency_bias_ppm: number;
  /** What remains of the offsets of the frames that were used. */
  readonly rms_hz: number;
  readonly used_frames: number;
  /** Frames whose offset does not fit to the others. */
  readonly rejected_frames: number;
}

/** A pass, or a part of it, on one SDR. */
export interface PassPart {
  readonly sdr: string;
  readonly transmitters: readonly string[];
  /** As planned, or when it is over as it was received. */
  readonly from: string;
  readonly to: string;
  /** From AOS to LOS; false: others left only this part, or the station came late, or was stopped. */
  readonly whole: boolean;
  /** When the antenna follows the satellite. */
  readonly pointed: readonly { readonly from: string; readonly to: string }[];
  readonly state: 'planned' | 'pre-pointing' | 'receiving' | 'flushing' | 'done' | 'missed' | 'interrupted';
  readonly frames: number;
}

/** Answer of `GET /api/passes`. */
export interface PassList {
  readonly passes: readonly PassEntry[];
  /** Tracked satellites that have no passes, and why. */
  readonly not_predicted: readonly { readonly satellite: string; readonly norad: number; readonly reason: string }[];
  /** Why the list is empty; null when it is not. */
  readonly reason: string | null;
}

/** Answer of `GET /api/plan`: what every SDR and rotator does, in the order of time. */
export interface PlanReport {
  readonly captures: readonly {
    readonly sdr: string;
    readonly from: string;
    readonly to: string;
    readonly passes: readonly string[];
  }[];
  readonly pointing: readonly {
    readonly rotator: string;
    readonly pass: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly left: readonly { readonly pass: string; readonly reason: string }[];
}

/** Where a satellite is: one line of `downlinkd track`, answer of `GET /api/track/:norad`. */
export interface TrackReport {
  readonly norad: number;
  readonly name: string;
  readonly time: string;
  readonly elements_epoch: string;
  /** At that time; negative when it lies before the epoch. */
  readonly elements_age_days: number;
  /** What is wrong with those elements for that time, in plain words. */
  readonly elements_note: string | null;
  readonly azimuth_deg: number;
  readonly elevation_deg: number;
  readonly range_km: number;
  /** Negative while it comes nearer. */
  readonly range_rate_km_s: number;
  /** Of its first transmitter; null when none is known. */
  readonly frequency_hz: number | null;
  readonly doppler_hz: number | null;
  /** Point on the Earth below it, and its height above the ellipsoid. */
  readonly latitude_deg: number;
  readonly longitude_deg: number;
  readonly altitude_km: number;
  readonly sunlit: boolean;
}

/** Answer of `GET /api/passes/:key/track`: the way over the sky. */
export interface PassTrack {
  readonly key: string;
  /** From AOS to LOS, every 10 s; of the longest passes at longer steps. */
  readonly points: readonly Pick<TrackReport, 'time' | 'azimuth_deg' | 'elevation_deg' | 'range_km' | 'doppler_hz'>[];
  /** What the satellite rises and sets over, every 5 degrees from north. */
  readonly horizon: readonly AxesReport[];
}

/** Answer of `GET /api/track/:norad/ground`: the way of a satellite over the Earth. */
export interface GroundReport {
  readonly norad: number;
  readonly name: string;
  /** Time of one orbit. */
  readonly period_s: number;
  readonly points: readonly {
    readonly time: string;
    readonly latitude_deg: number;
    readonly longitude_deg: number;
    readonly altitude_km: number;
    readonly sunlit: boolean;
  }[];
}

/** Answer of `GET /api/passes/:key/offsets`: what was measured of the carrier in a pass that is over. */
export interface PassOffsets {
  /** Measured minus predicted, in the order of time. */
  readonly offsets: readonly {
    readonly time: string;
    readonly offset_hz: number;
    readonly frequency_hz: number;
    readonly sdr: string | null;
  }[];
  /** The same by the fit, for the first transmitter, from AOS to LOS; null without a fit or elements. */
  readonly fitted: readonly { readonly time: string; readonly offset_hz: number }[] | null;
}

/** Answer of `GET /api/elements`: where orbital elements come from, and those of the tracked satellites. */
export interface ElementsReport {
  readonly sources: readonly {
    readonly source: string;
    readonly last_fetch: string | null;
    readonly next_fetch: string | null;
    readonly outcome: string;
    /** What is wrong, in plain words. */
    readonly reason: string | null;
    readonly elements: number;
    readonly bad: number;
  }[];
  readonly satellites: readonly ElementsInUse[];
}

/** The elements that count for a satellite. */
export interface ElementsInUse {
  readonly norad: number;
  readonly name: string;
  /** Null without elements. */
  readonly epoch: string | null;
  readonly age_days: number | null;
  readonly source: string | null;
  readonly pinned: boolean;
}

/** Answer of `DELETE /api/elements/:norad`. */
export interface ElementsForgotten {
  /** What counts for it now. */
  readonly in_use: readonly ElementsInUse[];
}

/** Answer of `POST /api/elements`. */
export interface ElementsTaken {
  /** Catalogue numbers of those that were taken. */
  readonly satellites: readonly number[];
  /** What counts for them now: not what was sent where something newer or pinned is there. */
  readonly in_use: readonly ElementsInUse[];
  /** What can't be used; `record` counts the records of a JSON text from 1. */
  readonly bad: readonly { readonly line: number; readonly record?: number; readonly reason: string }[];
}

/** Answer of `PUT /api/passes/:key/calibration`. */
export interface CalibrationTaken {
  readonly norad: number;
  /** How much higher than published its transmitters are expected from now on, parts per million. */
  readonly offset_ppm: number;
  readonly pass: string;
}

export interface RotatorReport {
  readonly id: string;
  readonly state: 'idle' | 'pre-pointing' | 'tracking' | 'parking' | 'parked' | 'fault';
  /** What is wrong, null when nothing is. */
  readonly reason: string | null;
  /** The pass that it follows. */
  readonly pass: string | null;
  /** As the mount shows them. */
  readonly commanded: AxesReport | null;
  readonly read: AxesReport | null;
}

/** Of the answer of `GET /api/rigs`. */
export interface RigReport {
  readonly id: string;
  /** The SDR whose satellite it follows. */
  readonly sdr: string;
  readonly state: 'idle' | 'tuning' | 'fault';
  /** What is wrong, null when nothing is. */
  readonly reason: string | null;
  /** What it was told last, Hz; null while it follows nothing. */
  readonly downlink_hz: number | null;
  readonly uplink_hz: number | null;
}

export interface AxesReport {
  readonly azimuth_deg: number;
  readonly elevation_deg: number;
}

/** One message a second on the WebSocket `/api/tracking/stream`. */
export interface TrackingState {
  readonly time: string;
  /** Tracked satellites above the horizon. */
  readonly in_view: readonly TrackReport[];
  /** Passes being received. */
  readonly receiving: readonly PassEntry[];
  readonly next_pass: PassEntry | null;
  readonly rotators: readonly RotatorReport[];
}

/** Every error of the HTTP API, and of a refused WebSocket. */
export interface ErrorAnswer {
  readonly code: string;
  readonly message: string;
  /** What is wrong with settings, a satellite or a transmitter that were refused. */
  readonly problems?: readonly SettingsProblem[];
}

/** One thing that is wrong with what was sent. */
export interface SettingsProblem {
  /** `sdrs[0].gain_db`; empty for the whole. */
  readonly path: string;
  /** What stands there and what is expected. */
  readonly message: string;
}

/** Answer of `GET /api/settings`. In it and in all that is sent back, `********` stands for a secret that stays as it is. */
export interface SettingsReport {
  readonly file: string;
  /** Where changes go: another file while the station runs with the project's example. */
  readonly saved_to: string;
  /** Holds the token that changes need; in the data folder that is used, whatever the settings file says. */
  readonly operator_token_file: string;
  /** Names the text; sent along when it is saved. */
  readonly hash: string;
  readonly yaml: string;
  /** The same as data; null where the file is no YAML now. */
  readonly settings: unknown;
  /** JSON Schema of the settings. */
  readonly schema: unknown;
  /** Why nothing can be saved; null when it can. */
  readonly not_writable: string | null;
  /** How the last change went since the program was started; null while there was none. */
  readonly last_change: SettingsChange | null;
}

export interface SettingsChange {
  readonly at: string;
  /** Undone: the station did not start with them, and runs with those before again. */
  readonly outcome: 'applied' | 'undone';
  readonly reason: string | null;
}

/** Settings as text or as data, body of `POST /api/settings/check`; with `hash`, of `PUT /api/settings`. */
export type SettingsProposal = { readonly yaml: string } | { readonly settings: unknown };

/** Answer of `POST /api/settings/check`. */
export interface SettingsCheck {
  readonly problems: readonly SettingsProblem[];
  /** Unified diff against the file; empty where nothing changes. */
  readonly diff: string;
  /** What would be written, as text and as data (null where the text is no YAML). */
  readonly yaml: string;
  readonly settings: unknown;
  /** What the station breaks off when it starts anew with them. */
  readonly interrupts: readonly string[];
}

/** Answer of what changes the settings. */
export interface SettingsSaved {
  readonly hash: string;
  /** True: the station starts anew, and is away for some seconds. */
  readonly restarts: boolean;
}

/** Body of `PUT /api/satellites/:satellite/tracking`. Left out: as it is; null: as without. */
export interface TrackingWish {
  readonly tracked: boolean;
  readonly priority?: number | null;
  readonly min_elevation_deg?: number | null;
  readonly record?: boolean | null;
}

/** Answer of `GET /api/log`. */
export interface LogPage {
  readonly lines: readonly LogEntry[];
  /** What to give as `since` for the lines behind these. */
  readonly next: number;
}

export interface LogEntry {
  readonly seq: number;
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  /** What the line tells besides. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Answer of `GET /api/check`. */
export interface CheckReport {
  readonly findings: readonly {
    readonly check: string;
    readonly state: 'ok' | 'warning' | 'failed';
    readonly message: string;
  }[];
}

/** What a frame's bytes say: answer of `GET /api/frames/:seq/telemetry`, `telemetry` of `downlinkd frames --telemetry`. */
export interface TelemetryReport {
  /** What the fields were read with; null when nothing is known about such frames. */
  readonly definition: string | null;
  /** In the order of the bytes. */
  readonly fields: readonly TelemetryField[];
  /** Why there are no fields, or no more of them; null when the whole frame was understood. */
  readonly reason: string | null;
}

export interface TelemetryField {
  /** Parts of a part with dots: `source.callsign`. */
  readonly name: string;
  /** Bytes are lower-case hex. */
  readonly value: string | number | boolean | null;
  readonly unit?: string;
  /** The bytes of the frame that it was read from; null for what was computed from several. */
  readonly offset: number | null;
  readonly length: number | null;
}
