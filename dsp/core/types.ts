/** Interleaved complex baseband: length 2n, [re0, im0, re1, im1, …]. */
export type Iq = Float32Array & { readonly __stream?: 'iq' };
/** Real samples: FM-demodulated audio, or SSB audio. */
export type Real = Float32Array & { readonly __stream?: 'real' };
/** Soft symbols: > 0 is bit 1, |x| is confidence (log-likelihood ratio up to a positive scale), 0 is an erasure. */
export type Soft = Float32Array & { readonly __stream?: 'soft' };

/** A streaming stage. How its input is cut into pieces never changes its output. */
export interface Block<In, Out> {
  /** Upper bound of the items written for `n` items read. */
  maxOut(n: number): number;
  /** Reads all `n` items of `x`, writes to `y`, returns the number of items written. */
  process(x: In, n: number, y: Out): number;
  reset(): void;
}

/** Why a candidate was given up. Counted, never thrown. */
export type Reject = 'length' | 'crc' | 'fec' | 'header';

/** What protects a frame, and how hard the decoder had to work. */
export interface Integrity {
  readonly crc: 'ok' | 'bad' | 'none';
  /** Name of the code that checked the frame, such as 'rs(255,223)', or 'none'. */
  readonly fec: string | 'none';
  /** Symbols (Reed-Solomon bytes) corrected by the code. */
  readonly correctedSymbols: number;
  /** Channel bits flipped by list decoding until the check held; 0 for an unrepaired frame. */
  readonly repairedBits: number;
  /** Expected false frames in an hour of noise at this symbol rate, by the framing's arithmetic; null when unknown. */
  readonly falseAlarmsPerHour: number | null;
}

export interface RawFrame {
  readonly bytes: Uint8Array;
  /** Absolute index (from reset) of the first symbol after the sync word or opening flag. */
  readonly symbol: number;
  /** Absolute index behind the frame's last symbol: `endSymbol - symbol` is its duration in symbols. */
  readonly endSymbol: number;
  /** How well the sync word matched, 0 … 1: of soft symbols their correlation, of hard ones the share that agreed; null where the framing has none. */
  readonly syncQuality: number | null;
  readonly integrity: Integrity;
}

export interface DeframerSink {
  frame(frame: RawFrame): void;
  reject(why: Reject): void;
}

/** Soft symbols in, frames out. Symbol indices count from the last reset. */
export interface Deframer {
  push(x: Soft, n: number, out: DeframerSink): void;
  /** End of input: frames still open are completed with erasures (zeros), then tried. */
  flush(out: DeframerSink): void;
  reset(): void;
}
