import type { ChannelLook } from '../../dsp/spectrum/channel-look.ts';
import type { LiveRow } from '../api/live-wire.ts';

/** One kind of rows that somebody looks at. */
export interface RowOrder {
  /** Columns. */
  readonly bins: number;
  readonly rowsPerS: number;
  /** The part of the capture, Hz; left out, up to its edge. */
  readonly lowHz?: number;
  readonly highHz?: number;
}

/** What a receiver's thread is to show from now on. Goes as a message. */
export interface LiveOrder {
  readonly rows: readonly (RowOrder & { readonly id: number })[];
  /** Indices of the channels that are looked into. */
  readonly looks: readonly number[];
}

export interface SpectrumRow extends Omit<LiveRow, 'kind' | 'capture' | 'timeMs'> {
  /** UTC of its middle, ms; null when nothing tells it. */
  readonly timeMs: number | null;
}

/** What a spectrum of a second shows of a channel; null: nothing above the noise. */
export type HeardSignal = { readonly snrDb: number; readonly offsetHz: number } | null;

export type LiveMessage =
  /** `id` is that of the order. */
  | { readonly kind: 'row'; readonly id: number; readonly row: SpectrumRow }
  | {
      readonly kind: 'look';
      readonly channel: number;
      readonly timeMs: number | null;
      readonly look: ChannelLook;
    }
  /** Once a second, whether anybody looks or not; `heard` has one entry a channel. */
  | { readonly kind: 'second'; readonly row: SpectrumRow; readonly heard: readonly HeardSignal[] };
