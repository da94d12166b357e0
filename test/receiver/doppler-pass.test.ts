import { expect, test } from 'vitest';
import { type ChannelFrame, makeChannel } from '../../daemon/receiver/channel.ts';
import { planChannels } from '../../daemon/receiver/channel-plan.ts';
import { passGeometry } from '../../daemon/simulator/pass-geometry.ts';
import type { Scene, TransmittedFrame } from '../../daemon/simulator/scene.ts';
import { makeSynthesizer } from '../../daemon/simulator/synthesizer.ts';
import { dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import { fitPass } from '../../daemon/tracking/pass-fit.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';

/** As low as ±10.2 kHz of Doppler shift, 30 ppm of 437 MHz and the signal's width permit. */
const sampleRate = 72_000;
const frequencyHz = 437e6;
const startMs = Date.UTC(2026, 0, 31, 12);
const shape = { altitudeKm: 520, maxElevationDeg: 85 };
const geometry = passGeometry(shape);
const mode = parseMode('fsk:9600:ax25-g3ruh,deviation_hz=2400');
/** What is received around each frame; the silence in between is left out, which each time is a gap. */
const aroundS = 0.12;

interface Errors {
  readonly ppm: number;
  /** How much later than by its elements the satellite comes. */
  readonly lateS: number;
}

/** A pass with a frame about every 20 s, 3 dB above what the receiver needs. */
function receivePass({ ppm, lateS }: Errors): {
  sent: TransmittedFrame[];
  got: ChannelFrame[];
  steepestHzPerS: number;
} {
  const scene: Scene = {
    seed: 7,
    pass: shape,
    level: 'constant',
    repeat: false,
    receiverErrorPpm: ppm,
    signals: [{ satellite: 'S', transmitter: 't', mode, frequencyHz, ebn0Db: 9, frameIntervalS: 20, firstFrameS: 2 }],
  };
  const sent: TransmittedFrame[] = [];
  const timetable: TransmittedFrame[] = [];
  const dry = makeSynthesizer({ scene, format: 'cs16', transmitted: (frame) => timetable.push(frame) });
  dry.tune(frequencyHz, sampleRate);
  dry.skip(Math.round(2 * geometry.halfDurationS * sampleRate));
  const synthesizer = makeSynthesizer({ scene, format: 'cs16', transmitted: (frame) => sent.push(frame) });
  synthesizer.tune(frequencyHz, sampleRate);

  // By the elements the satellite is where it will be `lateS` later.
  const predicted = (ms: number) => geometry.rangeRateKmS((ms - startMs) / 1000 - geometry.halfDurationS + lateS);
  const doppler = dopplerCurve(predicted, startMs, startMs + 2000 * geometry.halfDurationS);
  const { channels } = planChannels([{ satellite: 'S', transmitter: 't', mode, frequencyHz, doppler }], {
    centreHz: frequencyHz,
    sampleRate,
  });
  const got: ChannelFrame[] = [];
  const timeOf = (sample: number) => startMs + (1000 * sample) / sampleRate;
  const channel = makeChannel(channels[0]!, { format: 'cs16', sampleRate, timeOf }, makeReceiver, {
    frame: (frame) => got.push(frame),
    reject() {},
    failed(error) {
      throw error;
    },
  });
  let sample = 0;
  for (const { startS, endS } of timetable) {
    const from = Math.round((startS - aroundS) * sampleRate);
    const bytes = new Uint8Array(4 * Math.round((endS - startS + 2 * aroundS) * sampleRate));
    synthesizer.skip(from - sample);
    synthesizer.fill(bytes);
    channel.push(bytes, bytes.length / 4, from, true);
    sample = from + bytes.length / 4;
  }
  channel.flush();
  const fit = fitPass(
    got.map(({ sample: first, endSample, offsetHz }) => ({
      timeMs: timeOf((first + endSample) / 2),
      offsetHz: offsetHz!,
      frequencyHz,
    })),
    doppler,
  );
  if (!fit.fitted) throw new Error(fit.reason);
  expect(Math.abs(fit.timeBiasS - lateS)).toBeLessThan(0.1);
  expect(Math.abs(fit.frequencyBiasHz + ppm * 1e-6 * frequencyHz)).toBeLessThan(5);
  const shifts = got.map(({ dopplerHz, sample: at }) => ({ hz: dopplerHz!, s: at / sampleRate }));
  const steepestHzPerS = Math.max(
    ...shifts.slice(1).map(({ hz, s }, i) => Math.abs((hz - shifts[i]!.hz) / (s - shifts[i]!.s))),
  );
  return { sent, got, steepestHzPerS };
}

// The second one is where both errors add up, at the edge of what is searched.
test.each([
  { ppm: 30, lateS: 15 },
  { ppm: -30, lateS: 15 },
])(
  'a pass overhead with $ppm ppm and elements that lead by $lateS s: all frames come, and both errors are found',
  (errors) => {
    const { sent, got, steepestHzPerS } = receivePass(errors);
    const hex = (frames: readonly { bytes: Uint8Array }[]) =>
      frames.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    expect(sent.length).toBeGreaterThan(30);
    expect(sent.every(({ inCapture }) => inCapture)).toBe(true);
    // What noise behind a burst may look like now and then (AX.25 has a check of 16 bits) is not counted, nor does it spoil the fit.
    const wanted = new Set(hex(sent));
    expect(hex(got).filter((frame) => wanted.has(frame))).toEqual(hex(sent));
    expect(got.length - sent.length).toBeLessThanOrEqual(2);
    const shifts = got.map(({ dopplerHz }) => dopplerHz!);
    expect(Math.max(...shifts)).toBeGreaterThan(9800);
    expect(Math.min(...shifts)).toBeLessThan(-9800);
    expect(steepestHzPerS).toBeGreaterThan(120);
  },
);
