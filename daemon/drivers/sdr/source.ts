/** What a receiver's source of samples must do. Drivers: rtl_tcp, command, file, simulator. */
export type SampleFormat = 'cu8' | 'cs8' | 'cs16' | 'cf32';

/** Bytes of one IQ pair. */
export const bytesPerSample = { cu8: 2, cs8: 2, cs16: 4, cf32: 8 } as const satisfies Record<SampleFormat, number>;

export interface SampleBuffer {
  /** Whole IQ pairs in the source's format. Valid until the next buffer is asked for. */
  readonly bytes: Uint8Array;
  /** Index of the first sample since the source started, lost samples counted in. */
  readonly firstSample: number;
  /** True when samples are missing before this buffer, or the tuning changed. */
  readonly gap: boolean;
}

export interface Tuning {
  readonly centreHz: number;
  readonly sampleRate: number;
}

export type SourceState =
  | { readonly at: 'closed' }
  | { readonly at: 'opening' }
  | { readonly at: 'streaming' }
  | { readonly at: 'waiting'; readonly reason: string; readonly retryInMs: number }
  | { readonly at: 'ended' };

export interface Source {
  readonly kind: 'rtl_tcp' | 'command' | 'file' | 'simulator';
  readonly simulated: boolean;
  readonly format: SampleFormat;
  /** True: the source waits for its reader (files). False: what is not read in time is lost, counted and marked (radios). */
  readonly lossless: boolean;
  readonly state: SourceState;
  /** UTC of the first sample in ms since the epoch where the source itself knows it (files); null: nothing tells it.
   *  Left out: it is the time of arrival (radios). */
  readonly startTimeMs?: number | null;
  /** Samples that must have been lost before they came here, by the clock. Not counted in firstSample. */
  readonly estimatedLostSamples?: number;
  /** Asks for a tuning; gives what the hardware really does. May be called before and while buffers are read. */
  tune(want: Tuning): Promise<Tuning>;
  /** Streams until the signal aborts or the source ends; reconnects by itself where that makes sense. */
  buffers(signal: AbortSignal): AsyncIterable<SampleBuffer>;
}
