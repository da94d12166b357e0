import { sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { listRepair } from './parts/list-repair.ts';
import { ofSize } from './parts/reed-solomon-block.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync, syncErrors } from './parts/sync-search.ts';

const SYNC = '3915ed30';
const SYNC_ERRORS = 3;
const FRAME_BYTES = 512;
const BLOCK_BYTES = FRAME_BYTES + 2;
const check = crc('ccitt-false');

/** Telemetry of AO-40 without a code: sync word, 512 bytes, CRC-16. The frame comes without its CRC. */
export const ao40Uncoded: Framing = {
  source: 'AMSAT, AO-40 telemetry',
  protection: 'CRC-16 over the frame',
  makeDeframer(_params, context) {
    const { repair } = listRepair(context);
    const bytes = new Uint8Array(BLOCK_BYTES);
    const falseAlarmsPerHour = perHour(context.symbolRate, hardSyncProbability(32, SYNC_ERRORS, 2), CRC16_ACCEPTANCE);
    const holds = () => check(bytes, 0, FRAME_BYTES) === ((bytes[FRAME_BYTES]! << 8) | bytes[FRAME_BYTES + 1]!);
    return syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: 8 * BLOCK_BYTES,
      maxSymbols: 8 * BLOCK_BYTES,
      maxAttempts: 64,
      decode(frame, n, { quality }) {
        sliceBytes(frame, 0, BLOCK_BYTES, bytes);
        const good = holds();
        const repairedBits = good ? 0 : repair(frame, 0, bytes, BLOCK_BYTES, syncErrors(quality, 32), holds);
        if (!good && repairedBits === 0) return { reject: 'crc' };
        return {
          bytes: bytes.slice(0, FRAME_BYTES),
          symbols: n,
          doubt: 0,
          integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits, falseAlarmsPerHour },
        };
      },
    });
  },
  encode(frames, _params, options) {
    return burst(
      frames.map((data) => {
        const value = check(ofSize(data, FRAME_BYTES));
        return concatenate([
          syncBits(SYNC),
          unpackMsbFirst(concatenate([data, Uint8Array.of(value >> 8, value & 255)])),
        ]);
      }),
      options,
    );
  },
};
