import { byteReliability, reverseBits, sliceBytes, unpackMsbFirst } from '../coding/bits.ts';
import { CCSDS_PARITY, ccsdsReedSolomon } from '../coding/ccsds-reed-solomon.ts';
import { crc } from '../coding/crc.ts';
import { appendFcs } from '../coding/hdlc.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { precededBy, softNrziDecoder } from './parts/preceded-by.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

/** FX.25's tag 05 in the order on the air. */
const SYNC = '75fac1a358d06476';
const SYNC_ERRORS = 8;
const BLOCK = 255;
const INFORMATION = BLOCK - CCSDS_PARITY;
const FLAG = 0x7e;

/**
 * Astrocast's own kind of FX.25: the tag, then a block of the CCSDS code in the dual basis, in bytes with the least significant bit
 * first. In the block a frame with FCS between flags, not stuffed. The frame comes without flags and FCS.
 */
export function astrocast({ lineCode }: { readonly lineCode: 'nrz' | 'nrzi' }): Framing {
  return {
    source: 'FX.25 draft 01_06 and CCSDS 131.0-B section 4; the differences by observation',
    protection: 'Reed-Solomon (t = 16) and CRC-16 over the frame',
    makeDeframer(_params, { symbolRate }) {
      const code = ccsdsReedSolomon('dual');
      const fcs = crc('x25');
      const block = new Uint8Array(BLOCK);
      const reliability = new Float32Array(BLOCK);
      const falseAlarmsPerHour = perHour(
        symbolRate,
        hardSyncProbability(64, SYNC_ERRORS, 2),
        reedSolomonAcceptance(BLOCK, true),
        INFORMATION * CRC16_ACCEPTANCE,
      );
      const deframer = syncDeframer({
        search: hardSync(SYNC, SYNC_ERRORS),
        firstSymbols: 8 * BLOCK,
        maxSymbols: 8 * BLOCK,
        maxAttempts: 16,
        confidentDoubt: 4,
        decode(frame, n) {
          sliceBytes(frame, 0, BLOCK, block);
          byteReliability(frame, 0, BLOCK, reliability);
          const correctedSymbols = code.decode(reverseBits(block), BLOCK, reliability);
          if (correctedSymbols < 0) return { reject: 'fec' };
          // Without stuffing a frame may hold flags: each of them is tried as its end.
          for (let end = 4; end < INFORMATION; end++) {
            if (block[end] !== FLAG || fcs(block, 1, end - 2) !== (block[end - 2]! | (block[end - 1]! << 8))) continue;
            return {
              bytes: block.slice(1, end - 2),
              symbols: n,
              doubt: correctedSymbols,
              integrity: {
                crc: 'ok',
                fec: `rs(${BLOCK},${INFORMATION})`,
                correctedSymbols,
                repairedBits: 0,
                falseAlarmsPerHour,
              },
            };
          }
          return { reject: 'crc' };
        },
      });
      return lineCode === 'nrzi' ? precededBy(softNrziDecoder(), deframer) : deframer;
    },
    encode(frames, _params, options) {
      const code = ccsdsReedSolomon('dual');
      const most = INFORMATION - 4;
      const bits = burst(
        frames.map((data) => {
          if (data.length === 0 || data.length > most)
            throw new RangeError(`a frame has 1 … ${most} bytes, not ${data.length}`);
          const information = new Uint8Array(INFORMATION);
          information[0] = FLAG;
          information.set(appendFcs(data), 1);
          information[data.length + 3] = FLAG;
          return concatenate([syncBits(SYNC), unpackMsbFirst(reverseBits(code.encode(information)))]);
        }),
        options,
      );
      return lineCode === 'nrzi' ? nrziEncode(bits) : bits;
    },
  };
}
