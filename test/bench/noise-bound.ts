/** How many false frames are to be expected of noise, by each framing's own arithmetic. */
import { prng } from '../../dsp/core/prng.ts';
import type { Integrity, RawFrame } from '../../dsp/core/types.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import type { Row } from './sensitivity-rows.ts';
import { makeFrame } from './signals-frames.ts';

/** What a mode's framing says of itself, an hour. @throws Error when it doesn't decode its own frame, or knows no figure */
export function falseAlarmsPerHour(row: Row): number {
  const { framing, modulation } = parseMode(row.mode);
  const frame = makeFrame(row.content, row.frameBytes, 0, prng(1));
  const { falseAlarmsPerHour: found } = integrityOf(framing, modulation.symbolRate, frame);
  if (found === null) throw new Error(`${row.mode}: the framing knows no figure`);
  return found;
}

/** Of a frame that a framing decodes from perfect symbols. @throws Error when it doesn't decode it */
export function integrityOf(params: FramingParams, symbolRate: number, frame: Uint8Array): Integrity {
  const bits = encodeFrames(params, [frame], { preambleBytes: 32, tailBytes: 32 });
  let found: Integrity | null = null;
  const sink = {
    frame: ({ integrity }: RawFrame) => {
      found ??= integrity;
    },
    reject() {},
  };
  const deframer = makeDeframer(params, { symbolRate });
  deframer.push(
    Float32Array.from(bits, (bit) => (bit > 0 ? 1 : -1)),
    bits.length,
    sink,
  );
  deframer.flush(sink);
  if (found === null) throw new Error(`${params.kind}: the framing does not decode its own frame`);
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
