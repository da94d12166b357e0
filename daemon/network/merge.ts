import { createHash } from 'node:crypto';
import type { NetworkFrame } from './message.ts';

/** A transmission that is known, as far as merging needs it. */
export interface KnownTransmission {
  readonly id: string;
  readonly key: string;
  /** Of the reception that was stored first, ms since the epoch. */
  readonly timeMs: number | null;
  /** Ledgers that have it: each hears a transmission once. */
  readonly ledgers: Set<string>;
}

/** Same satellite, same bytes. Simulated ones are never taken for real ones. 32 hex digits. */
export function mergeKey({ norad, satellite, frame, simulated }: NetworkFrame): string {
  const who = norad ?? satellite ?? '';
  return createHash('sha256').update(`${who}\n${simulated}\n${frame}`).digest('hex').slice(0, 32);
}

/** Time by which a reception can be compared with others'; null: that clock was not set, so it stays for itself. */
export function comparableMs({ time, clock }: NetworkFrame): number | null {
  return time === null || clock === 'unsynchronised' ? null : Date.parse(time);
}

/**
 * Which of these transmissions a reception is of: same satellite and bytes, heard within `withinMs` of the first stored one,
 * the nearest in time where there are several; null: a new one. A ledger that has two frames heard two transmissions, so that
 * a beacon that says the same every second is counted right.
 */
export function transmissionOf(
  frame: NetworkFrame,
  known: readonly KnownTransmission[],
  withinMs: number,
): KnownTransmission | null {
  const timeMs = comparableMs(frame);
  if (timeMs === null) return null;
  let nearest: KnownTransmission | null = null;
  let least = withinMs;
  for (const one of known) {
    if (one.timeMs === null || one.ledgers.has(frame.ledger)) continue;
    const apart = Math.abs(one.timeMs - timeMs);
    if (apart > least || (apart === least && nearest !== null)) continue;
    nearest = one;
    least = apart;
  }
  return nearest;
}
