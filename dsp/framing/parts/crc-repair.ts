import type { Soft } from '../../core/types.ts';
import type { FramingContext } from '../framing.ts';
import { ErrorList } from './error-list.ts';
import { syncErrors } from './sync-search.ts';

/**
 * Without addresses to be plausible, a repaired frame rests on its CRC alone: four trials, so that one damaged frame in
 * 16,000 comes out wrong, and only behind a sync word of 32 bits with at most one error, which noise shows once in two
 * hours at 9600 Bd.
 */
const MAX_TRIALS = 4;
const REPAIR_SYNC_ERRORS = 1;
const LEAST_SYNC_BITS = 32;

export interface RepairRequest {
  /** Symbols of the block, the first one that of the first byte's most significant bit. */
  readonly soft: Soft;
  /** The block's bytes, repaired in place; what is added to them between slicing and the check doesn't matter. */
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Bytes at the block's beginning that are left alone: its length rests on them. */
  readonly settled: number;
  readonly syncQuality: number;
  holds(): boolean;
}

/** Flips doubtful symbols of a block until its CRC-16 holds. @returns the symbols flipped, 0 when it is given up */
export function crcRepair(context: FramingContext, syncBits: number): (request: RepairRequest) => number {
  const { maxTrials = 0, errorEvents = 'pairs' } = context;
  const trials = syncBits < LEAST_SYNC_BITS ? 0 : Math.min(maxTrials, MAX_TRIALS);
  if (trials === 0) return () => 0;
  const errors = new ErrorList(errorEvents, trials);
  return ({ soft, bytes, size, settled, syncQuality, holds }) => {
    if (syncErrors(syncQuality, syncBits) > REPAIR_SYNC_ERRORS) return 0;
    const flip = (trial: number) => {
      for (let which = 0; which < 3; which++) {
        const event = errors.event(trial, which);
        if (event < 0) break;
        for (let k = event; k < event + errors.span; k++) bytes[k >> 3]! ^= 0x80 >> (k & 7);
      }
    };
    const patterns = errors.rank(soft, -1, 8 * settled, 8 * size - errors.span + 1);
    for (let trial = 0; trial < patterns; trial++) {
      flip(trial);
      if (holds()) return errors.flips(trial);
      flip(trial);
    }
    return 0;
  };
}
