import type { ReceivedFrame } from '../../dsp/core/receiver.ts';
import type { Iq, Reject } from '../../dsp/core/types.ts';
import { makeDownConverter } from '../../dsp/kernels/down-converter.ts';
import type { DownConverterDesign } from '../../dsp/kernels/down-converter-design.ts';
import { bytesPerSample, type SampleFormat } from '../../dsp/kernels/sample-format.ts';
import { type ChannelPlan, channelDesign, sharedReceivers } from './channel-plan.ts';
import { type ChannelReceiver, makeChannelReceiver, type ReceiverFactory } from './channel-receiver.ts';
import { type DopplerMixer, dopplerMixer } from './doppler-mixer.ts';
import type { TimeOfSample } from './timeline.ts';

/** A frame, with what was taken out before it was received. */
export interface ChannelFrame extends ReceivedFrame {
  /** Doppler shift predicted for its middle, Hz: `offsetHz` is what remained. Null when none was predicted. */
  readonly dopplerHz: number | null;
}

/** `transmitter` is the index of its plan. */
export interface ChannelEvents {
  /** `sample` and `endSample` count the capture's samples, as the source numbers them. */
  frame(frame: ChannelFrame, transmitter: number): void;
  reject(why: Reject, transmitter: number): void;
  /** The transmitter's receiver threw; it begins anew after `pauseSamples`. */
  failed(error: unknown, pauseSamples: number, transmitter: number): void;
  /** What the receivers are about to get, to look at; `gap`: the first since an interruption. */
  samples?(iq: Iq, n: number, captureSample: number, gap: boolean): void;
}

/** The samples of transmitters on one carrier, from the capture to frames. */
export interface Channel {
  push(bytes: Uint8Array, samples: number, firstSample: number, gap: boolean): void;
  /** End of the capture: what is still open is decoded. */
  flush(): void;
}

export interface Capture {
  readonly format: SampleFormat;
  readonly sampleRate: number;
  /** UTC of its samples, for the Doppler shift. */
  readonly timeOf?: TimeOfSample;
}

/**
 * @param plans of transmitters that share a channel (sharedChannels)
 * @throws RangeError when a Doppler shift is predicted, and nothing tells the time
 */
export function makeChannel(
  plans: readonly ChannelPlan[],
  capture: Capture,
  makeReceiver: ReceiverFactory,
  events: ChannelEvents,
): Channel {
  const { format, sampleRate } = capture;
  const plan = plans[0]!;
  const design = channelDesign(plans, sampleRate);
  const { decimation } = design;
  const converter = makeDownConverter({ format, design, shiftHz: -plan.captureOffsetHz });
  const silence = new Uint8Array(converter.latency * bytesPerSample[format]).fill(format === 'cu8' ? 128 : 0);
  const doppler = makeDopplerMixer(plan, capture, design);
  const receivers = sharedReceivers(plans).map(receiverOf);
  let iq = new Float32Array(0);
  /** Whether the converter holds samples that belong to the next ones. It rests while no receiver works. */
  let running = false;
  /** Capture sample of the converter's next output. */
  let next = 0;

  function receiverOf(members: readonly number[]): ChannelReceiver {
    const shared = members.map((member) => plans[member]!);
    const { searchHz, repair } = shared[0]!;
    const input = { kind: 'iq', sampleRate: design.outputRate, searchHz } as const;
    const modes = shared.map(({ mode }) => mode);
    return makeChannelReceiver(
      {
        make: (sinks) => makeReceiver(modes, input, sinks, repair === false ? { maxTrials: 0 } : {}),
        ...{ transmitters: members.length, sampleRate, decimation },
      },
      {
        frame(frame, i) {
          const dopplerHz = doppler?.predictedHz((frame.sample + frame.endSample) / 2) ?? null;
          events.frame({ ...frame, dopplerHz }, members[i]!);
        },
        reject: (why, i) => events.reject(why, members[i]!),
        failed(error, pauseSamples) {
          for (const member of members) events.failed(error, pauseSamples, member);
        },
      },
    );
  }

  /** Returns the IQ pairs that came out. */
  function convert(bytes: Uint8Array, samples: number): number {
    const most = 2 * converter.maxOut(samples);
    if (iq.length < most) iq = new Float32Array(most);
    const n = converter.process(bytes, samples, iq);
    if (n > 0) doppler?.process(iq, n, iq);
    return n;
  }

  /** Before receivers, for all of `working`: what fails there, fails for them. */
  function guarded(working: readonly ChannelReceiver[], nextSample: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      running = false;
      for (const receiver of working) receiver.fail(error, nextSample);
    }
  }

  /** The end of what belongs together: also what the filters still hold back. */
  function finish(nextSample: number): void {
    if (!running) return;
    running = false;
    const working = receivers.filter((receiver) => receiver.works);
    guarded(working, nextSample, () => {
      const n = convert(silence, converter.latency);
      for (const receiver of working) receiver.finish(iq, n, nextSample);
    });
  }

  return {
    push(bytes, samples, firstSample, gap) {
      if (gap) finish(firstSample);
      const working = receivers.filter((receiver) => !receiver.isPaused(firstSample));
      if (working.length === 0) running = false;
      else
        guarded(working, firstSample + samples, () => {
          const anew = !running;
          if (anew) {
            converter.reset();
            doppler?.restart(firstSample);
            next = firstSample;
            running = true;
          }
          const n = convert(bytes, samples);
          if (n > 0) events.samples?.(iq, n, firstSample, anew);
          for (const receiver of working) receiver.push(iq, n, next, anew, firstSample + samples);
          next += n * decimation;
        });
    },
    flush: () => finish(0),
  };
}

function makeDopplerMixer(
  { doppler: curve, frequencyHz }: ChannelPlan,
  { timeOf }: Capture,
  { outputRate: sampleRate, decimation }: DownConverterDesign,
): DopplerMixer | null {
  if (curve === undefined) return null;
  if (timeOf === undefined) throw new RangeError('a Doppler shift that is predicted needs the time of the samples');
  return dopplerMixer({ curve, frequencyHz, sampleRate, decimation, timeOf });
}
