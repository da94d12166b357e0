import { ccsdsScrambler } from '../../coding/additive-scrambler.ts';
import { CCSDS_PARITY, ccsdsReedSolomon, FLIPPED_EVENTS } from '../../coding/ccsds-reed-solomon.ts';
import type { ErrorEvent } from '../../coding/error-events.ts';
import type { Integrity } from '../../core/types.ts';
import type { FramingParams } from '../framing.ts';
import { reedSolomonAcceptance } from './false-alarms.ts';
import { isShifted } from './shifted-block.ts';

/** The attached sync marker. Source: CCSDS 131.0-B section 9. */
export const ASM = '1acffc1d';
const DEFAULT_FRAME_SIZE = 223;

/** What stands behind the sync marker: information, Reed-Solomon parity, scrambler. */
export interface CcsdsFrame {
  /** Bytes behind the sync marker. */
  readonly size: number;
  /** Probability that a random block passes. */
  readonly acceptance: number;
  encode(data: Uint8Array): Uint8Array;
  /** Descrambles and corrects `block` in place. null when it can't be corrected. */
  decode(
    block: Uint8Array,
    falseAlarmsPerHour: number,
    reliability?: Float32Array,
    events?: readonly ErrorEvent[],
  ): {
    bytes: Uint8Array;
    doubt: number;
    /** The first or the last byte was wrong: the block may lie beside its place. */
    edgeCorrected: boolean;
    integrity: Integrity;
  } | null;
}

/**
 * @param soft whether `decode` will be told the reliability of bytes and the likely errors
 * @throws RangeError on a frame size that doesn't fit the interleaving
 */
export function ccsdsFrame(params: FramingParams, soft: boolean): CcsdsFrame {
  const { frameSize = DEFAULT_FRAME_SIZE, rsBasis = 'dual', rsInterleaving = 1, scrambler = 'ccsds' } = params;
  const code = ccsdsReedSolomon(rsBasis, rsInterleaving);
  const size = frameSize + CCSDS_PARITY * rsInterleaving;
  if (!Number.isInteger(frameSize) || !code.fits(size))
    throw new RangeError(`a frame size of ${frameSize} bytes doesn't fit ${rsInterleaving} Reed-Solomon codewords`);
  const length = size / rsInterleaving;
  const received = new Uint8Array(size);
  const depth = rsInterleaving > 1 ? ` x${rsInterleaving}` : '';
  return {
    size,
    acceptance: reedSolomonAcceptance(length, soft, soft ? FLIPPED_EVENTS : 0) ** rsInterleaving,
    encode(data) {
      if (data.length !== frameSize) throw new RangeError(`a frame has ${frameSize} bytes, not ${data.length}`);
      const block = code.encode(data);
      if (scrambler === 'ccsds') ccsdsScrambler(block);
      return block;
    },
    decode(block, falseAlarmsPerHour, reliability, events) {
      if (scrambler === 'ccsds') ccsdsScrambler(block);
      received.set(block);
      const corrected = code.decode(block, size, reliability, events);
      if (corrected < 0 || (scrambler === 'ccsds' && rsInterleaving === 1 && isShifted(received, block, size)))
        return null;
      return {
        bytes: block.slice(0, frameSize),
        doubt: corrected,
        edgeCorrected: received[0] !== block[0] || received[size - 1] !== block[size - 1],
        integrity: {
          crc: 'none',
          fec: `rs(${length},${length - CCSDS_PARITY})${depth}`,
          correctedSymbols: corrected,
          repairedBits: 0,
          falseAlarmsPerHour,
        },
      };
    },
  };
}
