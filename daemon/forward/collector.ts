import type { StoredFrame } from '../api/wire.ts';

/** What became of one frame at a collector. */
export type Outcome =
  /** The collector has it. */
  | { readonly kind: 'accepted' }
  /** It will never take this frame; `reason` in its own words. */
  | { readonly kind: 'refused'; readonly reason: string }
  /**
   * It did not take this frame now. `scope` says what is at fault: the `collector` (unreachable, overloaded, a wrong token:
   * other frames would fare no better) or this `frame` alone, as far as can be told.
   */
  | {
      readonly kind: 'later';
      readonly reason: string;
      readonly scope: 'collector' | 'frame';
      /** The collector's own wish (Retry-After), ms. */
      readonly retryAfterMs?: number;
    };

/** One protocol towards one server. It keeps nothing on disk: which frames it has had is its cursor's business. */
export interface Collector {
  /** Most frames that `deliver` takes at once. */
  readonly batch: number;
  /**
   * Hands over frames, in their order.
   * @param frames at least one, at most `batch`
   * @returns one outcome a frame, in the same order; may be shorter: what is missing was not tried. What it throws counts as
   *   'later' of the collector for all, with the error's message as reason; so it may throw whatever it did not foresee.
   * @param signal aborted when the station stops: then it ends soon, in whatever way
   */
  deliver(frames: readonly StoredFrame[], signal: AbortSignal): Promise<readonly Outcome[]>;
  /**
   * Which of these frames it has already, by their ids. Asked before the first delivery and after each one that ended in
   * 'later', for the frames that it may have got without our hearing so (a batch at most), so that nothing is sent twice. Left
   * out by protocols that can't tell: those get some frames twice.
   */
  delivered?(frames: readonly StoredFrame[], signal: AbortSignal): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** What a collector is given of the station. */
export interface CollectorContext {
  /** The id of the collector in the settings. */
  readonly id: string;
  readonly station: {
    readonly callsign: string | null;
    readonly name: string | null;
    readonly latitude: number | null;
    readonly longitude: number | null;
    readonly altitudeM: number | null;
  };
  readonly ledgerId: string;
  /** Name and version of this program, for protocols that ask. */
  readonly software: string;
  readonly dataFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: CollectorLog;
}

export interface CollectorLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}
