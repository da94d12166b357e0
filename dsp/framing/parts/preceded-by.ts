import type { Deframer, Soft } from '../../core/types.ts';

/** A line code or scrambler on soft symbols, one out for one in. */
export interface SymbolMap {
  process(x: Soft, from: number, n: number, y: Soft): void;
  reset(): void;
}

const PIECE = 1024;

/** A deframer behind a map of its symbols; symbol indices stay the same. */
export function precededBy(map: SymbolMap, deframer: Deframer): Deframer {
  const piece: Soft = new Float32Array(PIECE);
  return {
    push(x, n, out) {
      for (let from = 0; from < n; from += PIECE) {
        const size = Math.min(PIECE, n - from);
        map.process(x, from, size, piece);
        deframer.push(piece, size, out);
      }
    },
    flush: (out) => deframer.flush(out),
    reset() {
      map.reset();
      deframer.reset();
    },
  };
}

/** NRZ-M on soft symbols: 1 where neighbours differ, as sure as the less sure of the two. Free of polarity. */
export const softNrzMarkDecoder = (): SymbolMap => differences(1);

/** NRZI as HDLC uses it on soft symbols: 1 where neighbours are the same. */
export const softNrziDecoder = (): SymbolMap => differences(-1);

function differences(change: 1 | -1): SymbolMap {
  let last = Number.NEGATIVE_INFINITY; // before the start: a certain zero
  return {
    reset() {
      last = Number.NEGATIVE_INFINITY;
    },
    process(x, from, n, y) {
      let before = last;
      for (let i = 0; i < n; i++) {
        const now = x[from + i]!;
        const least = Math.min(Math.abs(now), Math.abs(before));
        y[i] = now > 0 === before > 0 ? -change * least : change * least;
        before = now;
      }
      last = before;
    },
  };
}
