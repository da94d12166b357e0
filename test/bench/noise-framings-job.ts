/** Noise through a framing's decoder, and what the framing says of it. */
import { prng } from '../../dsp/core/prng.ts';
import type { RawFrame, Reject } from '../../dsp/core/types.ts';
import type { FramingParams } from '../../dsp/framing/framing.ts';
import { makeDeframer } from '../../dsp/framing/index.ts';
import { frameFor } from './coverage-mode.ts';
import { integrityOf } from './noise-bound.ts';

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
  const integrity = integrityOf(params, symbolRate, frameFor(params, random));
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
