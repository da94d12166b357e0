import { byteReliability, reverseBits, sliceBytes, unpackLsbFirst } from '../coding/bits.ts';
import { reedSolomonCodes } from '../coding/reed-solomon.ts';
import { softReedSolomon } from '../coding/soft-reed-solomon.ts';
import type { Framing } from './framing.ts';
import { burst, concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { ofSize } from './parts/reed-solomon-block.ts';
import { type NextPart, syncDeframer, type Verdict } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

const SYNC = '5b5bdddd';
/** The code alone is a weak check, and a chance sync word has 141 pieces: two errors are a false frame in 100 hours at 9600 Bd. */
const SYNC_ERRORS = 2;
const CODE = reedSolomonCodes['dvb-10'];
const DATA_BYTES = 48;
const PIECE_BYTES = 58;
const PIECE_SYMBOLS = 8 * PIECE_BYTES;
const LENGTH_SYMBOLS = 16;
/** What the length counts beside the pieces. */
const LENGTH_OFFSET = 8;
/** A transmission has at most 8200 bytes. */
const MAX_PIECES = 141;
/** Notes are index · 256 + pieces announced. */
const INDEX = 256;

/**
 * Swiatowid's images: a long transmission of Reed-Solomon codewords (58,48), bits of bytes least significant first. Each good piece is a
 * frame, given as it comes. Nothing protects the length: pieces are looked for beyond the announced end as long as they
 * are good.
 */
export const swiatowid: Framing = {
  source: 'by observation',
  protection: 'Reed-Solomon (t = 5) over each piece of 48 bytes',
  makeDeframer(_params, { symbolRate }) {
    const code = softReedSolomon(CODE);
    const bytes = new Uint8Array(PIECE_BYTES);
    const reliability = new Float32Array(PIECE_BYTES);
    const falseAlarmsPerHour = perHour(
      symbolRate,
      hardSyncProbability(32, SYNC_ERRORS, 2),
      MAX_PIECES * reedSolomonAcceptance(PIECE_BYTES, true, 0, CODE.parity),
    );
    const decode = (frame: Float32Array, note: number | undefined): Verdict => {
      if (note === undefined) {
        sliceBytes(frame, 0, 2, bytes);
        reverseBits(bytes, 2);
        const announced = Math.floor((bytes[0]! + 256 * bytes[1]! - LENGTH_OFFSET) / PIECE_BYTES);
        const pieces = announced > 0 && announced <= MAX_PIECES ? announced : MAX_PIECES;
        return { next: { skip: LENGTH_SYMBOLS, need: PIECE_SYMBOLS, note: pieces } };
      }
      sliceBytes(frame, 0, PIECE_BYTES, bytes);
      reverseBits(bytes, PIECE_BYTES);
      byteReliability(frame, 0, PIECE_BYTES, reliability);
      const corrected = code.decode(bytes, PIECE_BYTES, reliability);
      const pieces = note % INDEX;
      const following = Math.floor(note / INDEX) + 1;
      // Zeros are a codeword: behind the announced end they are filling.
      const good = corrected >= 0 && (following <= pieces || bytes.some((byte) => byte !== 0));
      const goesOn = following < pieces || (good && following < MAX_PIECES);
      const next: { next?: NextPart } = goesOn
        ? { next: { skip: PIECE_SYMBOLS, need: PIECE_SYMBOLS, note: following * INDEX + pieces } }
        : {};
      if (!good) return { reject: 'fec', ...next };
      return {
        ...next,
        bytes: bytes.slice(0, DATA_BYTES),
        symbols: PIECE_SYMBOLS,
        doubt: corrected,
        integrity: {
          crc: 'none',
          fec: `rs(${PIECE_BYTES},${DATA_BYTES})`,
          correctedSymbols: corrected,
          repairedBits: 0,
          falseAlarmsPerHour,
        },
      };
    };
    return syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: LENGTH_SYMBOLS,
      maxSymbols: PIECE_SYMBOLS,
      maxAttempts: 16,
      decode: (frame, _n, { note }) => decode(frame, note),
    });
  },
  /** All frames together, in transmissions of 141 at most. */
  encode(frames, _params, options) {
    const code = softReedSolomon(CODE);
    const transmissions: Uint8Array[] = [];
    for (let first = 0; first < frames.length; first += MAX_PIECES) {
      const pieces = frames.slice(first, first + MAX_PIECES).map((data) => {
        const piece = new Uint8Array(PIECE_BYTES);
        piece.set(ofSize(data, DATA_BYTES));
        code.encode(piece, PIECE_BYTES);
        return piece;
      });
      const length = PIECE_BYTES * pieces.length + LENGTH_OFFSET;
      const content = concatenate([Uint8Array.of(length & 255, length >> 8), ...pieces]);
      transmissions.push(concatenate([syncBits(SYNC), unpackLsbFirst(content)]));
    }
    return burst(transmissions, options);
  },
};
