import {
  byteReliability,
  packMsbFirst,
  reverseBits,
  sliceBytes,
  unpackLsbFirst,
  unpackMsbFirst,
} from '../coding/bits.ts';
import { FLIPPED_EVENTS } from '../coding/ccsds-reed-solomon.ts';
import { cheapestEvents, eventSpan } from '../coding/error-events.ts';
import { type Fx25Code, fx25Block, fx25Codes } from '../coding/fx25.ts';
import { g3ruhScramble, g3ruhSoftDescrambler } from '../coding/g3ruh.ts';
import { hdlcEncode } from '../coding/hdlc.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import type { Flip } from '../coding/soft-reed-solomon.ts';
import type { Deframer, RawFrame } from '../core/types.ts';
import type { Framing, FramingContext } from './framing.ts';
import { bothOf } from './parts/both-of.ts';
import { concatenate, syncBits } from './parts/burst.ts';
import { CRC16_ACCEPTANCE, hardSyncProbability, perHour, reedSolomonAcceptance } from './parts/false-alarms.ts';
import { hdlcDeframer } from './parts/hdlc-deframer.ts';
import { channelErrorTaps } from './parts/hdlc-repair.ts';
import { softNrziDecoder } from './parts/preceded-by.ts';
import { syncDeframer } from './parts/sync-deframer.ts';
import { hardSyncs, type SyncSearch, syncErrors } from './parts/sync-search.ts';

const TAG_ERRORS = 8;
/** Behind the scrambler one error of the channel makes six. */
const SCRAMBLED_TAG_ERRORS = 12;
const sizeOf = ({ information, parity }: Fx25Code) => information + parity;
const sizes = fx25Codes.map(sizeOf);
const MAX_BYTES = Math.max(...sizes);
/** Parity of the blocks that are sent, where the frame fits one of them: what direwolf sends by default. */
const SENT_PARITY = 32;

/**
 * FX.25: a tag, then a Reed-Solomon block around the flags and stuffed bits of an AX.25 frame, plain or behind the G3RUH scrambler.
 * Frames of stations that send AX.25 alone come out too. A frame goes from the first address byte to the last information byte.
 */
export function fx25({ scrambler }: { readonly scrambler: 'none' | 'g3ruh' }): Framing {
  const scrambled = scrambler === 'g3ruh';
  return {
    source: 'FX.25, Forward Error Correction Extension to AX.25 Link Protocol, draft 01_06; AX.25 v2.2 section 3',
    protection:
      'CRC-16 over the frame, octet alignment, at least 15 bytes; Reed-Solomon (t = 8, 16 or 32) where it is sent',
    makeDeframer(_params, context) {
      return bothOf(hdlcDeframer(scrambled, context), fx25Blocks(scrambled, context));
    },
    encode(frames, _params, { preambleBytes = 16, gapBytes = 1, tailBytes = 2 } = {}) {
      const flags = (n: number) => unpackMsbFirst(new Uint8Array(n).fill(0x7e));
      const bits = concatenate([
        flags(preambleBytes),
        ...frames.flatMap((frame, i) => [...(i > 0 ? [flags(gapBytes)] : []), encodeBlock(frame)]),
        flags(tailBytes),
      ]);
      return nrziEncode(scrambled ? g3ruhScramble(bits) : bits);
    },
  };
}

