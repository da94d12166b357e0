import type { AdditiveScrambler } from '../../coding/additive-scrambler.ts';
import { sliceBytes, unpackMsbFirst } from '../../coding/bits.ts';
import type { Crc } from '../../coding/crc.ts';
import type { Framing } from '../framing.ts';
import { burst, concatenate, syncBits } from './burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './false-alarms.ts';
import { listRepair } from './list-repair.ts';
import { syncDeframer } from './sync-deframer.ts';
import { syncErrors as errorsOf, hardSync } from './sync-search.ts';

const CRC_BYTES = 2;
/** A shorter sync word is too little to rest a repair on. */
const REPAIR_SYNC_BITS = 32;

/** Sync word, then bytes that end in a CRC-16: how packet engines of radio chips send. */
export interface CheckedPacket {
  readonly source: string;
  readonly protection: string;
  readonly sync: string;
  /** Wrong bits allowed in the sync word; a short one inverted may be allowed fewer, since transmitters seldom are. */
  readonly syncErrors: number;
  readonly invertedSyncErrors?: number;
  /** Added to all bytes behind the sync word. */
  readonly whitening?: AdditiveScrambler;
  /** Bytes from which the packet's size is known. */
  readonly headerBytes: number;
  /** The longest packet, header and CRC included. */
  readonly maxBytes: number;
  /** Bytes of the packet, header and CRC included, by its dewhitened header; 0 when no packet begins so. */
  sizeOf(header: Uint8Array): number;
  readonly crc: Crc;
  readonly crcOrder: 'big' | 'little';
  /** The frame in a dewhitened packet, which comes without its CRC. */
  frameOf(packet: Uint8Array): Uint8Array;
  /** The packet for a frame, without CRC. @throws RangeError on a frame that doesn't fit */
  packetOf(frame: Uint8Array): Uint8Array;
}

export function checkedPacket(format: CheckedPacket): Framing {
  const { source, protection, sync, syncErrors, whitening, headerBytes, maxBytes, crc, crcOrder } = format;
  const { invertedSyncErrors = syncErrors } = format;
  const syncLength = 4 * sync.length;
  const [high, low] = crcOrder === 'big' ? [0, 1] : [1, 0];
  return {
    source,
    protection,
    makeDeframer(_params, context) {
      const bytes = new Uint8Array(maxBytes);
      const { repair } = listRepair(syncLength < REPAIR_SYNC_BITS ? { ...context, maxTrials: 0 } : context);
      const holds = (size: number) => {
        const end = size - CRC_BYTES;
        return crc(bytes, 0, end) === ((bytes[end + high]! << 8) | bytes[end + low]!);
      };
      const falseAlarmsPerHour = perHour(
        context.symbolRate,
        hardSyncProbability(syncLength, syncErrors, 1) + hardSyncProbability(syncLength, invertedSyncErrors, 1),
        CRC16_ACCEPTANCE,
      );
      return syncDeframer({
        search: hardSync(sync, syncErrors),
        firstSymbols: 8 * headerBytes,
        maxSymbols: 8 * maxBytes,
        maxAttempts: 64,
        decode(frame, n, { inverted, quality }) {
          const wrong = errorsOf(quality, syncLength);
          if (inverted && wrong > invertedSyncErrors) return { reject: 'header' };
          const there = n / 8;
          sliceBytes(frame, 0, there, bytes);
          whitening?.(bytes, 0, there);
          const size = format.sizeOf(bytes);
          if (!(size >= Math.max(headerBytes, CRC_BYTES + 1) && size <= maxBytes)) return { reject: 'length' };
          if (size > there) return { need: 8 * size };
          let repairedBits = 0;
          if (!holds(size)) {
            // The header stays: the length rests on it.
            const rest = bytes.subarray(headerBytes, size);
            repairedBits = repair(frame, 8 * headerBytes, rest, rest.length, wrong, () => holds(size));
            if (repairedBits === 0) return { reject: 'crc' };
          }
          return {
            bytes: format.frameOf(bytes.slice(0, size - CRC_BYTES)),
            symbols: 8 * size,
            doubt: repairedBits,
            integrity: { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits, falseAlarmsPerHour },
          };
        },
      });
    },
    encode(frames, _params, options) {
      return burst(
        frames.map((frame) => {
          const packet = format.packetOf(frame);
          const end = packet.length;
          const bytes = concatenate([packet, new Uint8Array(CRC_BYTES)]);
          if (format.sizeOf(bytes) !== bytes.length || bytes.length > maxBytes)
            throw new RangeError(`a frame of ${frame.length} bytes doesn't fit, or its length field says otherwise`);
          const value = crc(packet);
          bytes[end + high] = value >> 8;
          bytes[end + low] = value & 255;
          whitening?.(bytes);
          return concatenate([syncBits(sync), unpackMsbFirst(bytes)]);
        }),
        options,
      );
    },
  };
}
