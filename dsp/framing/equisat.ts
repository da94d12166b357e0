import { byteReliability, sliceBytes } from '../coding/bits.ts';
import { crc } from '../coding/crc.ts';
import { reedSolomon, reedSolomonCodes } from '../coding/reed-solomon.ts';
import type { Soft } from '../core/types.ts';
import type { Framing } from './framing.ts';
import { concatenate, syncBits } from './parts/burst.ts';
import { hardSyncProbability, perHour } from './parts/false-alarms.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSync } from './parts/sync-search.ts';

const SYNC = '998ce709f4b4';
const SYNC_ERRORS = 8;
const CALLSIGN = 6;
const PARITY = 32;
/** What a packet carries: call sign and telemetry. */
const FRAME = 223;
const PACKET = FRAME + PARITY;
/** The radio's header: FF 00, a byte that differs from one radio to the next, and the packet's length. */
const HEADER = Uint8Array.of(0xff, 0x00, 0x02, PACKET >> 8, PACKET & 255);
const KNOWN = [0, 1, 3, 4] as const;
const FILLER = 0x66;
const BLOCK = 18;
const WHOLE_BLOCK = BLOCK + 2;
const BLOCKS = Math.ceil((HEADER.length + PACKET) / BLOCK);
/** Symbols of a block: eight groups of nine symbols of data and one of the CRC. */
const GROUP = 10;
const GROUPS = 8;
const SYMBOLS = BLOCKS * GROUP * GROUPS;
/** The preamble, two symbols at the lowest tone and two at the highest. */
const PREAMBLE = 0x0f;
const PREAMBLE_BYTES = 46;

/**
 * Least reliable bytes of the blocks whose CRC fails that are erased, and how many errors are believed beside them: the likeliest
 * to accept a random block, the last, does so once in 10^11.
 */
const TRIALS = [
  { erasures: 0, maxErrors: 16 },
  { erasures: 8, maxErrors: 11 },
  { erasures: 16, maxErrors: 6 },
  { erasures: 20, maxErrors: 4 },
] as const;
const ACCEPTANCE = 1e-11;

/** Where the Reed-Solomon word begins. */
const CODED = HEADER.length + CALLSIGN;
/** Bits of the first block that its CRC alone checks: the radio's byte, the call sign, the CRC itself. */
const UNCODED_BITS = [2, 5, 6, 7, 8, 9, 10, BLOCK, BLOCK + 1].flatMap((byte) =>
  Array.from({ length: 8 }, (_, k) => 8 * byte + k),
);
/** How many of them are flipped, one at a time: one wrong call sign in 16,000 that need it. */
const CALLSIGN_TRIALS = 4;

/**
 * EQUiSat: packets of 255 bytes through a Pacific Crest XDL Micro in its transparent four-level mode. Preamble, 24 symbols of
 * sync word, blocks of 18 bytes with a CRC-16 each, interleaved: of two bytes a symbol carries one bit each, and the symbols of
 * a pair are ten apart. The symbols are Gray-coded: highest tone 01, then 00, 10, 11. Behind the packet's call sign comes a
 * Reed-Solomon word (249,217). The frame is call sign and telemetry.
 *
 * The channel bits here are the tone's number in binary, as the demodulator gives them.
 */
