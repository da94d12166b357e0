import { type ChannelFrame, makeChannel } from '../../daemon/receiver/channel.ts';
import { channelDesign, planChannels } from '../../daemon/receiver/channel-plan.ts';
import { passGeometry } from '../../daemon/simulator/pass-geometry.ts';
import type { Scene, TransmittedFrame } from '../../daemon/simulator/scene.ts';
import { makeSynthesizer } from '../../daemon/simulator/synthesizer.ts';
import { type DopplerCurve, dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import { fitPass, type NoPassFit, type PassFit } from '../../daemon/tracking/pass-fit.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeSharedReceiver } from '../../dsp/receiver.ts';

export interface PassTrial {
  readonly mode: string;
  readonly frequencyHz: number;
  readonly sampleRate: number;
  readonly ebn0Db: number;
  readonly frameIntervalS: number;
  readonly seed: number;
  /** Error of the dongle. */
  readonly ppm: number;
  /** How much later than by its elements the satellite comes. */
  readonly lateS: number;
  /** False: nothing is predicted. */
  readonly predicted: boolean;
  readonly calibrated: boolean;
  /** Seconds received around each frame, what is between them being left out (each time a gap); null: all of the pass. */
  readonly aroundS: number | null;
}

export interface PassOutcome {
  readonly sent: readonly TransmittedFrame[];
  readonly got: readonly ChannelFrame[];
  readonly fit: PassFit | NoPassFit;
  readonly receivedS: number;
  readonly channelRate: number;
  readonly searchHz: number;
}

const startMs = Date.UTC(2026, 0, 31, 12);
const shape = { altitudeKm: 520, maxElevationDeg: 85 };
const blockSamples = 16_384;

/** A simulated pass overhead, received by a channel with the curve of elements that are wrong. */
export function receivePass(trial: PassTrial): PassOutcome {
  const { frequencyHz, sampleRate, aroundS } = trial;
  const { halfDurationS } = passGeometry(shape);
  const format = 'cs16';
  const scene = sceneOf(trial);
  const sent: TransmittedFrame[] = [];
  const synthesizer = makeSynthesizer({ scene, format, transmitted: (frame) => sent.push(frame) });
  synthesizer.tune(frequencyHz, sampleRate);
  const doppler = predictedCurve(trial);
  const prediction = trial.predicted ? { doppler, calibrated: trial.calibrated } : {};
  const wanted = { satellite: 'S', transmitter: 't', mode: parseMode(trial.mode), frequencyHz, ...prediction };
  const plan = planChannels([wanted], { centreHz: frequencyHz, sampleRate }).channels[0]!;
  const timeOf = (sample: number) => startMs + (1000 * sample) / sampleRate;
  const got: ChannelFrame[] = [];
  const channel = makeChannel([plan], { format, sampleRate, timeOf }, makeSharedReceiver, {
    frame: (frame) => got.push(frame),
    reject() {},
    failed(error) {
      throw error;
    },
  });
  const spans =
    aroundS === null
      ? [{ fromS: 0, toS: 2 * halfDurationS }]
      : timetable(trial).map(({ startS, endS }) => ({ fromS: startS - aroundS, toS: endS + aroundS }));
  let sample = 0;
  let received = 0;
  for (const { fromS, toS } of spans) {
    const from = Math.round(fromS * sampleRate);
    const to = Math.round(toS * sampleRate);
    synthesizer.skip(from - sample);
    for (sample = from; sample < to; ) {
      const n = Math.min(blockSamples, to - sample);
      const bytes = new Uint8Array(4 * n);
      synthesizer.fill(bytes);
      channel.push(bytes, n, sample, sample === from);
      sample += n;
    }
    received += to - from;
  }
  channel.flush();
  const measurements = got.map(({ sample: first, endSample, offsetHz }) => ({
    timeMs: timeOf((first + endSample) / 2),
    offsetHz: offsetHz!,
    frequencyHz,
  }));
  return {
    sent,
    got,
    fit: fitPass(measurements, doppler),
    receivedS: received / sampleRate,
    channelRate: channelDesign([plan], sampleRate).outputRate,
    searchHz: plan.searchHz,
  };
}

function sceneOf({ mode, frequencyHz, ebn0Db, frameIntervalS, seed, ppm }: PassTrial): Scene {
  const signal = { satellite: 'S', transmitter: 't', mode: parseMode(mode), frequencyHz, ebn0Db, frameIntervalS };
  const signals = [{ ...signal, firstFrameS: 2 }];
  return { seed, pass: shape, level: 'constant', repeat: false, receiverErrorPpm: ppm, signals };
}

/** By the elements the satellite is where it will be `lateS` later. */
function predictedCurve({ lateS }: PassTrial): DopplerCurve {
  const { halfDurationS, rangeRateKmS } = passGeometry(shape);
  const predicted = (ms: number) => rangeRateKmS((ms - startMs) / 1000 - halfDurationS + lateS);
  return dopplerCurve(predicted, startMs, startMs + 2000 * halfDurationS);
}

/** When frames will come. */
function timetable(trial: PassTrial): TransmittedFrame[] {
  const frames: TransmittedFrame[] = [];
  const dry = makeSynthesizer({
    scene: sceneOf(trial),
    format: 'cs16',
    transmitted: (frame) => frames.push(frame),
  });
  dry.tune(trial.frequencyHz, trial.sampleRate);
  dry.skip(Math.round(2 * passGeometry(shape).halfDurationS * trial.sampleRate));
  return frames;
}
