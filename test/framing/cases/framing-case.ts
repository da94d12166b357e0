import type { Prng } from '../../../dsp/core/prng.ts';
import type { FramingParams } from '../../../dsp/framing/framing.ts';

/** One set of parameters of a framing, with what the laws need to know of it. */
export interface FramingCase {
  readonly params: FramingParams;
  /** The least and the most bytes of a frame. */
  readonly sizes: readonly [number, number];
  /** A frame of that many bytes, where not any bytes will do. */
  readonly frame?: (bytes: number, random: Prng, params?: FramingParams) => Uint8Array;
  /** Symbols at a burst's end (without a tail) that may be missing without losing the frame; default 20, what a code bears. */
  readonly spare?: number;
  /** The first symbols depend on what was before them: a line code or a scrambler over the whole stream. */
  readonly precoded?: true;
  /** Nothing but the sync word tells a frame from noise. */
  readonly unchecked?: true;
}

export const nameOf = ({ params }: FramingCase): string => Object.values(params).join(' ');
