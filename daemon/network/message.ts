import type { StoredFrame } from '../api/wire.ts';

/** A frame on its way through the network: as the ledger has it, and who received it. The names are those of the JSON. */
export interface NetworkFrame extends StoredFrame {
  readonly station: NetworkStation;
  /** The ledger that `seq` counts in. */
  readonly ledger: string;
}

export interface NetworkStation {
  readonly callsign: string | null;
  readonly name: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly altitude_m: number | null;
}

/** Headers of a message. `Nats-Msg-Id` is the frame's id: the stream takes it once. */
export const headerNames = {
  ledger: 'Downlinkd-Ledger',
  seq: 'Downlinkd-Seq',
  /** Whatever its station has not settled yet lies behind this number of the stream. */
  behind: 'Downlinkd-Behind',
} as const;

/** All frames of the network. */
export const allSubjects = 'frames.>';

const longestToken = 64;

/** `frames.<norad>.<station>`; `unknown` without a number. */
export function subjectOf(norad: number | null, station: NetworkStation): string {
  return `frames.${norad ?? 'unknown'}.${stationToken(station)}`;
}

/**
 * The callsign (without one: the name) as a word of a subject: upper case, and `_` for what a subject can't have, which is
 * anything but letters, digits and dashes: DL1ABC/P is DL1ABC_P.
 */
export function stationToken({ callsign, name }: NetworkStation): string {
  const word = (callsign ?? name ?? '').trim().toUpperCase();
  return word.replace(/[^\p{L}\p{N}-]/gu, '_').slice(0, longestToken) || 'UNNAMED';
}
