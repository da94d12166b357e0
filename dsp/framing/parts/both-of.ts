import type { Deframer, DeframerSink, RawFrame } from '../../core/types.ts';

/** Frames given out that are remembered. */
const MEMORY = 16;

/**
 * Two deframers of the same symbols. A frame that both find, the same bytes at the same time, comes from the first that has it. They take
 * turns at every symbol, so that the order of frames does not depend on how the input is cut.
 */
export function bothOf(one: Deframer, other: Deframer): Deframer {
  const symbol = new Float32Array(1);
  let given: { readonly frame: RawFrame; readonly by: Deframer }[] = [];

  const isSame = (a: RawFrame, b: RawFrame) =>
    a.symbol < b.endSymbol &&
    b.symbol < a.endSymbol &&
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, i) => byte === b.bytes[i]);
  const sinkOf = (by: Deframer, out: DeframerSink): DeframerSink => ({
    frame(frame) {
      if (given.some((g) => g.by !== by && isSame(g.frame, frame))) return;
      given.push({ frame, by });
      if (given.length > MEMORY) given.shift();
      out.frame(frame);
    },
    reject: (why) => out.reject(why),
  });

  return {
    push(x, n, out) {
      const first = sinkOf(one, out);
      const second = sinkOf(other, out);
      for (let i = 0; i < n; i++) {
        symbol[0] = x[i]!;
        one.push(symbol, 1, first);
        other.push(symbol, 1, second);
      }
    },
    flush(out) {
      one.flush(sinkOf(one, out));
      other.flush(sinkOf(other, out));
    },
    reset() {
      given = [];
      one.reset();
      other.reset();
    },
  };
}
