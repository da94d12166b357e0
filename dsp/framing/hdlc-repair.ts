import { plausibleAddresses, plausibleCharacter } from '../coding/ax25-address.ts';
import { crc } from '../coding/crc.ts';

/** How many of the cheapest error events of a frame are combined, by ones, twos and threes. */
const EVENTS = 32;
/** A subset is three event numbers of a byte each; this stands for no event. */
const NONE = 255;
/** Implausible characters among the twelve of both addresses above which a window is taken for noise. */
const MOST_STRANGE = 8;
const ADDRESS_BYTES = 14;

interface RepairOptions {
  readonly maxTrials: number;
  readonly events: 'pairs' | 'singles';
  readonly scrambled: boolean;
  readonly maxBytes: number;
}

type Repair = (
  soft: Float32Array,
  bits: Uint8Array,
  from: number,
  to: number,
) => { bytes: Uint8Array; repairedBits: number } | null;

/**
 * List decoding: the least sure error events between two flags are flipped, cheapest combination first, until the FCS
 * holds and the addresses are plausible. `soft` (channel symbols) and `bits` (descrambled) are rings whose size is a
 * power of two; `from` … `to` are the absolute indices between the flags. In noise a trial passes with
 * probability 2^-16 · 8e-11, so that repairs add nothing to the false-alarm rate.
 */
export function hdlcRepair({ maxTrials, events, scrambled, maxBytes }: RepairOptions): Repair {
  const fcs = crc('x25');
  const taps = scrambled ? [0, 12, 17] : [0];
  const span = events === 'pairs' ? 2 : 1; // symbols flipped; the NRZI bits k and k + span follow
  const where = new Int32Array(EVENTS);
  const cost = new Float64Array(EVENTS);
  const sums = new Float64Array(maxTrials);
  const order = new Int32Array(maxTrials);
  const bytes = new Uint8Array(maxBytes + 4);
  let window = new Uint8Array(4096);

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
    return fcs(bytes, 0, length) === (bytes[length]! | (bytes[length + 1]! << 8)) ? length : -1;
  };

  /**
   * The cheapest subsets of one, two or three of the `found` events, at most `maxTrials`, in `order` by cost. Costs
   * ascend, so that a sum that is too dear ends its row: a few hundred sums are made, not all 5,488.
   */
  const cheapest = (found: number): number => {
    let kept = 0;
    const put = (subset: number, sum: number): boolean => {
      if (kept === maxTrials && sum >= sums[kept - 1]!) return false;
      let at = kept < maxTrials ? kept++ : kept - 1;
      for (; at > 0 && sums[at - 1]! > sum; at--) {
        sums[at] = sums[at - 1]!;
        order[at] = order[at - 1]!;
      }
      sums[at] = sum;
      order[at] = subset;
      return true;
    };
    for (let i = 0; i < found; i++) {
      if (!put(i | (NONE << 8) | (NONE << 16), cost[i]!)) break;
      for (let j = i + 1; j < found; j++) {
        const two = cost[i]! + cost[j]!;
        if (!put(i | (j << 8) | (NONE << 16), two)) break;
        for (let k = j + 1; k < found; k++) if (!put(i | (j << 8) | (k << 16), two + cost[k]!)) break;
      }
    }
    return kept;
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

  return (soft, bits, from, to) => {
    const mask = soft.length - 1;
    const n = to - from;
    if (window.length < n) window = new Uint8Array(2 * n);
    for (let i = 0; i < n; i++) window[i] = bits[(from + i) & mask]!;
    if (!worthRepair(n)) return null;

    let found = 0;
    // An event up to 17 symbols before the window still reaches into it through the descrambler.
    for (let k = Math.max(0, from - (scrambled ? 17 + span : span)); k < to; k++) {
      const a = Math.abs(soft[k & mask]!);
      const b = span === 2 ? Math.abs(soft[(k + 1) & mask]!) : 0;
      const c = Math.max(a, b);
      if (found === EVENTS && c >= cost[EVENTS - 1]!) continue;
      let at = found < EVENTS ? found++ : EVENTS - 1;
      for (; at > 0 && c < cost[at - 1]!; at--) {
        cost[at] = cost[at - 1]!;
        where[at] = where[at - 1]!;
      }
      cost[at] = c;
      where[at] = k;
    }
    const subsets = cheapest(found);
    const flip = (subset: number) => {
      for (let m = 0; m < 24; m += 8) {
        const event = (subset >> m) & 255;
        if (event === NONE) break;
        for (const tap of taps) {
          const at = where[event]! + tap - from;
          if (at >= 0 && at < n) window[at]! ^= 1;
          if (at + span >= 0 && at + span < n) window[at + span]! ^= 1;
        }
      }
    };
    for (let trial = 0; trial < subsets; trial++) {
      const subset = order[trial]!;
      flip(subset);
      const length = destuff(n);
      if (length > 0) {
        let flipped = 0;
        for (let m = 0; m < 24; m += 8) if (((subset >> m) & 255) !== NONE) flipped += span;
        return { bytes: bytes.slice(0, length), repairedBits: flipped };
      }
      flip(subset);
    }
    return null;
  };
}
