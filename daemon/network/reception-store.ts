import type { NetworkFrame } from './message.ts';

/** What became of a batch. */
export interface StoreResult {
  /** Receptions that were new; the others were there already. */
  readonly receptions: number;
  /** Transmissions that nobody had heard before. */
  readonly transmissions: number;
}

/** Where a collector keeps what the stations heard. */
export interface ReceptionStore {
  /** All or nothing, on disk when it returns; what is there already changes nothing. */
  store(frames: readonly NetworkFrame[]): Promise<StoreResult>;
  /** Whether an error of `store` is the fault of what it was given: then it fails every time. */
  isDataError(error: unknown): boolean;
  /** Where it can tell what it has: how far the stream was gone over once more. */
  readonly sweep?: SweepNotes;
  close(): Promise<void>;
}

/** How far a stream was checked against what is stored. */
export interface SweepNotes {
  /** Takes or keeps the sweep of a stream for a minute. @returns how far it got; null: another member has it */
  lease(stream: string, holder: string): Promise<number | null>;
  reach(stream: string, holder: string, seq: number): Promise<void>;
  /** Which of these frames are stored. */
  stored(ids: readonly string[]): Promise<ReadonlySet<string>>;
}
