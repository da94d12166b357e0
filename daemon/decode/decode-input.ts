import type { Receiver } from '../../dsp/core/receiver.ts';
import { formatMode } from '../../dsp/mode.ts';
import type { DecodedFrame } from '../api/wire.ts';
import { type SampleInput, timeOfSample } from '../inputs/input.ts';
import { type Placement, type ReceiverFactory, receiverInput, type Wanted } from './chain.ts';
import { frameOrder } from './frame-order.ts';

export interface DecodeJob {
  readonly input: SampleInput;
  readonly wanted: readonly Wanted[];
  readonly placement: Placement;
  readonly makeReceiver: ReceiverFactory;
  readonly signal: AbortSignal;
  /** Frames in the order of their samples. */
  readonly frames: (frames: readonly DecodedFrame[]) => void | Promise<void>;
  /** A transmitter that can't be received from this input, and why. */
  readonly unreceivable: (wanted: Wanted, reason: string) => void;
  /** `waiting`: frames found that were not given yet. */
  readonly progress?: (samplesRead: number, waiting: number) => void;
  /** Samples read at a time. */
  readonly blockSamples?: number;
}

interface Chain {
  readonly wanted: Wanted;
  readonly receiver: Receiver;
}

/** A frame comes at most this long behind its first bit: the longest frame at 200 Bd and the receivers' blocks, in s. */
const maxDelayS = 30;
const defaultBlockSamples = 1 << 16;

/**
 * Runs all wanted transmitters over an input to its end. A gap ends what was open; the next segment starts afresh.
 * @returns how many of them could be received
 * @throws InputError; the signal's reason when it aborts
 */
export async function decodeInput(job: DecodeJob): Promise<number> {
  const { input, signal } = job;
  const order = frameOrder(maxDelayS * input.sampleRate);
  const state = { origin: 0 };
  const chains = makeChains(job, state, order);
  if (chains.length === 0) return 0;
  const width = input.kind === 'iq' ? 2 : 1;
  const buffer = new Float32Array((job.blockSamples ?? defaultBlockSamples) * width);
  let position = 0;
  let next = 1;
  for (;;) {
    signal.throwIfAborted();
    const samples = await input.read(buffer);
    signal.throwIfAborted();
    if (samples === 0) break;
    if (position >= (input.segments[next]?.firstSample ?? Number.POSITIVE_INFINITY)) {
      for (const { receiver } of chains) {
        receiver.flush();
        receiver.reset();
      }
      state.origin = position;
      next++;
    }
    for (const { receiver } of chains) receiver.push(buffer, samples);
    position += samples;
    await job.frames(order.advance(position));
    job.progress?.(position, order.waiting);
  }
  for (const { receiver } of chains) receiver.flush();
  await job.frames(order.finish());
  return chains.length;
}

function makeChains(job: DecodeJob, state: { readonly origin: number }, order: ReturnType<typeof frameOrder>): Chain[] {
  const { input } = job;
  const chains: Chain[] = [];
  job.wanted.forEach((wanted, index) => {
    const mode = formatMode(wanted.mode);
    const { satellite, transmitter } = wanted;
    try {
      const receiver = job.makeReceiver(wanted.mode, receiverInput(wanted, input, job.placement), {
        frame(frame) {
          const sample = state.origin + frame.sample;
          order.add({
            chain: index,
            endSample: state.origin + frame.endSample,
            frame: {
              time: timeOfSample(input, sample)?.toISOString() ?? null,
              sample,
              satellite,
              transmitter,
              mode,
              frame: Buffer.from(frame.bytes).toString('hex'),
              integrity: frame.integrity,
              snr_db: frame.snrDb,
              offset_hz: frame.offsetHz,
              modulation_index: frame.modulationIndex,
              clock_ppm: frame.clockPpm,
              sync_quality: frame.syncQuality,
            },
          });
        },
        reject() {},
      });
      chains.push({ wanted, receiver });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      job.unreceivable(wanted, error.message);
    }
  });
  return chains;
}
