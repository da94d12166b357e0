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
  close(): Promise<void>;
}
