import { hardWord } from '../coding/likeliest-word.ts';
import { mobitexDecode, mobitexEncode, mobitexWordBits } from '../coding/mobitex-code.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour } from './parts/false-alarms.ts';
import {
  blockAcceptance,
  blockBytes,
  blockSymbols,
  lookSymbols,
  mobitexBlocks,
  mostBlocks,
  sureBlocksProbability,
} from './parts/mobitex-blocks.ts';
import { callSignErrors, callSignProbability, callSignReader, callSignSymbols } from './parts/mobitex-call-sign.ts';
import { encodeMobitex, frameBytes } from './parts/mobitex-frame.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { bitCount, followedBy, hardSync } from './parts/sync-search.ts';

const SYNC_BITS = 16;
const SYNC_ERRORS = 3;
/** Two control bytes and their check bits. */
const CONTROL_SYMBOLS = 24;

/** How many blocks follow a header: always as many, or one more than the low five bits of the first control byte say. */
export type MobitexBlockCount = number | 'control';

/** What the satellites that send Mobitex differ in. */
export interface MobitexKind {
  readonly sync: '5765' | '0ef0';
  /** Blocks of frames with a call sign, where the satellite sends such. */
  readonly withCallSign?: MobitexBlockCount;
  /** Blocks of frames without one. */
  readonly withoutCallSign?: MobitexBlockCount;
}

/**
 * Mobitex as amateur satellites send it: sync word, two control bytes, mostly a call sign, then scrambled and interleaved
 * blocks of 18 bytes, each with its CRC. A frame comes out when a block of it is good: control bytes, call sign and its CRC
 * where it has one, all blocks (bad ones as decoded), 0xAA, the error map (32 bits, little endian, bit b: block b is bad), 0xBB.
 */
export function mobitex(kind: MobitexKind): Framing {
  const { sync, withCallSign, withoutCallSign } = kind;
  return {
    source: 'Mobitex radio interface; headers by observation of the satellites',
    protection: `(12,8) code and CRC-16 over each block of ${blockBytes} bytes`,
    keys: ['callsign'],
    makeDeframer({ callsign }, { symbolRate }) {
      const readCallSign = withCallSign === undefined ? () => null : callSignReader(callsign);
      const blocks = mobitexBlocks();
      const bySync = hardSyncProbability(SYNC_BITS, SYNC_ERRORS, 2);
      const callSigned = callSignProbability(callsign);
      const most = (count: MobitexBlockCount = 0) => (count === 'control' ? mostBlocks : count);
      const tellingSymbols = CONTROL_SYMBOLS + (withoutCallSign === undefined ? callSignSymbols : lookSymbols);
      return syncDeframer({
        search: followedBy(
          hardSync(sync, SYNC_ERRORS),
          tellingSymbols,
          (following) =>
            readCallSign(following, CONTROL_SYMBOLS) !== null ||
            (withoutCallSign !== undefined && blocks.promising(following, CONTROL_SYMBOLS)),
        ),
        silence: tellingSymbols,
        firstSymbols: CONTROL_SYMBOLS + (withCallSign === undefined ? 0 : callSignSymbols),
        maxSymbols: Math.max(
          CONTROL_SYMBOLS + callSignSymbols + most(withCallSign) * blockSymbols,
          CONTROL_SYMBOLS + most(withoutCallSign) * blockSymbols,
        ),
        maxAttempts: 64,
        decode(frame, n) {
          const control = readControl(frame);
          const callSign = readCallSign(frame, CONTROL_SYMBOLS);
          const rule = callSign ? withCallSign : withoutCallSign;
          if (rule === undefined) return { reject: 'header' };
          const count = rule === 'control' ? (control.bytes[0]! & 31) + 1 : rule;
          const from = CONTROL_SYMBOLS + (callSign ? callSignSymbols : 0);
          const need = from + count * blockSymbols;
          if (n < need) return { need };
          const { data, errorMap, good, lastGood, sure, corrected } = blocks.decode(frame, from, count);
          if (!(callSign ? good >= 1 : sure || good >= 2)) return { reject: 'crc' };
          const inCallSign = callSign ? callSignErrors(frame, CONTROL_SYMBOLS, callSign) : 0;
          return {
            bytes: frameBytes(control.bytes, callSign, data, errorMap),
            // What lies behind may be another frame, where the control byte was wrong.
            symbols: from + (lastGood + 1) * blockSymbols,
            doubt: count - good,
            integrity: {
              // That of the blocks that the error map does not name.
              crc: 'ok',
              fec: 'mobitex(12,8)',
              correctedSymbols: control.corrected + inCallSign + corrected,
              repairedBits: 0,
              falseAlarmsPerHour: callSign
                ? perHour(symbolRate, bySync, callSigned, most(rule) * blockAcceptance)
                : perHour(symbolRate, bySync, sureAmong(rule)),
            },
          };
        },
      });
    },
    encode: (frames, _params, options) =>
      burst(
        frames.map((frame) => concatenate([syncBits(sync), encodeMobitex(frame, kind)])),
        options,
        // A one is the lower frequency.
      ).map((bit) => 1 - bit),
  };
}

/** Noise says any number of blocks. */
function sureAmong(rule: MobitexBlockCount): number {
  if (rule !== 'control') return sureBlocksProbability(rule);
  let sum = 0;
  for (let count = 1; count <= mostBlocks; count++) sum += sureBlocksProbability(count);
  return sum / mostBlocks;
}

const word = new Float32Array(mobitexWordBits);

/** The control bytes; their check bits follow both. */
function readControl(frame: Soft): { readonly bytes: Uint8Array; readonly corrected: number } {
  const bytes = new Uint8Array(2);
  let corrected = 0;
  for (let i = 0; i < 2; i++) {
    word.set(frame.subarray(8 * i, 8 * i + 8));
    word.set(frame.subarray(16 + 4 * i, 20 + 4 * i), 8);
    bytes[i] = mobitexDecode(word, 0, 1);
    corrected += bitCount(hardWord(word, 0, 1, mobitexWordBits) ^ mobitexEncode(bytes[i]!));
  }
  return { bytes, corrected };
}
