/** Noise through a framing's decoder, and what the framing says of it. */
import { type Prng, prng } from '../../dsp/core/prng.ts';
import type { Integrity, RawFrame, Reject } from '../../dsp/core/types.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { frameFor } from './coverage-mode.ts';

export interface FramingNoiseJob {
  readonly params: FramingParams;
  readonly symbolRate: number;
  readonly seconds: number;
  readonly seed: number;
}

export interface FramingNoise {
  readonly params: FramingParams;
  readonly symbolRate: number;
  readonly seconds: number;
  readonly frames: number;
  readonly repaired: number;
  /** Expected in an hour, as the framing itself says; null where it does not know. */
  readonly expectedPerHour: number | null;
  /** Whether a CRC or a code of its own checks a frame. */
  readonly checked: boolean;
  readonly cpuSeconds: number;
}

const pieceSymbols = 1 << 14;
const trials = 120;

/** Soft symbols of white noise, as a demodulator without a gate gives them. */
export function countInNoise({ params, symbolRate, seconds, seed }: FramingNoiseJob): FramingNoise {
  const random = prng(seed);
  const integrity = integrityOf(params, symbolRate, random);
  const deframer = makeDeframer(params, { symbolRate, maxTrials: trials });
  let frames = 0;
  let repaired = 0;
  const sink = {
    frame({ integrity }: RawFrame) {
      frames++;
      if (integrity.repairedBits > 0) repaired++;
    },
    reject(_why: Reject) {},
  };
  const piece = new Float32Array(pieceSymbols);
  const start = process.threadCpuUsage();
  for (let left = Math.round(seconds * symbolRate); left > 0; left -= pieceSymbols) {
    const n = Math.min(left, pieceSymbols);
    for (let i = 0; i < n; i++) piece[i] = random.normal();
    deframer.push(piece, n, sink);
  }
  deframer.flush(sink);
  const used = process.threadCpuUsage(start);
  return {
    params,
    symbolRate,
    seconds,
    frames,
    repaired,
    expectedPerHour: integrity.falseAlarmsPerHour,
    checked: integrity.crc !== 'none' || integrity.fec !== 'none',
    cpuSeconds: (used.user + used.system) / 1e6,
  };
}

/** Of a frame that it decodes from perfect symbols. @throws Error when it does not decode it */
function integrityOf(params: FramingParams, symbolRate: number, random: Prng): Integrity {
  const bits = encodeFrames(params, [frameFor(params, random)], { preambleBytes: 32, tailBytes: 32 });
  let found: Integrity | null = null;
  const sink = {
    frame: ({ integrity }: RawFrame) => {
      found ??= integrity;
    },
    reject() {},
  };
  const deframer = makeDeframer(params, { symbolRate });
  deframer.push(
    Float32Array.from(bits, (bit) => 2 * bit - 1),
    bits.length,
    sink,
  );
  deframer.flush(sink);
  if (found === null) throw new Error(`${params.kind} does not decode its own frame`);
  return found;
}
