/** White noise through the receivers of several modes side by side; what they take for frames is counted. */
import { prng } from '../../dsp/core/prng.ts';
import type { Receiver } from '../../dsp/core/receiver.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { fmAudio } from '../modulation/modulate-audio.ts';
import { cpuSince } from './sensitivity-point.ts';

export type NoiseInput = 'iq' | 'fm-audio';

export interface NoiseJob {
  readonly modes: readonly string[];
  readonly input: NoiseInput;
  readonly seconds: number;
  readonly seed: number;
}

export interface NoiseCount {
  readonly mode: string;
  readonly input: NoiseInput;
  readonly seconds: number;
  /** Frames whose check held, and no symbol was repaired. */
  readonly intact: number;
  readonly repaired: number;
  readonly cpuSeconds: number;
}

const SAMPLE_RATE = 48_000;
const FM_RATE = 2 * SAMPLE_RATE;
const FULL_SCALE_HZ = 8000;
const CHUNK = 8192;

/** Modes that FM audio can carry. */
export function fitsFmAudio(mode: string): boolean {
  return /^a?fsk/.test(mode);
}

export function countFrames({ modes, input, seconds, seed }: NoiseJob): NoiseCount[] {
  const random = prng(seed);
  const counts = modes.map((mode) => ({ mode, input, seconds, intact: 0, repaired: 0, cpuSeconds: 0 }));
  const receivers = counts.map(
    (count): Receiver =>
      makeReceiver(
        parseMode(count.mode),
        { kind: input, sampleRate: SAMPLE_RATE },
        {
          frame({ integrity }) {
            if (integrity.repairedBits > 0) count.repaired++;
            else count.intact++;
          },
          reject() {},
        },
      ),
  );
  const perSample = input === 'iq' ? 2 : 1;
  const feed = (receiver: Receiver, i: number, x: Float32Array) => {
    const start = process.threadCpuUsage();
    const n = x.length / perSample;
    for (let from = 0; from < n; from += CHUNK) {
      const count = Math.min(CHUNK, n - from);
      receiver.push(x.subarray(perSample * from, perSample * (from + count)), count);
    }
    counts[i]!.cpuSeconds += cpuSince(start);
  };
  for (let second = 0; second < seconds; second++) {
    const x =
      input === 'iq' ? noise(2 * SAMPLE_RATE) : fmAudio(noise(2 * FM_RATE), FM_RATE, { fullScaleHz: FULL_SCALE_HZ });
    for (const [i, receiver] of receivers.entries()) feed(receiver, i, x);
  }
  for (const receiver of receivers) receiver.flush();
  return counts;

  function noise(length: number): Float32Array {
    const x = new Float32Array(length);
    for (let i = 0; i < length; i++) x[i] = 0.2 * random.normal();
    return x;
  }
}