/** Blocks behind their tags, straight from the channel, whose doubtful symbols tell which bits may be wrong together. */
function fx25Blocks(scrambled: boolean, context: FramingContext): Deframer {
  const { symbolRate, maxTrials = 0, errorEvents } = context;
  const codes = fx25Codes.map(fx25Block);
  const taps = channelErrorTaps(scrambled);
  /** Symbols before the block that reach into it. */
  const lead = Math.max(...taps) + 1;
  const maxSymbols = lead + 8 * MAX_BYTES;
  const bits = new Float32Array(maxSymbols);
  const nrzi = softNrziDecoder();
  const descrambler = g3ruhSoftDescrambler();
  const bytes = new Uint8Array(MAX_BYTES);
  const reliability = new Float32Array(MAX_BYTES);
  const hdlc = hdlcDeframer(false, { symbolRate });
  const tagErrors = scrambled ? SCRAMBLED_TAG_ERRORS : TAG_ERRORS;
  const falseAlarmsPerHour = perHour(
    symbolRate,
    fx25Codes.length * hardSyncProbability(64, tagErrors, 1),
    reedSolomonAcceptance(MAX_BYTES, true, FLIPPED_EVENTS, 16),
    CRC16_ACCEPTANCE,
  );

  /** Bits of the block that one error of the channel at symbol `event` makes wrong. */
  const flipsOf = (event: number, span: number, size: number): Flip[] =>
    taps
      .flatMap((tap) => [event + tap - lead, event + span + tap - lead])
      .filter((bit) => bit >= 0 && bit < 8 * size)
      .map((bit) => ({ at: bit >> 3, mask: 1 << (bit & 7) }));

  return syncDeframer({
    search: tagSearch(scrambled, tagErrors, lead),
    firstSymbols: lead + 8 * Math.min(...sizes),
    maxSymbols,
    maxAttempts: 64,
    decode(frame, n, { note = 0, quality }) {
      const size = sizes[note]!;
      if (n < lead + 8 * size) return { need: lead + 8 * size, note };
      const { information, parity } = fx25Codes[note]!;
      nrzi.reset();
      nrzi.process(frame, 0, n, bits);
      descrambler.reset();
      if (scrambled) descrambler.process(bits, 0, n, bits);
      sliceBytes(bits, lead, size, bytes);
      byteReliability(bits, lead, size, reliability);
      const span = eventSpan(errorEvents);
      const worthIt = maxTrials > 0 && syncErrors(quality, 64) <= TAG_ERRORS;
      const events = worthIt ? cheapestEvents(frame, 0, n, span, FLIPPED_EVENTS) : [];
      const correctedSymbols = codes[note]!.decode(
        reverseBits(bytes),
        reliability,
        events.map((event) => flipsOf(event, span, size)),
      );
      if (correctedSymbols < 0) return { reject: 'fec' };
      const inner = firstFrame(hdlc, bytes.subarray(0, information));
      if (!inner) return { reject: 'crc' };
      return {
        bytes: inner.bytes,
        symbols: n,
        doubt: correctedSymbols,
        integrity: {
          crc: 'ok',
          fec: `rs(${size},${size - parity})`,
          correctedSymbols,
          repairedBits: 0,
          falseAlarmsPerHour,
        },
      };
    },
  });
}

/** Looks for tags in what NRZI and scrambler hide on the channel, and tells them by `lead` symbols before they end. */
function tagSearch(scrambled: boolean, maxErrors: number, lead: number): SyncSearch {
  const tags = hardSyncs(
    fx25Codes.map(({ tag }) => tag),
    maxErrors,
  );
  const bit = new Float32Array(1);
  const nrzi = softNrziDecoder();
  const descrambler = g3ruhSoftDescrambler();
  return {
    ...tags,
    lag: lead,
    reset() {
      tags.reset();
      nrzi.reset();
      descrambler.reset();
    },
    next(ring, mask, time) {
      nrzi.process(ring, time & mask, 1, bit);
      if (scrambled) descrambler.process(bit, 0, 1, bit);
      return Math.max(0, tags.next(bit, 0, 0));
    },
  };
}

/** The first frame within corrected information. */
function firstFrame(hdlc: Deframer, information: Uint8Array): RawFrame | null {
  const symbols = Float32Array.from(nrziEncode(unpackLsbFirst(information)), (bit) => 2 * bit - 1);
  let first: RawFrame | null = null;
  const out = {
    frame: (frame: RawFrame) => {
      first ??= frame;
    },
    reject: () => {},
  };
  hdlc.reset();
  hdlc.push(symbols, symbols.length, out);
  return first;
}

/** Tag and block, in bits. */
function encodeBlock(frame: Uint8Array): Uint8Array {
  // Flags after the frame fill the block, and may be cut anywhere.
  const bits = hdlcEncode([frame], 1, 1, MAX_BYTES);
  const least = bits.length - 8 * (MAX_BYTES - 1);
  const fits = fx25Codes.filter(({ information }) => 8 * information >= least);
  const code = fits.filter(({ parity }) => parity === SENT_PARITY).sort((a, b) => sizeOf(a) - sizeOf(b))[0] ?? fits[0];
  if (!code) throw new RangeError(`a frame of ${frame.length} bytes does not fit the largest FX.25 block`);
  const information = reverseBits(packMsbFirst(bits.subarray(0, 8 * code.information)));
  return concatenate([syncBits(code.tag), unpackLsbFirst(fx25Block(code).encode(information))]);
}
