import type { Soft } from '../../core/types.ts';
import type { FramingContext } from '../framing.ts';
import { ErrorList } from './error-list.ts';

/**
 * Without addresses to be plausible, a repaired frame rests on its CRC alone: four trials, so that one damaged frame in
 * 16,000 comes out wrong, and only behind a sync word of 32 bits with at most one error, which noise shows once in two hours at
 * 9600 Bd.
 */
const MAX_TRIALS = 4;
const REPAIR_SYNC_ERRORS = 1;

export interface ListRepair {
  /**
   * Flips doubtful symbols of `frame` from symbol `from` on in the `size` bytes that were made of them until `holds`.
   * Returns the bits flipped; 0, and the bytes as they were, when nothing helps.
   */
  repair(frame: Soft, from: number, bytes: Uint8Array, size: number, syncErrors: number, holds: () => boolean): number;
}

/** List decoding of frames that have a CRC-16 alone, behind a scrambler that adds a sequence, or none. */
export function listRepair({ maxTrials = 0, errorEvents = 'pairs' }: FramingContext): ListRepair {
  const trials = Math.min(maxTrials, MAX_TRIALS);
  const errors = new ErrorList(errorEvents, Math.max(1, trials));
  const flip = (trial: number, from: number, bytes: Uint8Array) => {
    for (let which = 0; which < 3; which++) {
      const event = errors.event(trial, which);
      if (event < 0) break;
      for (let k = event - from; k < event - from + errors.span; k++) bytes[k >> 3]! ^= 0x80 >> (k & 7);
    }
  };
  return {
    repair(frame, from, bytes, size, syncErrors, holds) {
      if (trials === 0 || syncErrors > REPAIR_SYNC_ERRORS) return 0;
      const patterns = errors.rank(frame, -1, from, from + 8 * size - errors.span + 1);
      for (let trial = 0; trial < patterns; trial++) {
        flip(trial, from, bytes);
        if (holds()) return errors.flips(trial);
        flip(trial, from, bytes);
      }
      return 0;
    },
  };
}
