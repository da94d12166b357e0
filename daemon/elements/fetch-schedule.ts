import { earliestPlausibleMs } from '../core/clock.ts';

/**
 * When a server may be asked again. CelesTrak makes new data every 2 h, answers a repeat within them with 403, wants
 * programs to stop at anything but 200, and shuts out who goes on (https://celestrak.org/usage-policy.php).
 *
 * Waits are kept as a time of day and a length, so that they outlast a restart. Within one run the monotonic clock alone
 * counts, so that nothing a wrong or stepping clock does makes a server be asked too often:
 * - before 2020 the clock is not set yet, and nobody is asked;
 * - a last time in the future counts as the start of this run, at the earliest: the whole wait has to pass in it;
 * - times noted by a clock that is set meanwhile are reckoned anew;
 * - a clock that is ahead before the first request of a run, or that was behind to the end of the run before, costs at
 *   most one early request: nothing here can tell that from time that has passed.
 */
export const HOUR_MS = 3_600_000;
export const LEAST_INTERVAL_MS = 2 * HOUR_MS;
const MOST_BACK_OFF_MS = 24 * HOUR_MS;
const REFUSED_MS = 24 * HOUR_MS;
const UNREACHED_MS = 5 * 60_000;
const MOST_RETRY_AFTER_MS = 30 * 24 * HOUR_MS;

export interface Asked {
  readonly outcome: 'ok' | 'not modified' | 'refused' | 'failed' | 'unreached';
  /** Of that kind in a row, with this one. */
  readonly failures: number;
  /** A failure that the server won't take back soon. */
  readonly final?: boolean;
  readonly retryAfterMs: number | null;
}

/** How long to leave a server alone after it was asked. */
export function waitAfter({ outcome, failures, final = false, retryAfterMs }: Asked, intervalMs: number): number {
  const doubled = (firstMs: number) => firstMs * 2 ** Math.min(20, Math.max(0, failures - 1));
  const askedFor = Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER_MS);
  switch (outcome) {
    case 'ok':
    case 'not modified':
      return Math.max(intervalMs, LEAST_INTERVAL_MS);
    case 'refused':
      return Math.max(REFUSED_MS, askedFor);
    case 'failed':
      return Math.max(final ? REFUSED_MS : Math.min(doubled(LEAST_INTERVAL_MS), MOST_BACK_OFF_MS), askedFor);
    case 'unreached':
      return Math.min(doubled(UNREACHED_MS), LEAST_INTERVAL_MS);
  }
}

/** Both clocks, and the monotonic one when this run began. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly runStartMs: number;
}

export interface LastAsked {
  /** Time of day; null: never. */
  readonly atMs: number | null;
  /** By the monotonic clock; null when that was an earlier run. */
  readonly atMonotonicMs: number | null;
  readonly waitMs: number;
}

export function clockIsSet(wallMs: number): boolean {
  return wallMs >= earliestPlausibleMs;
}

/** Milliseconds until a server may be asked, at most 0 when it may be now; null while the clock is not set. */
export function dueInMs({ atMs, atMonotonicMs, waitMs }: LastAsked, now: Instant): number | null {
  if (!clockIsSet(now.wallMs)) return null;
  if (atMonotonicMs !== null) return waitMs - (now.monotonicMs - atMonotonicMs);
  if (atMs === null) return 0;
  return waitMs - Math.max(now.wallMs - atMs, now.monotonicMs - now.runStartMs);
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); null when there is none that makes sense. */
export function retryAfterMs(value: string | null, wallMs: number): number | null {
  if (value === null) return null;
  const ms = /^\d{1,9}$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - wallMs;
  return ms > 0 ? ms : null;
}
