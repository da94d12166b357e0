/** How many false frames are to be expected of noise, by each framing's own arithmetic. */
import { prng } from '../../dsp/core/prng.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import type { Row } from './sensitivity-rows.ts';
import { makeFrame } from './signals-frames.ts';

/**
 * What a mode's framing says of itself: taken from a frame that it decodes from perfect symbols.
 * @throws Error when it doesn't decode that frame
 */
export function falseAlarmsPerHour(row: Row): number {
  const { framing, modulation } = parseMode(row.mode);
  const bits = encodeFrames(framing, [makeFrame(row.content, row.frameBytes, 0, prng(1))], {
    preambleBytes: 32,
    tailBytes: 32,
  });
  let found: number | null = null;
  const sink = {
    frame: ({ integrity }: { integrity: { falseAlarmsPerHour: number | null } }) => {
      found = integrity.falseAlarmsPerHour;
    },
    reject() {},
  };
  const deframer = makeDeframer(framing, { symbolRate: modulation.symbolRate });
  deframer.push(
    Float32Array.from(bits, (bit) => (bit > 0 ? 1 : -1)),
    bits.length,
    sink,
  );
  deframer.flush(sink);
  if (found === null) throw new Error(`${row.mode}: the framing does not decode its own frame`);
  return found;
}

/** The largest count that a Poisson variable of this mean stays at or below with a probability of 95 %. */
export function poissonBound(mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  let count = 0;
  while (sum < 0.95) {
    count++;
    term *= mean / count;
    sum += term;
  }
  return count;
}
