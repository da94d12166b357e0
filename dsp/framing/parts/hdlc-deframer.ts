import { crc } from '../../coding/crc.ts';
import { eventSpan } from '../../coding/error-events.ts';
import type { Deframer, DeframerSink, Soft } from '../../core/types.ts';
import type { FramingContext } from '../framing.ts';
import { channelErrorTaps, hdlcRepair } from './hdlc-repair.ts';
import { type SoftFlag, softFlagFinder } from './hdlc-soft-flags.ts';

/** Two addresses and a control field. */
const MIN_BYTES = 15;
/** Well above the 256 bytes of information that AX.25 v2.2 allows by default. */
const MAX_BYTES = 1536;
const FCS_BYTES = 2;
const FLAG = Uint8Array.of(0, 1, 1, 1, 1, 1, 1, 0);
/** Soft symbols kept for repairs: the longest frame with its stuffing and flags, as a power of two. */
const HISTORY = 16384;
const PIECE = 2048;
/** Trials from which on doubtful flags are worth looking for: they get a quarter. */
const LEAST_FOR_FLAGS = 100;
/** Symbols of the shortest frame. */
const SHORTEST = 8 * (MIN_BYTES + FCS_BYTES);
/** Flags, exact and doubtful, that a window may begin at. */
const FLAGS_KEPT = 32;
/** What the history surely still holds when a flag ends anywhere in a piece, with the descrambler's reach before it. */
const LONGEST_REPAIR = HISTORY - PIECE - 64;

/**
 * NRZI, optionally the G3RUH descrambler, then HDLC with octet alignment and a checked FCS. Free of polarity.
 * Every symbol costs the same few operations and every flag at most one CRC over the bytes since the last one, so that
 * no input can make it slow; with `maxTrials` a flag costs at most that many passes over the frame.
 */
