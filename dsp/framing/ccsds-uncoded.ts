import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { nrzMarkEncode } from '../coding/line-codes.ts';
import type { Framing, FramingParams } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { ASM } from './parts/ccsds-frame.ts';
import { hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { precededBy, softNrzMarkDecoder } from './parts/preceded-by.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

/** Nothing but the sync marker tells a frame from noise: fewer errors are allowed in it than elsewhere. */
const SYNC_ERRORS = 1;
const DEFAULT_FRAME_SIZE = 223;
const MAX_FRAME_SIZE = 4096;

/** CCSDS telemetry without a code: sync marker, scrambled bytes; optionally NRZ-M. */
export const ccsdsUncoded: Framing = {
  source: 'CCSDS 131.0-B sections 9 and 10',
  protection: 'none but the 32-bit sync marker',
  keys: ['frameSize', 'precoding', 'scrambler'],
  makeDeframer(params, { symbolRate }) {
    const size = sizeOf(params);
    const falseAlarmsPerHour = perHour(symbolRate, hardSyncProbability(32, SYNC_ERRORS, 2));
    const deframer = syncDeframer({
      search: hardSync(ASM, SYNC_ERRORS),
      firstSymbols: 8 * size,
      maxSymbols: 8 * size,
      maxAttempts: 64,
      decode(frame, n, { quality }) {
        const bytes = new Uint8Array(size);
        sliceBytes(frame, 0, size, bytes);
        if (params.scrambler !== 'none') ccsdsScrambler(bytes);
        return {
          bytes,
          symbols: n,
          doubt: 1 - quality,
          integrity: { crc: 'none', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
        };
      },
    });
    return params.precoding === 'differential' ? precededBy(softNrzMarkDecoder(), deframer) : deframer;
  },
  encode(frames, params, options) {
    const size = sizeOf(params);
    const bits = burst(
      frames.map((data) => {
        if (data.length !== size) throw new RangeError(`a frame has ${size} bytes, not ${data.length}`);
        const bytes = data.slice();
        if (params.scrambler !== 'none') ccsdsScrambler(bytes);
        return concatenate([syncBits(ASM), unpackMsbFirst(bytes)]);
      }),
      options,
    );
    return params.precoding === 'differential' ? nrzMarkEncode(bits) : bits;
  },
};

function sizeOf({ frameSize = DEFAULT_FRAME_SIZE }: FramingParams): number {
  if (!Number.isInteger(frameSize) || frameSize < 1 || frameSize > MAX_FRAME_SIZE)
    throw new RangeError(`frame size ${frameSize} is not within 1 … ${MAX_FRAME_SIZE}`);
  return frameSize;
}
