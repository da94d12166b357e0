/** The likeliest single error of a stretch of soft symbols: bits of one byte of a block, or of two neighbouring ones. */
export interface ErrorEvent {
  /** Index of the first byte; the second is the next one. */
  readonly byte: number;
  /** Bits that are wrong together, most significant first on the channel. 0: none of them is in that byte. */
  readonly mask: number;
  readonly nextMask: number;
}

/** Two neighbouring symbols wrong (FSK of an index below 0.75) or a single one. */
export type ErrorEvents = 'pairs' | 'singles';

/** Symbols that an error flips, now: by default two, as continuous-phase modulation near index ½ makes them. */
export function eventSpan(events: ErrorEvents | (() => ErrorEvents) = 'pairs'): 1 | 2 {
  return (typeof events === 'function' ? events() : events) === 'pairs' ? 2 : 1;
}

/**
 * First symbols of the `most` cheapest error events that lie within [from, to), cheapest first. An event is one symbol, or two
 * neighbouring ones as detection of continuous-phase modulation makes them, its cost the surer of them.
 * @param span symbols of an event, 1 or 2
 */
export function cheapestEvents(soft: Float32Array, from: number, to: number, span: 1 | 2, most: number): number[] {
  const where: number[] = [];
  const costs: number[] = [];
  for (let k = from; k + span <= to; k++) {
    const a = Math.abs(soft[k]!);
    const cost = span === 2 ? Math.max(a, Math.abs(soft[k + 1]!)) : a;
    if (costs.length === most && !(cost < costs[most - 1]!)) continue;
    let at = Math.min(costs.length, most - 1);
    for (; at > 0 && cost < costs[at - 1]!; at--) {
      costs[at] = costs[at - 1]!;
      where[at] = where[at - 1]!;
    }
    costs[at] = cost;
    where[at] = k;
  }
  return where;
}

/** The `most` cheapest error events of `bytes` bytes whose bits are the symbols from `from` on, cheapest first. */
export function likelyErrors(soft: Float32Array, from: number, bytes: number, span: 1 | 2, most: number): ErrorEvent[] {
  return cheapestEvents(soft, from, from + 8 * bytes, span, most).map((symbol) => {
    const k = symbol - from;
    const bit = 7 - (k & 7);
    const pattern = span === 2 ? (bit > 0 ? 3 << (bit - 1) : 1) : 1 << bit;
    return { byte: k >> 3, mask: pattern, nextMask: span === 2 && bit === 0 ? 0x80 : 0 };
  });
}