export function hdlcDeframer(scrambled: boolean, context: FramingContext): Deframer {
  const fcs = crc('x25');
  const falseAlarmsPerHour = hdlcFalseAlarmsPerHour(context.symbolRate);
  const maxTrials = context.maxTrials ?? 0;
  const events = context.errorEvents ?? 'pairs';
  const repair = maxTrials > 0 ? hdlcRepair({ maxTrials, events, scrambled, maxBytes: MAX_BYTES }) : null;
  // A receiver that only backs up a better one has too few trials for them.
  const softFlags =
    maxTrials >= LEAST_FOR_FLAGS ? softFlagFinder(channelErrorTaps(scrambled), () => eventSpan(events)) : null;
  const doubtful: SoftFlag[] = [];
  const exact: number[] = []; // ends of the last flags
  const softHistory = new Float32Array(repair ? HISTORY : 0);
  const bitHistory = new Uint8Array(repair ? HISTORY : 0);

  const bytes = new Uint8Array(MAX_BYTES + FCS_BYTES + 2);
  const maxBits = 8 * (MAX_BYTES + FCS_BYTES) + 6;
  const piece = new Uint8Array(PIECE);
  let level = 0; // of the symbol before
  let register = 0; // the last 17 bits before descrambling
  let ones = 0;
  let inFrame = false;
  let count = 0; // destuffed bits since the flag
  let octet = 0;
  let time = 0; // absolute index of the next symbol
  let flagEnd = -1; // index behind the last flag
  let flagEndBefore = -1; // and behind the one before
  let searched = 0; // symbols whose events have been looked at for doubtful flags
  let framesEnd = 0; // index behind the last frame given

  const reset = () => {
    level = register = ones = count = octet = time = 0;
    inFrame = false;
    flagEnd = flagEndBefore = -1;
    searched = framesEnd = 0;
    doubtful.length = exact.length = 0;
    softFlags?.reset();
  };

  /** Repairs the window [begin, end), and gives its frame. */
  const tryRepair = (begin: number, end: number, out: DeframerSink, flagEvent?: number): boolean => {
    if (begin < 0 || end - begin > LONGEST_REPAIR) return false;
    const fixed = repair!(softHistory, bitHistory, begin, end, flagEvent);
    if (!fixed) return false;
    const { bytes, repairedBits } = fixed;
    const integrity = { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits, falseAlarmsPerHour } as const;
    out.frame({ bytes, symbol: begin, endSymbol: end, syncQuality: null, integrity });
    framesEnd = end;
    return true;
  };

  /** A flag that one event destroyed may end a frame, and is kept, since one may begin behind it. */
  const onDoubtfulFlag = (flag: SoftFlag, out: DeframerSink) => {
    if (doubtful.push(flag) > FLAGS_KEPT) doubtful.shift();
    const end = flag.end - 8;
    for (let i = exact.length - 1; i >= 0; i--) {
      if (end - exact[i]! < SHORTEST) continue;
      if (exact[i]! >= framesEnd) tryRepair(exact[i]!, end, out, flag.event);
      return;
    }
  };

  /** Looks for doubtful flags that end before symbol `limit`: at exact flags only, so that the cuts of the input don't show. */
  const searchTo = (limit: number, out: DeframerSink) => {
    if (!softFlags) return;
    const until = Math.min(limit, time) - softFlags.lookAhead;
    const from = Math.max(searched, until - LONGEST_REPAIR);
    if (until > from) softFlags.search(softHistory, bitHistory, from, until, (flag) => onDoubtfulFlag(flag, out));
    searched = Math.max(searched, until);
  };

  const close = (end: number, out: DeframerSink) => {
    const bits = count - 6; // the flag's own 0 and five of its ones
    const length = (bits >> 3) - FCS_BYTES;
    let bad: 'length' | 'crc' | null = null;
    if (!inFrame || length < MIN_BYTES || bits % 8 !== 0) bad = 'length';
    else if (fcs(bytes, 0, length) !== (bytes[length]! | (bytes[length + 1]! << 8))) bad = 'crc';
    const integrity = { fec: 'none', correctedSymbols: 0, falseAlarmsPerHour };
    if (!bad) {
      out.frame({
        bytes: bytes.slice(0, length),
        symbol: flagEnd,
        endSymbol: end,
        syncQuality: null,
        integrity: { ...integrity, crc: 'ok', repairedBits: 0 },
      });
      framesEnd = end;
      return true;
    }
    // What is too short to be a frame is idle flags or noise between chance flags: no candidate.
    if (end - flagEnd < SHORTEST) return false;
    if (repair && end <= time) {
      // An error may look like a flag within the frame: then the frame began at the flag before.
      for (const begin of [flagEnd, flagEndBefore]) if (tryRepair(begin, end, out)) return true;
      for (const flag of doubtful)
        if (flag.end > flagEnd && end - flag.end >= SHORTEST && tryRepair(flag.end, end, out, flag.event)) return true;
    }
    if (inFrame) out.reject(bad);
    return false;
  };

  /** Destuffs `n` bits of which the first has the absolute index `first`; true when a frame came out. */
  const run = (x: Uint8Array, from: number, n: number, first: number, out: DeframerSink) => {
    let any = false;
    for (let i = 0; i < n; i++) {
      if (x[from + i] === 1) {
        ones++;
        if (ones > 5) {
          if (ones === 7) inFrame = false; // abort
          continue;
        }
        octet |= 1 << (count & 7);
      } else {
        const before = ones;
        ones = 0;
        if (before === 5) continue;
        if (before >= 6) {
          const t = first + i;
          if (before === 6) {
            searchTo(t, out);
            if ((flagEnd >= 0 || softFlags) && close(t - 7, out)) any = true;
            flagEndBefore = flagEnd;
            flagEnd = t + 1;
            if (softFlags && exact.push(flagEnd) > FLAGS_KEPT) exact.shift();
          }
          inFrame = before === 6;
          count = octet = 0;
          continue;
        }
      }
      if (!inFrame) continue;
      if ((count & 7) === 7) {
        bytes[count >> 3] = octet;
        octet = 0;
      }
      count++;
      if (count > maxBits) {
        inFrame = false;
        out.reject('length');
      }
    }
    return any;
  };

  return {
    reset,
    push(x: Soft, n: number, out: DeframerSink) {
      for (let from = 0; from < n; from += PIECE) {
        const size = Math.min(PIECE, n - from);
        const first = time;
        let last = level;
        let shift = register;
        for (let i = 0; i < size; i++) {
          const now = x[from + i]! > 0 ? 1 : 0;
          const bit = 1 ^ now ^ last;
          last = now;
          piece[i] = scrambled ? bit ^ ((shift >> 11) & 1) ^ ((shift >> 16) & 1) : bit;
          shift = ((shift << 1) | bit) & 0x1ffff;
        }
        level = last;
        register = shift;
        if (!repair) {
          run(piece, 0, size, first, out);
          time = first + size;
          continue;
        }
        for (let i = 0; i < size; i++) {
          softHistory[(first + i) & (HISTORY - 1)] = x[from + i]!;
          bitHistory[(first + i) & (HISTORY - 1)] = piece[i]!;
        }
        time = first + size;
        run(piece, 0, size, first, out);
      }
    },
    /** The closing flag may be cut off anywhere: each of its rests is tried. */
    flush(out: DeframerSink) {
      const silent: DeframerSink = { frame: (f) => out.frame(f), reject: () => {} };
      searchTo(time, silent);
      const state = { ones, count, octet, flagEnd };
      for (let k = 7; k >= 0 && inFrame; k--) {
        if (run(FLAG, k, 8 - k, time, silent)) break;
        ({ ones, count, octet, flagEnd } = state);
        inFrame = true;
      }
      inFrame = false;
      flagEnd = flagEndBefore = -1;
    },
  };
}

/**
 * Noise has a run of six ones closed by a 0 (a flag) every 256 bits and as many aborts. A false frame needs a flag
 * with only data since the last flag (1/2), at least 17 bytes of it (stuffing included, exp(-138/128)), in whole
 * octets (1/8), and a matching FCS (2^-16).
 */
export function hdlcFalseAlarmsPerHour(symbolRate: number): number {
  return 3600 * symbolRate * (1 / 256) * (1 / 2) * Math.exp(-138 / 128) * (1 / 8) * 2 ** -16;
}
