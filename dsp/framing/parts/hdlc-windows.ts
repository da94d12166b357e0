import { g3ruhSoftDescrambler } from '../../coding/g3ruh.ts';
import type { Deframer, DeframerSink, Soft } from '../../core/types.ts';
import { softNrziDecoder } from './preceded-by.ts';

/** Destuffed soft bits between two flags. */
export interface HdlcWindow {
  readonly bits: Soft;
  readonly n: number;
  /** Absolute indices of the first symbol and behind the last one, stuffed. */
  readonly symbol: number;
  readonly endSymbol: number;
  /** There was no closing flag: the input ended, maybe within one. */
  readonly open: boolean;
  /** Rings of channel symbols and of the bits that they make, stuffed, for a repair. */
  readonly channel: Soft;
  readonly channelBits: Uint8Array;
}

/**
 * NRZI and the G3RUH descrambler, then what lies between HDLC flags, for frames that another code than the FCS protects. At most two
 * windows are looked at a flag: from the flag before, and, since an error may look like a flag within a frame, from the one before that.
 * `look` tells whether the window was a frame. A bit behind five ones is taken for a stuffed one, whatever it is.
 * @param least, most destuffed bits of a window
 */
export function hdlcWindows(
  least: number,
  most: number,
  look: (window: HdlcWindow, out: DeframerSink) => boolean,
): Deframer {
  const longest = Math.ceil((most * 6) / 5) + 8;
  const size = 2 ** Math.ceil(Math.log2(longest + 64));
  const ring: Soft = new Float32Array(size);
  const channel: Soft = new Float32Array(size);
  const channelBits = new Uint8Array(size);
  const nrzi = softNrziDecoder();
  const descrambler = g3ruhSoftDescrambler();
  const destuffed: Soft = new Float32Array(longest);
  const bit: Soft = new Float32Array(1);
  let register = 0; // the last eight bits
  let time = 0;
  let flagEnd = -1;
  let flagEndBefore = -1;

  const tryWindow = (begin: number, end: number, open: boolean, out: DeframerSink): boolean => {
    if (begin < 0 || end - begin < least || end - begin > longest) return false;
    let ones = 0;
    let n = 0;
    for (let t = begin; t < end; t++) {
      const bit = ring[t & (size - 1)]!;
      if (ones === 5) ones = 0;
      else {
        destuffed[n++] = bit;
        ones = bit > 0 ? ones + 1 : 0;
      }
    }
    return (
      n >= least &&
      n <= most &&
      look({ bits: destuffed, n, symbol: begin, endSymbol: end, open, channel, channelBits }, out)
    );
  };

  /** The flag before is forgotten behind a frame, which would otherwise come again with what follows it. */
  const close = (end: number, open: boolean, out: DeframerSink) => {
    for (const begin of [flagEnd, flagEndBefore])
      if (tryWindow(begin, end, open, out)) {
        flagEnd = -1;
        return;
      }
  };

  return {
    reset() {
      nrzi.reset();
      descrambler.reset();
      register = time = 0;
      flagEnd = flagEndBefore = -1;
    },
    push(x, n, out) {
      for (let i = 0; i < n; i++) {
        const at = time & (size - 1);
        channel[at] = x[i]!;
        nrzi.process(x, i, 1, bit);
        descrambler.process(bit, 0, 1, bit);
        ring[at] = bit[0]!;
        channelBits[at] = bit[0]! > 0 ? 1 : 0;
        register = ((register << 1) | channelBits[at]!) & 0xff;
        time++;
        if (register !== 0x7e) continue;
        close(time - 8, false, out);
        flagEndBefore = flagEnd;
        flagEnd = time;
      }
    },
    flush(out) {
      close(time, true, out);
      flagEnd = flagEndBefore = -1;
    },
  };
}
