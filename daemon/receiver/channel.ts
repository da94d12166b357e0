import type { ReceivedFrame, Receiver, ReceiverInput, ReceiverSink } from '../../dsp/core/receiver.ts';
import type { Iq, Reject } from '../../dsp/core/types.ts';
import { makeDownConverter } from '../../dsp/kernels/down-converter.ts';
import type { DownConverterDesign } from '../../dsp/kernels/down-converter-design.ts';
import { bytesPerSample, type SampleFormat } from '../../dsp/kernels/sample-format.ts';
import type { Mode } from '../../dsp/mode.ts';
import { type ChannelPlan, channelDesign } from './channel-plan.ts';
import { type DopplerMixer, dopplerMixer } from './doppler-mixer.ts';
import type { TimeOfSample } from './timeline.ts';

export type ReceiverFactory = (
  mode: Mode,
  input: ReceiverInput,
  sink: ReceiverSink,
  options: { readonly maxTrials?: number },
) => Receiver;

/** A frame, with what was taken out before it was received. */
export interface ChannelFrame extends ReceivedFrame {
  /** Doppler shift predicted for its middle, Hz: `offsetHz` is what remained. Null when none was predicted. */
  readonly dopplerHz: number | null;
}

export interface ChannelEvents {
  /** `sample` and `endSample` count the capture's samples, as the source numbers them. */
  frame(frame: ChannelFrame): void;
  reject(why: Reject): void;
  /** The receiver threw; the channel begins anew after `pauseSamples`. */
  failed(error: unknown, pauseSamples: number): void;
  /** What the receiver is about to get, to look at; `gap`: the first since an interruption. */
  samples?(iq: Iq, n: number, captureSample: number, gap: boolean): void;
}

/** The samples of one transmitter, from the capture to frames. */
export interface Channel {
  push(bytes: Uint8Array, samples: number, firstSample: number, gap: boolean): void;
  /** End of the capture: what is still open is decoded. */
  flush(): void;
}

/** A receiver that fails again and again is given longer and longer pauses, up to this. */
const longestPauseSeconds = 60;

export interface Capture {
  readonly format: SampleFormat;
  readonly sampleRate: number;
  /** UTC of its samples, for the Doppler shift. */
  readonly timeOf?: TimeOfSample;
}

/** @throws RangeError when a Doppler shift is predicted, and nothing tells the time */
export function makeChannel(
  plan: ChannelPlan,
  capture: Capture,
  makeReceiver: ReceiverFactory,
  events: ChannelEvents,
): Channel {
  const { format, sampleRate } = capture;
  const design = channelDesign(plan, sampleRate);
  const converter = makeDownConverter({ format, design, shiftHz: -plan.captureOffsetHz });
  const input = { kind: 'iq', sampleRate: design.outputRate, searchHz: plan.searchHz } as const;
  const silence = new Uint8Array(converter.latency * bytesPerSample[format]).fill(format === 'cu8' ? 128 : 0);
  const doppler = makeDopplerMixer(plan, capture, design);
  let iq = new Float32Array(0);
  let receiver: Receiver | null = null;
  /** Capture sample of the chain's first one. */
  let base = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseSeconds = 0;

  const sink: ReceiverSink = {
    frame(frame) {
      pauseSeconds = 0;
      const sample = base + Math.round(frame.sample * design.decimation);
      const endSample = base + Math.round(frame.endSample * design.decimation);
      const dopplerHz = doppler?.predictedHz((sample + endSample) / 2) ?? null;
      events.frame({ ...frame, sample, endSample, dopplerHz });
    },
    reject: (why) => events.reject(why),
  };

  function start(firstSample: number): void {
    converter.reset();
    doppler?.restart(firstSample);
    base = firstSample;
    receiver?.reset();
    receiver ??= makeReceiver(plan.mode, input, sink, plan.repair === false ? { maxTrials: 0 } : {});
  }

  /** A failing receiver costs its own channel what it was about to decode, and nobody else anything. */
  function guarded(nextSample: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      receiver = null;
      const pauseSamples = Math.round(pauseSeconds * sampleRate);
      pausedUntil = nextSample + pauseSamples;
      pauseSeconds = Math.min(Math.max(1, 2 * pauseSeconds), longestPauseSeconds);
      events.failed(error, pauseSamples);
    }
  }

  function feed(to: Receiver, bytes: Uint8Array, samples: number, firstSample?: number, gap = false): void {
    const most = 2 * converter.maxOut(samples);
    if (iq.length < most) iq = new Float32Array(most);
    const n = converter.process(bytes, samples, iq);
    if (n === 0) return;
    doppler?.process(iq, n, iq);
    if (firstSample !== undefined) events.samples?.(iq, n, firstSample, gap);
    to.push(iq, n);
  }

  /** The end of what belongs together: also what the filters still hold back. */
  function finish(nextSample: number): void {
    const finished = receiver;
    if (finished === null) return;
    guarded(nextSample, () => {
      feed(finished, silence, converter.latency);
      finished.flush();
    });
  }

  return {
    push(bytes, samples, firstSample, gap) {
      if (gap) finish(firstSample);
      if (firstSample < pausedUntil) return;
      guarded(firstSample + samples, () => {
        const anew = gap || receiver === null;
        if (anew) start(firstSample);
        feed(receiver!, bytes, samples, firstSample, anew);
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
