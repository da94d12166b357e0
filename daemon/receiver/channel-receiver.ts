import type { ReceivedFrame, Receiver, ReceiverInput, ReceiverSink } from '../../dsp/core/receiver.ts';
import type { Iq, Reject } from '../../dsp/core/types.ts';
import type { Mode } from '../../dsp/mode.ts';

/** A receiver of one or several modes that can share one (dsp/sharing.ts), with a sink a mode. */
export type ReceiverFactory = (
  modes: readonly Mode[],
  input: ReceiverInput,
  sinks: readonly ReceiverSink[],
  options: { readonly maxTrials?: number },
) => Receiver;

export interface ChannelReceiverOptions {
  readonly make: (sinks: readonly ReceiverSink[]) => Receiver;
  /** Transmitters that share it. */
  readonly transmitters: number;
  /** Of the capture; the receiver gets one sample of `decimation`. */
  readonly sampleRate: number;
  readonly decimation: number;
}

export interface ChannelReceiverEvents {
  /** `sample` and `endSample` count the capture's samples; `transmitter` is one of those that share the receiver. */
  frame(frame: ReceivedFrame, transmitter: number): void;
  reject(why: Reject, transmitter: number): void;
  /** It threw; it begins anew after `pauseSamples`. */
  failed(error: unknown, pauseSamples: number): void;
}

/**
 * One receiver behind a channel. When it fails, its transmitters lose what it was about to decode and some time, and nobody else
 * anything.
 */
export interface ChannelReceiver {
  /** Whether it has begun, and has not failed since. */
  readonly works: boolean;
  /** Whether it rests after a failure. */
  isPaused(captureSample: number): boolean;
  /**
   * @param captureSample of the first of `n` IQ pairs
   * @param anew nothing before them belongs to them
   * @param nextSample the capture's first one that is not read yet
   */
  push(iq: Iq, n: number, captureSample: number, anew: boolean, nextSample: number): void;
  /** The end of what belongs together: the last `n` IQ pairs, and everything still open is decoded. */
  finish(iq: Iq, n: number, nextSample: number): void;
  /** What comes before it failed. */
  fail(error: unknown, nextSample: number): void;
}

/** A receiver that fails again and again is given longer and longer pauses, up to this. */
const longestPauseSeconds = 60;

export function makeChannelReceiver(options: ChannelReceiverOptions, events: ChannelReceiverEvents): ChannelReceiver {
  const { make, transmitters, sampleRate, decimation } = options;
  let receiver: Receiver | null = null;
  /** Capture sample of its first one. */
  let base = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseSeconds = 0;
  const captured = (sample: number) => base + Math.round(sample * decimation);

  const sinks = Array.from(
    { length: transmitters },
    (_, transmitter): ReceiverSink => ({
      frame(frame) {
        pauseSeconds = 0;
        const place = { sample: captured(frame.sample), endSample: captured(frame.endSample) };
        events.frame({ ...frame, ...place }, transmitter);
      },
      reject: (why) => events.reject(why, transmitter),
    }),
  );

  function fail(error: unknown, nextSample: number): void {
    receiver = null;
    const pauseSamples = Math.round(pauseSeconds * sampleRate);
    pausedUntil = nextSample + pauseSamples;
    pauseSeconds = Math.min(Math.max(1, 2 * pauseSeconds), longestPauseSeconds);
    events.failed(error, pauseSamples);
  }

  return {
    fail,
    get works() {
      return receiver !== null;
    },
    isPaused: (captureSample) => captureSample < pausedUntil,
    push(iq, n, captureSample, anew, nextSample) {
      try {
        if (anew || receiver === null) {
          base = captureSample;
          receiver?.reset();
          receiver ??= make(sinks);
        }
        if (n > 0) receiver.push(iq, n);
      } catch (error) {
        fail(error, nextSample);
      }
    },
    finish(iq, n, nextSample) {
      try {
        if (n > 0) receiver?.push(iq, n);
        receiver?.flush();
      } catch (error) {
        fail(error, nextSample);
      }
    },
  };
}
