import type { Soft } from '../core/types.ts';
import type { BlockDetector, InnerDecoder, WordCoherence, WordDecoder } from '../framing/framing.ts';

/** Consecutive soft symbols as a demodulator gives them. Valid only during the call. */
export interface SymbolBlock {
  readonly n: number;
  /** One array for each variant of the decision (for instance with and without DC removal). */
  readonly soft: readonly Soft[];
  /** Where `soft` are differential bits: the phase symbols they come from, on which Es/N0 can be measured. */
  readonly phaseSymbols?: Float32Array;
  /** Input sample (fractional) of the centre of each symbol. */
  readonly position: Float64Array;
  /** Carrier minus expected carrier in Hz for each symbol; NaN when the input can't tell. */
  readonly offsetHz: Float32Array;
  /**
   * Signal and noise power around each symbol, in the same units: their ratio is Es/N0. Where a demodulator doesn't give
   * them, the ratio is taken from the moments of the soft symbols; zeros say that nothing tells it.
   */
  readonly signalPower?: Float32Array;
  readonly noisePower?: Float32Array;
  /** Modulation index that the symbols were detected with, of a demodulator that estimates the transmitter's. */
  readonly modulationIndex?: number;
}

export interface SymbolSink {
  symbols(block: SymbolBlock): void;
}

/** Samples in, soft symbols out, in blocks, some blocks late. */
export interface SymbolDemodulator {
  /** Decodes a framing's convolutional code and the modulation together, where the demodulator can. */
  readonly innerDecoder?: InnerDecoder;
  /** Tells which of a framing's header words follows a sync word, where the demodulator can. */
  readonly wordDecoder?: WordDecoder;
  /** Compares a word as a waveform, where the demodulator can. */
  readonly wordCoherence?: WordCoherence;
  /** What symbols of a modulation with memory say, given what a framing's code says. */
  readonly blockDetector?: BlockDetector;
  /** Modulation index as found so far, where the demodulator finds it. */
  readonly modulationIndex?: () => number;
  push(x: Float32Array, n: number): void;
  /** Completes the symbols that are still held back. */
  flush(): void;
  reset(): void;
}
