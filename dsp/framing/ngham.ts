import { ccsdsScrambler } from '../coding/additive-scrambler.ts';
import { byteReliability, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { FLIPPED_EVENTS } from '../coding/ccsds-reed-solomon.ts';
import { crc } from '../coding/crc.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import { flipsOf, softReedSolomon } from '../coding/soft-reed-solomon.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { listRepair } from './parts/list-repair.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync, signs, syncErrors } from './parts/sync-search.ts';
import { undoneErrors } from './parts/undone-errors.ts';

const SYNC = '5de62a7e';
const SYNC_ERRORS = 4;
const TAG_SYMBOLS = 24;
const CRC_BYTES = 2;
/** The header's low bits say how many bytes of padding end the information. */
const PADDING = 0x1f;
/** The tags differ in 13 bits or more. */
const SIZES = [
  { tag: '3b49cd', information: 31, parity: 16 },
  { tag: '4dda57', information: 63, parity: 16 },
  { tag: '76939a', information: 95, parity: 16 },
  { tag: '9bb4ae', information: 127, parity: 32 },
  { tag: 'a0fd63', information: 159, parity: 32 },
  { tag: 'd66ef9', information: 191, parity: 32 },
  { tag: 'ed2734', information: 223, parity: 32 },
] as const;
const TAGS = SIZES.map(({ tag }) => signs(syncBits(tag)));
const MOST_BYTES = 255;
/** An endless repetition of sync words is to cost half of the time it takes at most; noise opens one in 25. */
const MAX_ATTEMPTS = 4;
const check = crc('x25');

/**
 * NGHam: sync word, a tag for one of seven sizes, then behind the CCSDS scrambler header, payload, CRC-16, padding and the parity of a
 * shortened Reed-Solomon code. Some transmitters send no parity that makes sense. The frame is header and payload.
 */
export function ngham({ reedSolomon }: { readonly reedSolomon: boolean }): Framing {
  return {
    source: 'J. P. Løfgren LA3JPA, NGHam protocol',
    protection: reedSolomon ? 'Reed-Solomon (t = 8 or 16) and CRC-16 over the frame' : 'CRC-16 over the frame',
    makeDeframer(_params, context) {
      const codes = { 16: softReedSolomon(reedSolomonCodes['ccsds-16']), 32: softReedSolomon(reedSolomonCodes.ccsds) };
      const { repair } = listRepair(context);
      const bytes = new Uint8Array(MOST_BYTES);
      const reliability = new Float32Array(MOST_BYTES);
      // A block that isn't a codeword is still believed when its CRC holds.
      const falseAlarmsPerHour = perHour(
        context.symbolRate,
        hardSyncProbability(32, SYNC_ERRORS, 2),
        CRC16_ACCEPTANCE,
        reedSolomon ? 2 : 1,
      );
      return syncDeframer({
        search: hardSync(SYNC, SYNC_ERRORS),
        firstSymbols: TAG_SYMBOLS,
        maxSymbols: TAG_SYMBOLS + 8 * MOST_BYTES,
        maxAttempts: MAX_ATTEMPTS,
        decode(frame, n, attempt) {
          const tag = attempt.note ?? nearestTag(frame);
          const { information, parity } = SIZES[tag]!;
          const size = reedSolomon ? information + parity : information;
          if (n === TAG_SYMBOLS) return { need: TAG_SYMBOLS + 8 * size, note: tag };
          sliceBytes(frame, TAG_SYMBOLS, size, bytes);
          ccsdsScrambler(bytes, 0, size);
          let corrected = -1;
          if (reedSolomon) {
            byteReliability(frame, TAG_SYMBOLS, size, reliability);
            const events = undoneErrors(context, attempt, frame, TAG_SYMBOLS, size).slice(0, FLIPPED_EVENTS);
            corrected = codes[parity].decode(bytes, size, reliability, flipsOf(events));
          }
          const frameEnd = () => information - CRC_BYTES - (bytes[0]! & PADDING);
          const holds = () => {
            const end = frameEnd();
            return end > 0 && check(bytes, 0, end) === ((bytes[end]! << 8) | bytes[end + 1]!);
          };
          const good = holds();
          const repairedBits =
            good || reedSolomon
              ? 0
              : repair(frame, TAG_SYMBOLS, bytes, information, syncErrors(attempt.quality, 32), holds);
          if (!good && repairedBits === 0) return { reject: 'crc' };
          return {
            bytes: bytes.slice(0, frameEnd()),
            symbols: TAG_SYMBOLS + 8 * size,
            doubt: Math.max(0, corrected),
            integrity: {
              crc: 'ok',
              fec: corrected < 0 ? 'none' : `rs(${size},${information})`,
              correctedSymbols: Math.max(0, corrected),
              repairedBits,
              falseAlarmsPerHour,
            },
          };
        },
      });
    },
    encode(frames, _params, options) {
      return burst(
        frames.map((data) => {
          const kind = SIZES.find(({ information }) => data.length + CRC_BYTES <= information);
          if (!kind || data.length === 0) throw new RangeError(`an NGHam frame has 1 … 221 bytes, not ${data.length}`);
          const { information, parity, tag } = kind;
          const padding = information - CRC_BYTES - data.length;
          if ((data[0]! & PADDING) !== padding)
            throw new RangeError(
              `the header of ${data.length} bytes says a padding of ${data[0]! & PADDING}, not ${padding}`,
            );
          const block = new Uint8Array(information + parity);
          block.set(data);
          const value = check(data);
          block[data.length] = value >> 8;
          block[data.length + 1] = value & 255;
          softReedSolomon(reedSolomonCodes[parity === 16 ? 'ccsds-16' : 'ccsds']).encode(block, block.length);
          ccsdsScrambler(block);
          return concatenate([syncBits(SYNC), syncBits(tag), unpackMsbFirst(block)]);
        }),
        options,
      );
    },
  };
}

function nearestTag(frame: Soft): number {
  const dots = TAGS.map((tag) => tag.reduce((sum, s, i) => sum + s * frame[i]!, 0));
  return Math.max(0, dots.indexOf(Math.max(...dots)));
}
