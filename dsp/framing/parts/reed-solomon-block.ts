import type { AdditiveScrambler } from '../../coding/additive-scrambler.ts';
import { byteReliability, sliceBytes, unpackMsbFirst } from '../../coding/bits.ts';
import { FLIPPED_EVENTS } from '../../coding/ccsds-reed-solomon.ts';
import type { ReedSolomonParams } from '../../coding/reed-solomon.ts';
import { flipsOf, softReedSolomon } from '../../coding/soft-reed-solomon.ts';
import type { Reject } from '../../core/types.ts';
import type { Framing } from '../framing.ts';
import { burst, concatenate, syncBits } from './burst.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance } from './false-alarms.ts';
import { syncDeframer } from './sync-deframer.ts';
import { hardSync } from './sync-search.ts';
import { undoneErrors } from './undone-errors.ts';

/** Codes with less parity than this accept too much after likely errors have been undone. */
const LIST_PARITY = 16;

/**
 * Blocks open at a time: noise opens two where the sync word has 16 bits, and one in 25 where it has 32. A block that can't be
 * corrected costs up to 10 ms, and an endless repetition of sync words is to cost half of the time it takes at most.
 */
const maxAttempts = (syncBytes: number) => (syncBytes > 2 ? 4 : 8);

/** A sync word with a Reed-Solomon codeword of always the same size behind it. */
export interface ReedSolomonBlock {
  readonly source: string;
  readonly protection: string;
  /** In hexadecimal. */
  readonly sync: string;
  readonly syncErrors: number;
  /** Bytes between sync word and codeword, which mean nothing; default 0. */
  readonly lead?: number;
  readonly code: ReedSolomonParams;
  /** Bytes of the codeword. */
  readonly size: number;
  /** Over lead and codeword. */
  readonly scrambler?: AdditiveScrambler;
  /** What `open` checks beside the code, and the probability that chance passes it. */
  readonly crc: 'ok' | 'none';
  readonly checkAcceptance: number;
  /** The corrected information bytes → the frame. */
  open(information: Uint8Array): Uint8Array | Reject;
  /** The frame → information bytes, as many as the codeword has. @throws RangeError when it doesn't fit */
  seal(frame: Uint8Array): Uint8Array;
}

export function reedSolomonBlock(block: ReedSolomonBlock): Framing {
  const { source, protection, sync, syncErrors, lead = 0, code: params, size, scrambler } = block;
  const total = lead + size;
  const information = size - params.parity;
  return {
    source,
    protection,
    makeDeframer(_params, context) {
      const code = softReedSolomon(params);
      const listed = params.parity >= LIST_PARITY;
      const bytes = new Uint8Array(total);
      const reliability = new Float32Array(size);
      const falseAlarmsPerHour = perHour(
        context.symbolRate,
        hardSyncProbability(4 * sync.length, syncErrors, 2),
        reedSolomonAcceptance(size, true, listed ? FLIPPED_EVENTS : 0, params.parity),
        block.checkAcceptance,
      );
      return syncDeframer({
        search: hardSync(sync, syncErrors),
        firstSymbols: 8 * total,
        maxSymbols: 8 * total,
        maxAttempts: maxAttempts(sync.length / 2),
        confidentDoubt: params.parity / 8,
        decode(frame, n, attempt) {
          sliceBytes(frame, 0, total, bytes);
          scrambler?.(bytes);
          byteReliability(frame, 8 * lead, size, reliability);
          const events = listed ? undoneErrors(context, attempt, frame, 8 * lead, size) : [];
          const word = bytes.subarray(lead);
          const corrected = code.decode(word, size, reliability, flipsOf(events));
          if (corrected < 0) return { reject: 'fec' };
          const opened = block.open(word.subarray(0, information));
          if (typeof opened === 'string') return { reject: opened };
          return {
            bytes: opened,
            symbols: n,
            doubt: corrected,
            integrity: {
              crc: block.crc,
              fec: `rs(${size},${information})`,
              correctedSymbols: corrected,
              repairedBits: 0,
              falseAlarmsPerHour,
            },
          };
        },
      });
    },
    encode(frames, _params, options) {
      const code = softReedSolomon(params);
      return burst(
        frames.map((frame) => {
          const bytes = new Uint8Array(total);
          bytes.set(block.seal(frame), lead);
          code.encode(bytes.subarray(lead), size);
          scrambler?.(bytes);
          return concatenate([syncBits(sync), unpackMsbFirst(bytes)]);
        }),
        options,
      );
    },
  };
}

/** `frame`, when it has that many bytes. @throws RangeError when not */
export function ofSize(frame: Uint8Array, size: number): Uint8Array {
  if (frame.length !== size) throw new RangeError(`a frame has ${size} bytes, not ${frame.length}`);
  return frame;
}
