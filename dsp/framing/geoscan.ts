import { pn9Scrambler } from '../coding/additive-scrambler.ts';
import { sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { listRepair } from './parts/list-repair.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync, syncErrors } from './parts/sync-search.ts';

const SYNC = '930b51de';
const SYNC_ERRORS = 4;
/** Sizes on the air, CRC included; both are tried when the satellite's isn't given. */
const KNOWN_SIZES = [66, 74] as const;
const MAX_SIZE = 1024;
/** GEOSCAN: sync word, frame of a fixed size behind the PN9 sequence, CRC-16 of the CC11xx. The frame comes without its CRC. */
export const geoscan: Framing = {
  source: 'Texas Instruments CC1125 packet engine; frame sizes by observation',
  protection: 'CRC-16 over the frame',
  makeDeframer({ frameSize }, context) {
    const check = crc('cc11xx');
    const sizes = frameSize === undefined ? [...KNOWN_SIZES] : [checked(frameSize)];
    const largest = Math.max(...sizes);
    const bytes = new Uint8Array(largest);
    const falseAlarmsPerHour = perHour(
      context.symbolRate,
      hardSyncProbability(32, SYNC_ERRORS, 2),
      sizes.length * CRC16_ACCEPTANCE,
    );
    const { repair } = listRepair(context);
    const holds = (size: number) => check(bytes, 0, size - 2) === ((bytes[size - 2]! << 8) | bytes[size - 1]!);
    return syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: 8 * sizes[0]!,
      maxSymbols: 8 * largest,
      maxAttempts: 64,
      decode(frame, n, { quality }) {
        const size = n / 8;
        sliceBytes(frame, 0, size, bytes);
        pn9Scrambler(bytes, 0, size);
        let repairedBits = 0;
        if (!holds(size)) {
          const larger = sizes.find((s) => s > size);
          if (larger !== undefined) return { need: 8 * larger };
          // A size that isn't known is not repaired: it would double the trials.
          if (sizes.length === 1)
            repairedBits = repair(frame, 0, bytes, size, syncErrors(quality, 32), () => holds(size));
          if (repairedBits === 0) return { reject: 'crc' };
        }
        return {
          bytes: bytes.slice(0, size - 2),
          symbols: n,
          doubt: 0,
          integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits, falseAlarmsPerHour },
        };
      },
    });
  },
  encode(frames, { frameSize }, options) {
    const check = crc('cc11xx');
    return burst(
      frames.map((data) => {
        const size = frameSize === undefined ? data.length + 2 : checked(frameSize);
        if (data.length !== size - 2)
          throw new RangeError(`a frame of ${size} bytes carries ${size - 2}, not ${data.length}`);
        const bytes = new Uint8Array(size);
        bytes.set(data);
        const value = check(data);
        bytes[size - 2] = value >> 8;
        bytes[size - 1] = value & 255;
        pn9Scrambler(bytes);
        return concatenate([syncBits(SYNC), unpackMsbFirst(bytes)]);
      }),
      options,
    );
  },
};

function checked(frameSize: number): number {
  if (!Number.isInteger(frameSize) || frameSize < 4 || frameSize > MAX_SIZE)
    throw new RangeError(`frame size ${frameSize} is not within 4 … ${MAX_SIZE}`);
  return frameSize;
}
