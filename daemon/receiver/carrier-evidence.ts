/** What a frame tells of its carrier against the prediction, for a fit of the pass. */
export interface CarrierEvidence {
  /** The transmitter's, as expected, Hz. */
  readonly frequencyHz: number;
  /** UTC of the frame's middle in ms since the epoch; null when nothing tells it. */
  readonly middleMs: number | null;
  /** Doppler shift predicted there and taken out, Hz: the frame's `offset_hz` is the remainder. Null when none was. */
  readonly dopplerHz: number | null;
}
