import type { DeframerSink, RawFrame } from '../../core/types.ts';

/** How long a doubtful frame waits for a better overlapping one. */
const PATIENCE_SYMBOLS = 256;
/** Frames given out that are remembered. */
const MEMORY = 16;

export interface FrameArbiter {
  offer(frame: RawFrame, doubt: number, now: number, out: DeframerSink): void;
  /** Gives out what has waited until `now`. */
  release(now: number, out: DeframerSink): void;
  /** When `release` has something to do next. */
  wake(): number;
  reset(): void;
}

/**
 * Settles overlapping results. A cyclic code behind a periodic scrambler also decodes at shifted positions, with many
 * corrections: of overlapping frames the one with the least doubt stays. A frame within `confidentDoubt` goes out
 * at once; another one waits PATIENCE_SYMBOLS, which covers the shifts that decode.
 */
export function frameArbiter(confidentDoubt: number): FrameArbiter {
  let waiting: { frame: RawFrame; doubt: number; until: number }[] = [];
  let given: { symbol: number; endSymbol: number; doubt: number }[] = [];

  const overlaps = (a: { symbol: number; endSymbol: number }, b: { symbol: number; endSymbol: number }) =>
    a.symbol < b.endSymbol && b.symbol < a.endSymbol;
  const give = (frame: RawFrame, doubt: number, out: DeframerSink) => {
    given.push({ symbol: frame.symbol, endSymbol: frame.endSymbol, doubt });
    if (given.length > MEMORY) given.shift();
    out.frame(frame);
  };

  return {
    offer(frame, doubt, now, out) {
      const better = (other: { doubt: number }) => other.doubt <= doubt;
      if (given.some((g) => better(g) && overlaps(g, frame))) return out.reject('fec');
      if (waiting.some((w) => better(w) && overlaps(w.frame, frame))) return out.reject('fec');
      const beaten = waiting.filter((w) => overlaps(w.frame, frame));
      if (beaten.length > 0) waiting = waiting.filter((w) => !beaten.includes(w));
      for (let i = 0; i < beaten.length; i++) out.reject('fec');
      if (doubt <= confidentDoubt) give(frame, doubt, out);
      else waiting.push({ frame, doubt, until: now + PATIENCE_SYMBOLS });
    },
    release(now, out) {
      while (waiting.length > 0 && waiting[0]!.until <= now) {
        const { frame, doubt } = waiting.shift()!;
        give(frame, doubt, out);
      }
    },
    wake: () => waiting[0]?.until ?? Number.POSITIVE_INFINITY,
    reset() {
      waiting = [];
      given = [];
    },
  };
}
