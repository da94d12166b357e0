import { plausibleAddresses, plausibleCharacter } from '../../coding/ax25-address.ts';
import { crc } from '../../coding/crc.ts';
import type { FramingContext } from '../framing.ts';
import { ErrorList } from './error-list.ts';

const ADDRESS_BYTES = 14;
/** Implausible characters among the twelve of both addresses above which a window is taken for noise. */
const MOST_STRANGE = 8;

/** Delays at which one wrong NRZI bit comes out, behind the G3RUH descrambler or without. */
export function channelErrorTaps(scrambled: boolean): readonly number[] {
  return scrambled ? [0, 12, 17] : [0];
}

interface RepairOptions {
  readonly maxTrials: number;
  readonly events: NonNullable<FramingContext['errorEvents']>;
  readonly scrambled: boolean;
  readonly maxBytes: number;
  /** Whether the first `length` bytes are a frame, with the FCS behind them; default: by the FCS. */
  readonly holds?: (bytes: Uint8Array, length: number) => boolean;
}

type Repair = (
  soft: Float32Array,
  bits: Uint8Array,
  from: number,
  to: number,
  flagEvent?: number,
) => { bytes: Uint8Array; repairedBits: number } | null;

const fcs = crc('x25');
const fcsHolds = (bytes: Uint8Array, length: number) =>
  fcs(bytes, 0, length) === (bytes[length]! | (bytes[length + 1]! << 8));

/**
 * List decoding: the least sure error events between two flags are flipped, cheapest combination first, until the FCS (or `holds`)
 * holds and the addresses are plausible. `soft` (channel symbols) and `bits` (descrambled) are rings whose size is a
 * power of two; `from` … `to` are the absolute indices between the flags. In noise a trial passes with
 * probability 2^-16 · 8e-11, so that repairs add nothing to the false-alarm rate.
 *
 * With `flagEvent` one of the flags is there only once that event is flipped: it is, first of all. Such windows are many and
 * few of them real, so they get a quarter of the trials, and none unless they hold whole octets.
 */
export function hdlcRepair({ maxTrials, events, scrambled, maxBytes, holds = fcsHolds }: RepairOptions): Repair {
  const taps = channelErrorTaps(scrambled);
  const errors = new ErrorList(events, maxTrials);
  const bytes = new Uint8Array(maxBytes + 4);
  let window = new Uint8Array(4096);

  /** Flips an event in a window that begins at the absolute index `from` and is `n` bits long. */
  const flipEvent = (event: number, from: number, n: number) => {
    const { span } = errors; // symbols flipped; the NRZI bits k and k + span follow
    for (const tap of taps) {
      const at = event + tap - from;
      if (at >= 0 && at < n) window[at]! ^= 1;
      if (at + span >= 0 && at + span < n) window[at + span]! ^= 1;
    }
  };

  const destuff = (n: number): number => {
    let ones = 0;
    let count = 0;
    let octet = 0;
    for (let i = 0; i < n; i++) {
      if (window[i] === 1) {
        if (++ones > 5) return -1;
        octet |= 1 << (count & 7);
      } else if (ones === 5) {
        ones = 0;
        continue;
      } else ones = 0;
      if ((count & 7) === 7) {
        if (count >> 3 >= bytes.length) return -1;
        bytes[count >> 3] = octet;
        octet = 0;
        if (count >> 3 === ADDRESS_BYTES && !plausibleAddresses(bytes)) return -1;
      }
      count++;
    }
    if (count % 8 !== 0) return -1;
    const length = (count >> 3) - 2;
    if (length < ADDRESS_BYTES + 1) return -1;
    return holds(bytes, length) ? length : -1;
  };

  /**
   * Noise between two chance flags shows about ten implausible characters of twelve, a frame within reach of three
   * events far fewer: a look at the addresses spares most windows of noise their trials.
   */
  const worthRepair = (n: number): boolean => {
    let ones = 0;
    let count = 0;
    let octet = 0;
    let strange = 0;
    for (let i = 0; i < n && count < 8 * (ADDRESS_BYTES - 1); i++) {
      if (window[i] === 1) {
        if (++ones <= 5) octet |= 1 << (count & 7);
      } else {
        const before = ones;
        ones = 0;
        if (before === 5) continue;
      }
      if ((count & 7) === 7) {
        if (count >> 3 !== 6 && !plausibleCharacter(octet)) strange++;
        octet = 0;
      }
      count++;
    }
    return strange <= MOST_STRANGE;
  };

  const holdsOctets = (n: number): boolean => {
    let ones = 0;
    let count = 0;
    for (let i = 0; i < n; i++) {
      if (window[i] === 1) {
        ones++;
        count++;
      } else {
        if (ones !== 5) count++;
        ones = 0;
      }
    }
    return count % 8 === 0;
  };

  return (soft, bits, from, to, flagEvent) => {
    const mask = soft.length - 1;
    const n = to - from;
    if (window.length < n) window = new Uint8Array(2 * n);
    for (let i = 0; i < n; i++) window[i] = bits[(from + i) & mask]!;
    if (flagEvent !== undefined) {
      flipEvent(flagEvent, from, n);
      if (!holdsOctets(n)) return null;
    }
    if (!worthRepair(n)) return null;
    const { span } = errors;
    const flagBits = flagEvent === undefined ? 0 : span;
    if (flagEvent !== undefined) {
      const length = destuff(n);
      if (length > 0) return { bytes: bytes.slice(0, length), repairedBits: flagBits };
    }

    // An event up to 17 symbols before the window still reaches into it through the descrambler.
    const reach = (scrambled ? 17 : 0) + span;
    const ranked = errors.rank(soft, mask, Math.max(0, from - reach), to);
    const patterns = flagEvent === undefined ? ranked : Math.min(ranked, maxTrials >> 2);
    const flip = (trial: number) => {
      for (let which = 0; which < 3; which++) {
        const event = errors.event(trial, which);
        if (event < 0) break;
        flipEvent(event, from, n);
      }
    };
    for (let trial = 0; trial < patterns; trial++) {
      flip(trial);
      const length = destuff(n);
      if (length > 0) return { bytes: bytes.slice(0, length), repairedBits: flagBits + errors.flips(trial) };
      flip(trial);
    }
    return null;
  };
}
