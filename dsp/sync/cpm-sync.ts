export interface CpmSyncSink {
  /**
   * At `sample` the carrier is at `hz`, and symbol boundaries lie at (k + boundary) symbol periods from sample 0,
   * `boundary` unwrapped from estimate to estimate. Estimates come in order, the first for sample 0.
   * @param foreign the signal since the last estimate is not of this synchroniser's kind: another receiver has it
   */
  sync(sample: number, hz: number, boundary: number, foreign: boolean): void;
}

/** Feed-forward carrier and timing of CPM: filtered Iq in, an estimate every some symbols, late by `latency` samples. */
export interface CpmSync {
  readonly latency: number;
  push(iq: Float32Array, n: number, sink: CpmSyncSink): void;
  reset(): void;
}
