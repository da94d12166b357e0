import type { Mode } from '../../dsp/mode.ts';
import type { PassGeometry, PassShape } from './pass-geometry.ts';

/** One simulated transmitter. */
export interface SimulatedSignal {
  readonly satellite: string;
  readonly transmitter: string;
  readonly mode: Mode;
  /** Nominal carrier at the satellite. */
  readonly frequencyHz: number;
  /** At the closest approach. Eb = Es / code rate; preamble, sync word, header and CRC are not charged. */
  readonly ebn0Db: number;
  /** Start to start; longer when a frame takes longer. */
  readonly frameIntervalS: number;
  /** First frame after the start, s. */
  readonly firstFrameS?: number;
  /** Error of the satellite's oscillator, which also sends its symbols. */
  readonly frequencyErrorPpm?: number;
  /** No more after that many frames. */
  readonly frames?: number;
}

/** Everything that is on the simulated sky. The same scene and seed give the same samples. */
export interface Scene {
  readonly seed: number;
  readonly signals: readonly SimulatedSignal[];
  /** A circular orbit by its shape, or a pass as it is. */
  readonly pass: PassShape | PassGeometry;
  /** Where the pass begins, s from the closest approach; default: the rise. */
  readonly startS?: number;
  /** Error of the receiver's oscillator, which also takes its samples: positive is fast. Default 0. */
  readonly receiverErrorPpm?: number;
  /** 'slant-range': the power follows the inverse square of the distance; 'constant': always as at the closest approach. */
  readonly level: 'slant-range' | 'constant';
  /** At the set the same pass begins anew; else the sky stays empty. */
  readonly repeat: boolean;
}

/** Where a pass begins that is to be useful at once: the satellite is high, comes nearer, and stays for minutes. */
export const MID_PASS_S = -90;

/** A simulated frame on its way. */
export interface TransmittedFrame {
  readonly satellite: string;
  readonly transmitter: string;
  /** Running number of this signal's frames, from 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** When the burst (preamble first) begins to arrive, s from the source's first sample. */
  readonly startS: number;
  readonly endS: number;
  /** False when the tuning did not contain the whole burst, or part of it was skipped. */
  readonly inCapture: boolean;
}