export const equisat: Framing = {
  source:
    'Brown Space Engineering, gr-equisat_decoder and EQUiSatOS (interleaving, code, packet); D. Estévez, "Trying to decode EQUiSat" (tones, preamble); sync word and CRC found in a recording',
  protection: 'Reed-Solomon (t = 16) over all but the call sign, CRC-16 over each 18 bytes',
  makeDeframer(_params, { symbolRate, maxTrials = 0 }) {
    const code = reedSolomon(reedSolomonCodes['dvb-32']);
    const bits: Soft = new Float32Array(8 * BLOCKS * WHOLE_BLOCK);
    const block = new Uint8Array(WHOLE_BLOCK);
    const blockReliability = new Float32Array(WHOLE_BLOCK);
    const bytes = new Uint8Array(BLOCKS * BLOCK);
    const reliability = new Float32Array(BLOCKS * BLOCK);
    const word = new Uint8Array(PACKET - CALLSIGN);
    const falseAlarmsPerHour = perHour(symbolRate, hardSyncProbability(4 * SYNC.length, SYNC_ERRORS, 2), ACCEPTANCE);

    /** Corrects the word of `bytes`: the bytes changed, or −1. */
    const correct = (): number => {
      const order = Array.from(word, (_, k) => k).sort((a, b) => reliability[CODED + a]! - reliability[CODED + b]!);
      for (const { erasures, maxErrors } of TRIALS) {
        word.set(bytes.subarray(CODED, CODED + word.length));
        const changed = code.decode(word, word.length, order, erasures, maxErrors);
        if (changed < 0) continue;
        bytes.set(word, CODED);
        return changed;
      }
      return -1;
    };

    /** Whether the first block's CRC holds, which alone covers the call sign; flips one doubtful bit for it. The bits flipped, or −1. */
    const checkCallsign = (): number => {
      sliceBytes(bits, 0, WHOLE_BLOCK, block);
      for (const k of KNOWN) block[k] = HEADER[k]!;
      block.set(bytes.subarray(CODED, BLOCK), CODED);
      bytes.set(block.subarray(0, BLOCK));
      if (isIntact(block)) return 0;
      const doubtful = UNCODED_BITS.toSorted((a, b) => Math.abs(bits[a]!) - Math.abs(bits[b]!));
      for (const bit of doubtful.slice(0, Math.min(maxTrials, CALLSIGN_TRIALS))) {
        block[bit >> 3]! ^= 0x80 >> (bit & 7);
        if (isIntact(block)) {
          bytes.set(block.subarray(0, BLOCK));
          return 1;
        }
        block[bit >> 3]! ^= 0x80 >> (bit & 7);
      }
      return -1;
    };

    return syncDeframer({
      search: hardSync(SYNC, SYNC_ERRORS),
      firstSymbols: 2 * SYMBOLS,
      maxSymbols: 2 * SYMBOLS,
      maxAttempts: 16,
      decode(frame) {
        for (let b = 0; b < BLOCKS; b++) {
          deinterleave(frame, 8 * b * WHOLE_BLOCK, bits);
          sliceBytes(bits, 8 * b * WHOLE_BLOCK, WHOLE_BLOCK, block);
          byteReliability(bits, 8 * b * WHOLE_BLOCK, WHOLE_BLOCK, blockReliability);
          if (isIntact(block)) blockReliability.fill(Number.POSITIVE_INFINITY);
          bytes.set(block.subarray(0, BLOCK), b * BLOCK);
          reliability.set(blockReliability.subarray(0, BLOCK), b * BLOCK);
        }
        const changed = correct();
        if (changed < 0) return { reject: 'fec' };
        const repairedBits = checkCallsign();
        return {
          bytes: bytes.slice(HEADER.length, HEADER.length + FRAME),
          symbols: 2 * SYMBOLS,
          doubt: changed,
          integrity: {
            crc: repairedBits < 0 ? 'none' : 'ok',
            fec: `rs(${word.length},${word.length - PARITY})`,
            correctedSymbols: changed,
            repairedBits: Math.max(0, repairedBits),
            falseAlarmsPerHour,
          },
        };
      },
    });
  },
  encode(frames, _params, { preambleBytes = PREAMBLE_BYTES, gapBytes = PREAMBLE_BYTES, tailBytes = 8 } = {}) {
    const filler = (n: number) => syncBits(PREAMBLE.toString(16).padStart(2, '0').repeat(n));
    const parts = [filler(preambleBytes)];
    frames.forEach((frame, i) => {
      if (i > 0) parts.push(filler(gapBytes));
      parts.push(syncBits(SYNC), encodePacket(frame));
    });
    return concatenate([...parts, filler(tailBytes)]);
  },
};

const check = crc('xmodem');

/** Whether the CRC behind a block holds. */
function isIntact(block: Uint8Array): boolean {
  return check(block, 0, BLOCK) === ((block[BLOCK]! << 8) | block[BLOCK + 1]!);
}

/** Soft bits of one block and its CRC in the order of its bytes, both from index `from` on. */
function deinterleave(soft: Soft, from: number, out: Soft): void {
  for (let group = 0; group < GROUPS; group++)
    for (let pair = 0; pair < GROUP; pair++) {
      const at = from + 2 * (group * GROUP + pair);
      const upper = soft[at]!;
      // The first byte of a pair has the symbols' signs, the second one's ones are the outer tones.
      out[from + 16 * pair + group] = -upper;
      out[from + 16 * pair + 8 + group] = upper > 0 ? soft[at + 1]! : -soft[at + 1]!;
    }
}

function encodePacket(frame: Uint8Array): Uint8Array {
  if (frame.length !== FRAME) throw new RangeError(`a frame has ${FRAME} bytes, not ${frame.length}`);
  const bytes = new Uint8Array(BLOCKS * BLOCK).fill(FILLER);
  bytes.set(HEADER);
  bytes.set(frame, HEADER.length);
  const word = new Uint8Array(PACKET - CALLSIGN);
  word.set(frame.subarray(CALLSIGN));
  reedSolomon(reedSolomonCodes['dvb-32']).encode(word, word.length);
  bytes.set(word, HEADER.length + CALLSIGN);
  const bits = new Uint8Array(2 * SYMBOLS);
  for (let b = 0; b < BLOCKS; b++) {
    const value = check(bytes, b * BLOCK, (b + 1) * BLOCK);
    const block = [...bytes.subarray(b * BLOCK, (b + 1) * BLOCK), value >> 8, value & 255];
    for (let group = 0; group < GROUPS; group++)
      for (let pair = 0; pair < GROUP; pair++) {
        const at = 2 * ((b * GROUPS + group) * GROUP + pair);
        const upper = 1 - ((block[2 * pair]! >> (7 - group)) & 1);
        const outer = (block[2 * pair + 1]! >> (7 - group)) & 1;
        bits[at] = upper;
        bits[at + 1] = upper === 1 ? outer : 1 - outer;
      }
  }
  return bits;
}
