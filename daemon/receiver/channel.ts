import type { ReceivedFrame, Receiver, ReceiverInput, ReceiverSink } from '../../dsp/core/receiver.ts';
import type { Reject } from '../../dsp/core/types.ts';
import { makeDownConverter } from '../../dsp/kernels/down-converter.ts';
import { bytesPerSample, type SampleFormat } from '../../dsp/kernels/sample-format.ts';
import type { Mode } from '../../dsp/mode.ts';
import { type ChannelPlan, channelDesign } from './channel-plan.ts';

export type ReceiverFactory = (
  mode: Mode,
  input: ReceiverInput,
  sink: ReceiverSink,
  options: { readonly maxTrials?: number },
) => Receiver;

export interface ChannelEvents {
  /** `sample` and `endSample` count the capture's samples, as the source numbers them. */
  frame(frame: ReceivedFrame): void;
  reject(why: Reject): void;
  /** The receiver threw; the channel begins anew after `pauseSamples`. */
  failed(error: unknown, pauseSamples: number): void;
}

/** The samples of one transmitter, from the capture to frames. */
export interface Channel {
  push(bytes: Uint8Array, samples: number, firstSample: number, gap: boolean): void;
  /** End of the capture: what is still open is decoded. */
  flush(): void;
}

/** A receiver that fails again and again is given longer and longer pauses, up to this. */
const longestPauseSeconds = 60;

export function makeChannel(
  plan: ChannelPlan,
  capture: { readonly format: SampleFormat; readonly sampleRate: number },
  makeReceiver: ReceiverFactory,
  events: ChannelEvents,
): Channel {
  const { format, sampleRate } = capture;
  const design = channelDesign(plan, sampleRate);
  const converter = makeDownConverter({ format, design, shiftHz: -plan.captureOffsetHz });
  const input = { kind: 'iq', sampleRate: design.outputRate, searchHz: plan.searchHz } as const;
  const silence = new Uint8Array(converter.latency * bytesPerSample[format]).fill(format === 'cu8' ? 128 : 0);
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
      events.frame({ ...frame, sample, endSample: base + Math.round(frame.endSample * design.decimation) });
    },
    reject: (why) => events.reject(why),
  };

  function start(firstSample: number): void {
    converter.reset();
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

  function feed(to: Receiver, bytes: Uint8Array, samples: number): void {
    const most = 2 * converter.maxOut(samples);
    if (iq.length < most) iq = new Float32Array(most);
    const n = converter.process(bytes, samples, iq);
    if (n > 0) to.push(iq, n);
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
        if (gap || receiver === null) start(firstSample);
        feed(receiver!, bytes, samples);
      });
    },
    flush: () => finish(0),
  };
}
