import { byteReliability, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { nrzMarkEncode } from '../coding/line-codes.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { ASM, ccsdsFrame } from './parts/ccsds-frame.ts';
import { hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { precededBy, softNrzMarkDecoder } from './parts/preceded-by.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';
import { undoneErrors } from './parts/undone-errors.ts';

const SYNC_ERRORS = 4;

/** CCSDS telemetry with Reed-Solomon alone: sync marker, scrambled block of interleaved codewords; optionally NRZ-M. */
export const ccsdsReedSolomonFraming: Framing = {
  source: 'CCSDS 131.0-B sections 4, 9 and 10',
  protection: 'Reed-Solomon (t = 16 for each interleaved codeword)',
  keys: ['frameSize', 'rsBasis', 'rsInterleaving', 'precoding', 'scrambler'],
  makeDeframer(params, context) {
    const coding = ccsdsFrame(params, true);
    const block = new Uint8Array(coding.size);
    const reliability = new Float32Array(coding.size);
    const falseAlarmsPerHour = perHour(context.symbolRate, hardSyncProbability(32, SYNC_ERRORS, 2), coding.acceptance);
    const symbols = 8 * coding.size;
    const differential = params.precoding === 'differential';
    const codewords = params.rsInterleaving ?? 1;
    const deframer = syncDeframer({
      search: hardSync(ASM, SYNC_ERRORS),
      firstSymbols: symbols,
      maxSymbols: symbols,
      maxAttempts: 64,
      confidentDoubt: 4 * codewords,
      decode(frame, _n, attempt) {
        sliceBytes(frame, 0, coding.size, block);
        byteReliability(frame, 0, coding.size, reliability);
        // One wrong symbol of NRZ-M makes two wrong bits.
        const span = differential ? 2 : undefined;
        const events = undoneErrors(context, attempt, frame, 0, coding.size, codewords, span);
        const decoded = coding.decode(block, falseAlarmsPerHour, reliability, events);
        return decoded ? { ...decoded, symbols } : { reject: 'fec' };
      },
    });
    return differential ? precededBy(softNrzMarkDecoder(), deframer) : deframer;
  },
  encode(frames, params, options) {
    const coding = ccsdsFrame(params, false);
    const bits = burst(
      frames.map((data) => concatenate([syncBits(ASM), unpackMsbFirst(coding.encode(data))])),
      options,
    );
    return params.precoding === 'differential' ? nrzMarkEncode(bits) : bits;
  },
};
