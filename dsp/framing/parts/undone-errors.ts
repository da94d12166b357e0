import { FLIPPED_EVENTS } from '../../coding/ccsds-reed-solomon.ts';
import { type ErrorEvent, eventSpan, likelyErrors } from '../../coding/error-events.ts';
import type { FramingContext } from '../framing.ts';
import type { Attempt } from './sync-deframer.ts';
import { syncErrors } from './sync-search.ts';

const SYNC_BITS = 32;
/**
 * Errors of a sync word behind which a block is worth that work: at the thresholds of these codes 1.5 % of the symbols are
 * wrong, most often two together; what another demodulator makes of a signal that it doesn't fit has more.
 */
const SYNC_ERRORS = 2;
/** List decoding is for receivers that have as many trials, not for those that back up a better one. */
const LEAST_TRIALS = 100;

/**
 * The likely errors of a block of `bytes` from symbol `from` of `frame` on, for a Reed-Solomon decoder to undo; none where
 * the attempt is not worth it.
 * @param codewords of the block
 * @param span symbols of an error, where the demodulator doesn't tell
 */
export function undoneErrors(
  { maxTrials = 0, errorEvents }: FramingContext,
  { quality }: Attempt,
  frame: Float32Array,
  from: number,
  bytes: number,
  codewords = 1,
  span: 1 | 2 = eventSpan(errorEvents),
): readonly ErrorEvent[] {
  if (maxTrials < LEAST_TRIALS || syncErrors(quality, SYNC_BITS) > SYNC_ERRORS) return [];
  return likelyErrors(frame, from, bytes, span, FLIPPED_EVENTS * codewords);
}
