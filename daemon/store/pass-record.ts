import { createHash } from 'node:crypto';
import type { PassFit } from '../tracking/pass-fit.ts';

export const passStates = ['done', 'missed', 'skipped', 'failed', 'interrupted'] as const;
export type PassState = (typeof passStates)[number];

/** What was measured of a satellite's carrier at one time of a pass. */
export interface MeasuredOffset {
  readonly timeMs: number;
  /** From where it was expected, Doppler shift taken out, Hz. */
  readonly offsetHz: number;
  /** Nominal frequency of the transmitter, Hz. */
  readonly frequencyHz: number;
}

/** A pass that is over. Times are milliseconds since 1970, UTC. */
export interface PassRecord {
  /** See `passId`. */
  readonly id: string;
  /** Names the pass; its parts share it. */
  readonly key: string;
  readonly priority: number;
  /** From when to when it was received, or was to be when it was missed; `whole`: from AOS to LOS. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly whole: boolean;
  /** When the antenna followed the satellite. */
  readonly pointed: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly norad: number;
  readonly satellite: string;
  /** Rise, culmination and set. */
  readonly aosMs: number;
  readonly tcaMs: number;
  readonly losMs: number;
  readonly maxElevationDeg: number;
  /** Null where the satellite was up before, or stayed up. */
  readonly aosAzimuthDeg: number | null;
  readonly losAzimuthDeg: number | null;
  /** Receiver that had it; null when none did. */
  readonly sdr: string | null;
  /** Ids of the transmitters that were received. */
  readonly transmitters: readonly string[];
  readonly state: PassState;
  readonly frames: number;
  /** Es/N0 of its frames; null without any. */
  readonly bestSnrDb: number | null;
  readonly meanSnrDb: number | null;
  readonly droppedSamples: number;
  readonly gaps: number;
  readonly offsets: readonly MeasuredOffset[];
  /** What the offsets say of the elements and the oscillators; null where they don't tell, or there are none. */
  readonly fit: PassFit | null;
  /** Why there is no fit although there were frames; null otherwise. */
  readonly fitReason: string | null;
  readonly elements: { readonly epochMs: number; readonly source: string; readonly ageDays: number } | null;
  /** In plain words why nothing was heard, or why it is not done; null when all went well. */
  readonly reason: string | null;
  /** File of its recording; null when there is none. */
  readonly recording: string | null;
  readonly simulated: boolean;
}

/** More say nothing new: one every second of a pass. */
export const MOST_OFFSETS = 1000;

/** The same for the same part of a pass whoever computes it, as long as key, receiver and beginning (to a millisecond) are. */
export function passId(key: string, sdr: string | null, fromMs: number, station: string): string {
  const hash = createHash('sha256').update(`${key}\n${sdr}\n${Math.round(fromMs)}\n${station}`);
  return hash.digest('hex').slice(0, 32);
}

/** As many offsets as are kept, spread evenly, the first and the last among them. */
export function thinned(offsets: readonly MeasuredOffset[]): readonly MeasuredOffset[] {
  if (offsets.length <= MOST_OFFSETS) return offsets;
  const step = (offsets.length - 1) / (MOST_OFFSETS - 1);
  return Array.from({ length: MOST_OFFSETS }, (_, i) => offsets[Math.round(i * step)]!);
}
