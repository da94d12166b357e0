import { sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync, type SyncSearch } from './parts/sync-search.ts';

const SYNC_SYMBOLS = 64;
const SYNC_ERRORS = 8;
const BYTES = 64;

/** Signalling packets of the SMOG family: a long sync word, then 64 bytes as they are. Sent with the first of `syncs`. */
export function smogSignalling({ syncs }: { readonly syncs: readonly [string, ...string[]] }): Framing {
  return {
    source: 'SMOG-P and SMOG-1: on-air format by observation',
    protection: 'none but the 64-bit sync word',
    makeDeframer(_params, { symbolRate }) {
      const falseAlarmsPerHour = perHour(symbolRate, syncs.length * hardSyncProbability(SYNC_SYMBOLS, SYNC_ERRORS, 2));
      return syncDeframer({
        search: anyOf(syncs.map((sync) => hardSync(sync, SYNC_ERRORS))),
        firstSymbols: 8 * BYTES,
        maxSymbols: 8 * BYTES,
        maxAttempts: 16,
        decode(frame, n, { quality }) {
          const bytes = new Uint8Array(BYTES);
          sliceBytes(frame, 0, BYTES, bytes);
          return {
            bytes,
            symbols: n,
            doubt: 1 - quality,
            integrity: { crc: 'none', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour },
          };
        },
      });
    },
    encode(frames, _params, options) {
      return burst(
        frames.map((data) => {
          if (data.length !== BYTES) throw new RangeError(`a frame has ${BYTES} bytes, not ${data.length}`);
          return concatenate([syncBits(syncs[0]), unpackMsbFirst(data)]);
        }),
        options,
      );
    },
  };
}

/** Looks for several sync words of one length, of which no two are alike. */
function anyOf(searches: readonly SyncSearch[]): SyncSearch {
  return {
    lag: searches[0]!.lag,
    span: searches[0]!.span,
    reset() {
      for (const search of searches) search.reset();
    },
    next: (ring, mask, time) => searches.reduce((hit, search) => search.next(ring, mask, time) || hit, 0),
  };
}
