/** A rig as a sink of frequencies. All calls reject with a StationError whose code begins with RIG_. */
export interface Rig {
  /** @throws RangeError for a frequency that is none */
  setDownlink(frequencyHz: number): Promise<void>;
  downlink(): Promise<number>;
  /** From now on it transmits on the uplink's frequency. */
  startSplit(): Promise<void>;
  /** @throws RangeError for a frequency that is none */
  setUplink(frequencyHz: number): Promise<void>;
  uplink(): Promise<number>;
  close(): void;
}
