import { plausibleAddresses } from '../coding/ax25-address.ts';
import { crc } from '../coding/crc.ts';

/** How many of the cheapest error events of a frame are combined, by ones, twos and threes. */
const EVENTS = 32;
const SUBSETS = EVENTS + (EVENTS * (EVENTS - 1)) / 2 + (EVENTS * (EVENTS - 1) * (EVENTS - 2)) / 6;
const ADDRESS_BYTES = 14;
/** Costs are compared as integers of this resolution, so that a subset's number fits below them in a double. */
const RESOLUTION = 2 ** 36;

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
  const order = new Float64Array(SUBSETS);
  const members = new Uint8Array(3 * SUBSETS);
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

  return (soft, bits, from, to) => {
    const mask = soft.length - 1;
    const n = to - from;
    if (window.length < n) window = new Uint8Array(2 * n);
    for (let i = 0; i < n; i++) window[i] = bits[(from + i) & mask]!;

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
    const scale = RESOLUTION / (3 * cost[found - 1]! || 1);
    let subsets = 0;
    const put = (i: number, j: number, k: number, sum: number) => {
      members[3 * subsets] = i;
      members[3 * subsets + 1] = j;
      members[3 * subsets + 2] = k;
      order[subsets] = Math.floor(sum * scale) * 8192 + subsets;
      subsets++;
    };
    for (let i = 0; i < found; i++) {
      put(i, 255, 255, cost[i]!);
      for (let j = i + 1; j < found; j++) {
        put(i, j, 255, cost[i]! + cost[j]!);
        for (let k = j + 1; k < found; k++) put(i, j, k, cost[i]! + cost[j]! + cost[k]!);
      }
    }
    const sorted = order.subarray(0, subsets).sort();
    const flip = (subset: number) => {
      for (let m = 0; m < 3; m++) {
        const event = members[3 * subset + m]!;
        if (event === 255) break;
        for (const tap of taps) {
          const at = where[event]! + tap - from;
          if (at >= 0 && at < n) window[at]! ^= 1;
          if (at + span >= 0 && at + span < n) window[at + span]! ^= 1;
        }
      }
    };
    for (let trial = 0; trial < maxTrials && trial < subsets; trial++) {
      const subset = sorted[trial]! % 8192;
      flip(subset);
      const length = destuff(n);
      if (length > 0) {
        let flipped = 0;
        for (let m = 0; m < 3; m++) if (members[3 * subset + m]! !== 255) flipped += span;
        return { bytes: bytes.slice(0, length), repairedBits: flipped };
      }
      flip(subset);
    }
    return null;
  };
}
