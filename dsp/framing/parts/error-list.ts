import { eventSpan } from '../../coding/error-events.ts';
import type { FramingContext } from '../framing.ts';

/** How many of the cheapest error events are combined, by ones, twos and threes. */
const EVENTS = 32;
/** A subset is three event numbers of a byte each; this stands for no event. */
const NONE = 255;

/**
 * The likeliest error patterns of a stretch of soft symbols, cheapest first: an event is one doubtful symbol, or two
 * neighbouring ones (its cost the surer of them); up to three of the 32 cheapest events make a pattern.
 */
export class ErrorList {
  private readonly events: NonNullable<FramingContext['errorEvents']>;
  private readonly maxTrials: number;
  private readonly where = new Float64Array(EVENTS);
  private readonly cost = new Float64Array(EVENTS);
  private readonly sums: Float64Array;
  private readonly order: Int32Array;
  private kept = 0;

  constructor(events: NonNullable<FramingContext['errorEvents']>, maxTrials: number) {
    this.events = events;
    this.maxTrials = maxTrials;
    this.sums = new Float64Array(maxTrials);
    this.order = new Int32Array(maxTrials);
  }

  /** Symbols that an event flips: what `rank` assumes. */
  get span(): 1 | 2 {
    return eventSpan(this.events);
  }

  /**
   * Ranks the patterns of the events that begin at symbols `from` … `to` − 1 of a ring (size mask + 1, a power of two).
   * @returns how many patterns there are, at most `maxTrials`
   */
  rank(soft: Float32Array, mask: number, from: number, to: number): number {
    const { where, cost, span } = this;
    let found = 0;
    for (let k = from; k < to; k++) {
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
    this.kept = 0;
    // Costs ascend, so that a sum that is too dear ends its row: a few hundred sums are made, not all 5,488.
    for (let i = 0; i < found; i++) {
      if (!this.put(i | (NONE << 8) | (NONE << 16), cost[i]!)) break;
      for (let j = i + 1; j < found; j++) {
        const two = cost[i]! + cost[j]!;
        if (!this.put(i | (j << 8) | (NONE << 16), two)) break;
        for (let k = j + 1; k < found; k++) if (!this.put(i | (j << 8) | (k << 16), two + cost[k]!)) break;
      }
    }
    return this.kept;
  }

  private put(subset: number, sum: number): boolean {
    const { sums, order, maxTrials } = this;
    if (this.kept === maxTrials && sum >= sums[this.kept - 1]!) return false;
    let at = this.kept < maxTrials ? this.kept++ : this.kept - 1;
    for (; at > 0 && sums[at - 1]! > sum; at--) {
      sums[at] = sums[at - 1]!;
      order[at] = order[at - 1]!;
    }
    sums[at] = sum;
    order[at] = subset;
    return true;
  }

  /** The first symbol of event `which` (0 … 2) of pattern `trial`, or −1 when it has no such event. */
  event(trial: number, which: number): number {
    const event = (this.order[trial]! >> (8 * which)) & 255;
    return event === NONE ? -1 : this.where[event]!;
  }

  /** Symbols that pattern `trial` flips. */
  flips(trial: number): number {
    let count = 0;
    while (count < 3 && this.event(trial, count) >= 0) count++;
    return count * this.span;
  }
}
