import type { Receiver, ReceiverSink } from '../../dsp/core/receiver.ts';
import { formatMode } from '../../dsp/mode.ts';
import { sharingKey } from '../../dsp/sharing.ts';
import type { DecodedFrame } from '../api/wire.ts';
import { type SampleInput, timeMsOfSample, timeOfSample } from '../inputs/input.ts';
import type { CarrierEvidence } from '../receiver/carrier-evidence.ts';
import { dopplerMixer } from '../receiver/doppler-mixer.ts';
import type { DopplerCurve } from '../tracking/doppler-curve.ts';
import { type Placement, type ReceiverFactory, receiverInput, type Wanted } from './chain.ts';
import { frameOrder } from './frame-order.ts';

export interface DecodeJob {
  readonly input: SampleInput;
  readonly wanted: readonly Wanted[];
  readonly placement: Placement;
  /** Range rate of the satellite: its Doppler shift is taken out of IQ. All segments of the input then need a time. */
  readonly doppler?: DopplerCurve;
  readonly makeReceiver: ReceiverFactory;
  readonly signal: AbortSignal;
  /** Frames in the order of their samples. */
  readonly frames: (frames: readonly DecodedFrame[]) => void | Promise<void>;
  /** What the frames that were just given tell of their carrier; with a Doppler shift only. */
  readonly carriers?: (carriers: readonly FrameCarrier[]) => void;
  /** A transmitter that can't be received from this input, and why. */
  readonly unreceivable: (wanted: Wanted, reason: string) => void;
  /** `waiting`: frames found that were not given yet. */
  readonly progress?: (samplesRead: number, waiting: number) => void;
  /** Samples read at a time. */
  readonly blockSamples?: number;
}

export interface FrameCarrier extends CarrierEvidence {
  readonly frame: DecodedFrame;
}

interface Chain {
  readonly receiver: Receiver;
  /** How many it receives. */
  readonly transmitters: number;
  /** Before the receiver, when a Doppler shift is predicted. */
  readonly corrector: Corrector | null;
  /** What the frames tell of their carrier. */
  readonly carriers: WeakMap<DecodedFrame, CarrierEvidence>;
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
      for (const { receiver, corrector } of chains) {
        receiver.flush();
        receiver.reset();
        corrector?.restart(position);
      }
      state.origin = position;
      next++;
    }
    for (const { receiver, corrector } of chains) receiver.push(corrector?.correct(buffer, samples) ?? buffer, samples);
    position += samples;
    await give(job, chains, order.advance(position));
    job.progress?.(position, order.waiting);
  }
  for (const { receiver } of chains) receiver.flush();
  await give(job, chains, order.finish());
  return chains.reduce((sum, { transmitters }) => sum + transmitters, 0);
}

async function give(job: DecodeJob, chains: readonly Chain[], frames: readonly DecodedFrame[]): Promise<void> {
  await job.frames(frames);
  const told = frames.flatMap((frame) => {
    const evidence = chains.map(({ carriers }) => carriers.get(frame)).find((found) => found !== undefined);
    return evidence === undefined ? [] : { frame, ...evidence };
  });
  if (told.length > 0) job.carriers?.(told);
}

/** One chain for all that can share a receiver; what fails together is tried alone. */
function makeChains(job: DecodeJob, state: { readonly origin: number }, order: ReturnType<typeof frameOrder>): Chain[] {
  const { input, wanted, placement, doppler } = job;
  const chainsOf = (members: readonly number[]): Chain[] => {
    try {
      return [makeChain(job, members, state, order)];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (members.length > 1) return members.flatMap((member) => chainsOf([member]));
      job.unreceivable(wanted[members[0]!]!, error.message);
      return [];
    }
  };
  const groups = Map.groupBy(wanted.keys(), (i) => {
    const one = wanted[i]!;
    const where = receiverInput(one, input, placement, doppler);
    return JSON.stringify([sharingKey(one.mode, where.kind), where, doppler && one.frequencyHz]);
  });
  return [...groups.values()].flatMap(chainsOf);
}

/** @param members of the wanted, which lie in one place and can share a receiver @throws RangeError when one can't be received */
function makeChain(
  job: DecodeJob,
  members: readonly number[],
  state: { readonly origin: number },
  order: ReturnType<typeof frameOrder>,
): Chain {
  const { input } = job;
  const shared = members.map((member) => job.wanted[member]!);
  const corrector = makeCorrector(job, shared[0]!);
  const carriers: Chain['carriers'] = new WeakMap();
  const sinks = shared.map(({ mode: how, satellite, transmitter, frequencyHz }, i): ReceiverSink => {
    const mode = formatMode(how);
    return {
      frame(received) {
        const sample = state.origin + received.sample;
        const endSample = state.origin + received.endSample;
        const frame: DecodedFrame = {
          time: timeOfSample(input, sample)?.toISOString() ?? null,
          sample,
          satellite,
          transmitter,
          mode,
          frame: Buffer.from(received.bytes).toString('hex'),
          integrity: received.integrity,
          snr_db: received.snrDb,
          offset_hz: received.offsetHz,
          modulation_index: received.modulationIndex,
          clock_ppm: received.clockPpm,
          sync_quality: received.syncQuality,
        };
        if (corrector !== null && frequencyHz !== null) {
          const middle = (sample + endSample) / 2;
          const dopplerHz = corrector.predictedHz(middle);
          carriers.set(frame, { frequencyHz, middleMs: timeMsOfSample(input, middle), dopplerHz });
        }
        order.add({ chain: members[i]!, endSample, frame });
      },
      reject() {},
    };
  });
  const where = receiverInput(shared[0]!, input, job.placement, job.doppler);
  const modes = shared.map(({ mode }) => mode);
  return { receiver: job.makeReceiver(modes, where, sinks), transmitters: members.length, corrector, carriers };
}

interface Corrector {
  restart(sample: number): void;
  /** The samples without the predicted shift; valid until the next call. */
  correct(iq: Float32Array, samples: number): Float32Array;
  predictedHz(sample: number): number | null;
}

function makeCorrector({ input, doppler: curve }: DecodeJob, { frequencyHz }: Wanted): Corrector | null {
  if (curve === undefined || frequencyHz === null || input.kind !== 'iq') return null;
  const { sampleRate } = input;
  const timeOf = (sample: number) => timeMsOfSample(input, sample);
  const mixer = dopplerMixer({ curve, frequencyHz, sampleRate, decimation: 1, timeOf });
  let out = new Float32Array(0);
  return {
    restart: mixer.restart,
    correct(iq, samples) {
      if (out.length < 2 * samples) out = new Float32Array(2 * samples);
      mixer.process(iq, samples, out);
      return out;
    },
    predictedHz: mixer.predictedHz,
  };
}
