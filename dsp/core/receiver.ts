import type { Iq, RawFrame, Real, Reject } from './types.ts';

export type ModulationKind =
  | 'fsk'
  | 'fsk-subaudio'
  | 'fsk4'
  | 'afsk'
  | 'bpsk'
  | 'bpsk-manchester'
  | 'dbpsk'
  | 'dbpsk-manchester';

/** Everything a satellite file or a MODE can say about a modulation. Rates in Bd, frequencies in Hz. */
export interface ModulationParams {
  readonly kind: ModulationKind;
  readonly symbolRate: number;
  /** Frequency of a 1 (of four tones: the highest) minus the carrier; the sign is a prior for the polarity. */
  readonly deviationHz?: number;
  /** Audio subcarrier of AFSK. */
  readonly afCarrierHz?: number;
  /** FM deviation that carries the AFSK audio. */
  readonly fmDeviationHz?: number;
}

/** What arrives: complex baseband, FM-demodulated audio, or single-sideband audio with its carrier in the audio band. */
export type ReceiverInput =
  | {
      readonly kind: 'iq';
      readonly sampleRate: number;
      /** Where the carrier is expected. */ readonly offsetHz?: number;
      /** How far from there it is searched, ± Hz. */ readonly searchHz?: number;
    }
  | { readonly kind: 'fm-audio'; readonly sampleRate: number }
  | {
      readonly kind: 'ssb-audio';
      readonly sampleRate: number;
      readonly carrierHz?: number;
      readonly searchHz?: number;
    };

export interface ReceivedFrame extends RawFrame {
  /** Zero-based input sample of the first bit after the sync (an IQ pair counts one). */
  readonly sample: number;
  /** Input sample behind the last bit. */
  readonly endSample: number;
  /** Es/N0, or null when it can't be told. */
  readonly snrDb: number | null;
  /** Measured minus expected carrier, mean over the frame, positive is higher; null for FM audio. */
  readonly offsetHz: number | null;
  /** Modulation index as the demodulator follows it, from the assumed one as far as the signal tells; null where none does. */
  readonly modulationIndex: number | null;
  /** Symbol clock against the input's sample clock in parts per million, positive is faster; null for a frame too short. */
  readonly clockPpm: number | null;
}

export interface ReceiverSink {
  frame(frame: ReceivedFrame): void;
  reject(why: Reject): void;
}

/** Samples in, frames out, for one transmitter. Frames come up to some blocks late. */
export interface Receiver {
  /** @param x Iq (2n floats) for input kind 'iq', else Real (n floats). */
  push(x: Iq | Real, n: number): void;
  /** End of input, or of what belongs together: everything still open is decoded. */
  flush(): void;
  reset(): void;
}
