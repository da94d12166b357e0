import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { byteReliability, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon, FLIPPED_EVENTS } from '../coding/ccsds-reed-solomon.ts';
import { golayEncode } from '../coding/golay.ts';
import type { Framing } from './framing.ts';
import { blockEnd } from './parts/block-end.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { golayHeader, golayHeaderSymbols as HEADER_SYMBOLS } from './parts/golay-header.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';
import { undoneErrors } from './parts/undone-errors.ts';

const SYNC_ERRORS = 4;
const MAX_BYTES = 255;

/**
 * GOMspace AX100, mode 5 (ASM+Golay): sync word, Golay header with the number of bytes to come, CCSDS scrambler, shortened
 * Reed-Solomon. FORESAIL-1 differs in the sync word alone. The frame is what was encoded, usually a CSP packet.
 */
export function ax100AsmGolay({ sync }: { readonly sync: '930b51de' | '1acffc1d' }): Framing {
  return {
    source: 'GOMspace NanoCom AX100 data sheet, mode 5; header bits by observation',
    protection: 'Reed-Solomon (t = 16) over the frame, Golay over the length',
    keys: ['scrambler'],
    makeDeframer({ scrambler = 'ccsds' }, context) {
      const { symbolRate, wordDecoder } = context;
      const code = ccsdsReedSolomon('conventional');
      // The upper four bits are flags that some satellites set; only the length is required to make sense.
      const readHeader = golayHeader(sync, (data) => (data & 255) > CCSDS_PARITY, wordDecoder);
      const bytes = new Uint8Array(MAX_BYTES);
      const received = new Uint8Array(MAX_BYTES);
      const reliability = new Float32Array(MAX_BYTES);
      const falseAlarmsPerHour = perHour(
        symbolRate,
        hardSyncProbability(32, SYNC_ERRORS, 2),
        reedSolomonAcceptance(MAX_BYTES, true, FLIPPED_EVENTS),
      );
      return syncDeframer({
        search: hardSync(sync, SYNC_ERRORS),
        firstSymbols: HEADER_SYMBOLS,
        maxSymbols: HEADER_SYMBOLS + 8 * MAX_BYTES,
        maxAttempts: 64,
        confidentDoubt: 4,
        decode(frame, n, attempt) {
          const header = attempt.note ?? readHeader(frame, attempt);
          if (header < 0) return { reject: 'header' };
          const size = header & 255;
          if (n === HEADER_SYMBOLS) return { need: HEADER_SYMBOLS + 8 * size, note: header };
          sliceBytes(frame, HEADER_SYMBOLS, size, bytes);
          byteReliability(frame, HEADER_SYMBOLS, size, reliability);
          if (scrambler === 'ccsds') ccsdsScrambler(bytes, 0, size);
          received.set(bytes);
          const events = undoneErrors(context, attempt, frame, HEADER_SYMBOLS, size);
          const changed = code.decode(bytes, size, reliability, events);
          if (changed < 0) return { reject: 'fec' };
          const { length, beyond } = blockEnd(received, bytes, size, 2);
          if (length === 0) return { reject: 'fec' };
          const corrected = changed - beyond;
          return {
            bytes: bytes.slice(0, length - CCSDS_PARITY),
            symbols: HEADER_SYMBOLS + 8 * length,
            doubt: corrected,
            integrity: {
              crc: 'none',
              fec: `rs(${length},${length - CCSDS_PARITY})`,
              correctedSymbols: corrected,
              repairedBits: 0,
              falseAlarmsPerHour,
            },
          };
        },
      });
    },
    encode(frames, { scrambler = 'ccsds' }, options) {
      const code = ccsdsReedSolomon('conventional');
      return burst(
        frames.map((data) => {
          const block = code.encode(data);
          if (scrambler === 'ccsds') ccsdsScrambler(block);
          const header = golayEncode(block.length);
          return concatenate([
            syncBits(sync),
            unpackMsbFirst(Uint8Array.of(header >> 16, (header >> 8) & 255, header & 255)),
            unpackMsbFirst(block),
          ]);
        }),
        options,
      );
    },
  };
}
