import { g3ruhScramble } from '../coding/g3ruh.ts';
import { hdlcEncode } from '../coding/hdlc.ts';
import { nrziEncode } from '../coding/line-codes.ts';
import type { Framing } from './framing.ts';
import { hdlcDeframer } from './parts/hdlc-deframer.ts';
import { precededBy, softNrziDecoder } from './parts/preceded-by.ts';

/**
 * AX.25 frames in HDLC, NRZI on the channel, plain or behind the G3RUH scrambler. A frame goes from the first address
 * byte to the last information byte, without FCS. Addresses are not checked: some satellites send unshifted text.
 * UA01 codes NRZI twice.
 */
export function ax25({
  scrambler,
  twice = false,
}: {
  readonly scrambler: 'none' | 'g3ruh';
  readonly twice?: boolean;
}): Framing {
  return {
    source:
      scrambler === 'g3ruh'
        ? `AX.25 v2.2 section 3; G3RUH, 9600 Baud Packet Radio Modem Design (1988)${twice ? '; by observation' : ''}`
        : 'AX.25 v2.2 section 3',
    protection: 'CRC-16 over the frame, octet alignment, at least 15 bytes',
    makeDeframer(_params, context) {
      const scrambled = scrambler === 'g3ruh';
      // A wrong symbol makes two neighbouring bits of the first code wrong.
      return twice
        ? precededBy(softNrziDecoder(), hdlcDeframer(scrambled, { ...context, errorEvents: 'pairs' }))
        : hdlcDeframer(scrambled, context);
    },
    encode(frames, _params, { preambleBytes = 16, gapBytes = 1, tailBytes = 2 } = {}) {
      const bits = hdlcEncode(frames, preambleBytes, gapBytes, tailBytes);
      const levels = nrziEncode(scrambler === 'g3ruh' ? g3ruhScramble(bits) : bits);
      return twice ? nrziEncode(levels) : levels;
    },
  };
}
