import type { ConvolutionalCode } from '../coding/convolutional.ts';
import type { ErrorEvents } from '../coding/error-events.ts';
import type { Deframer, Soft } from '../core/types.ts';

/** Everything a satellite file or a MODE can say about a framing. */
export interface FramingParams {
  readonly kind: string;
  readonly frameSize?: number;
  readonly rsBasis?: 'dual' | 'conventional';
  readonly rsInterleaving?: number;
  readonly precoding?: 'differential';
  readonly scrambler?: 'ccsds' | 'none';
  readonly convolutional?: 'ccsds' | 'ccsds-uninverted' | 'nasa-dsn' | 'nasa-dsn-uninverted';
  readonly callsign?: string;
}

export type FramingKey = Exclude<keyof FramingParams, 'kind'>;

/**
 * Decodes `bits` information bits of a rate-1/2 code whose first coded symbol has the absolute index `symbol`.
 * The default looks only at `soft` (2·bits values, > 0 is bit 1, already upright); a demodulator that decodes code and
 * modulation jointly looks at its own samples at `symbol` instead (`inverted`: the channel's sign is flipped).
 * Writes 0/1 to `out`, returns the mean metric per coded symbol relative to the mean |soft| (1 is a perfect match).
 */
export type InnerDecoder = (request: {
  readonly code: ConvolutionalCode;
  readonly symbol: number;
  readonly soft: Soft;
  readonly bits: number;
  readonly inverted: boolean;
  /** Encoder state before the first bit; null is unknown. */
  readonly startState: number | null;
  /** Encoder state after the last bit; null is unknown (take the best). */
  readonly endState: number | null;
  /** Upright channel bits that are known to lie right before `symbol`: sync word, header. */
  readonly known?: Uint8Array;
  readonly out: Uint8Array;
}) => number;

/**
 * Which of `words` was sent behind known channel bits: `wordBits` of each, most significant first, the first one at the
 * absolute index `symbol`. All bits are upright; `inverted`: the channel's sign is flipped. Returns an index of `words`,
 * −1 when the demodulator has forgotten these symbols, −2 when the known bits are not there.
 */
export type WordDecoder = (request: {
  readonly symbol: number;
  readonly known: Uint8Array;
  readonly words: Int32Array;
  readonly wordBits: number;
  readonly inverted: boolean;
}) => number;

/**
 * Share of their amplitude that known channel bits add up to as a waveform, 0 … 1; the first one is at the absolute index `symbol`.
 * They are as on the channel: complemented where its sign is flipped. Of noise n bits have c in e^(−n·c²) of all places. 0 when the demodulator has forgotten these symbols.
 */
export type WordCoherence = (symbol: number, bits: Uint8Array) => number;

/** Symbols of a modulation with memory, which tell the more of each bit the more is known of the others. */
export interface SoftBlock {
  /** What it reckons with. */
  readonly esn0Db: number;
  /** Reads a-priori LLRs (natural, > 0 is bit 1) of the block's symbols, writes their extrinsic LLRs. */
  detect(apriori: Float32Array, extrinsic: Float32Array): void;
}

/**
 * For iterative decoding: `n` soft symbols from the absolute index `symbol` on, to be worked on until the next block is asked for.
 * Null where there is no signal or the demodulator has forgotten these symbols.
 */
export type BlockDetector = (symbol: number, n: number) => SoftBlock | null;

/** What the channel tells the framing. This is the seam for joint decoding. */
export interface FramingContext {
  readonly symbolRate: number;
  readonly innerDecoder?: InnerDecoder;
  /** Where the demodulator can tell more about a header word than soft bits. */
  readonly wordDecoder?: WordDecoder;
  /** Where the demodulator can compare a word as a waveform. */
  readonly wordCoherence?: WordCoherence;
  /** Where the demodulator can tell more than soft bits of symbols of which a code tells something. */
  readonly blockDetector?: BlockDetector;
  /** Framings with a CRC alone may repair that many combinations of doubtful symbols a frame; 0 (default) is off. */
  readonly maxTrials?: number;
  /** What a demodulation error looks like; a function where that is found out while receiving. */
  readonly errorEvents?: ErrorEvents | (() => ErrorEvents);
}

export interface EncodeOptions {
  /** Preamble in bytes before the first frame (0xAA…, HDLC flags or whatever the framing sends). */
  readonly preambleBytes?: number;
  /** Filler in bytes between frames. */
  readonly gapBytes?: number;
  /** Filler in bytes behind the last frame. */
  readonly tailBytes?: number;
}

/** One framing: one file, one row of the table in index.ts. */
export interface Framing {
  /** Where its facts come from. */
  readonly source: string;
  /** What protects a frame, in plain words, for the documentation. */
  readonly protection: string;
  /** What it looks at of its parameters; left out: nothing. */
  readonly keys?: readonly FramingKey[];
  /** Symbols of the longest frame, where a code covers it that a demodulator may decode jointly or in turns with it. */
  codedSymbols?(params: FramingParams): number;
  /** Channel bits of the words of some 100 symbols, one of which precedes every such frame; all are as long. */
  readonly syncWords?: readonly Uint8Array[];
  /** A decoder whose output does not depend on polarity. @throws RangeError on parameters that make no sense. */
  makeDeframer(params: FramingParams, context: FramingContext): Deframer;
  /** One burst on the air: channel bits 0/1, preamble to tail, all line codes and scramblers applied. */
  encode(frames: readonly Uint8Array[], params: FramingParams, options?: EncodeOptions): Uint8Array;
}
