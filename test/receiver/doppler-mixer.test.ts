import { describe, expect, test } from 'vitest';
import { type ChannelEvents, type ChannelFrame, makeChannel } from '../../daemon/receiver/channel.ts';
import { channelDesign, planChannels, searchRangeHz } from '../../daemon/receiver/channel-plan.ts';
import type { ReceiverFactory } from '../../daemon/receiver/channel-receiver.ts';
import { dopplerMixer } from '../../daemon/receiver/doppler-mixer.ts';
import { makeTimeline, makeTimelineMemory, readTimeline } from '../../daemon/receiver/timeline.ts';
import { dopplerAt, dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import { prng } from '../../dsp/core/prng.ts';
import { parseMode } from '../../dsp/mode.ts';
import { tone } from '../filter/run-block.ts';
import { cutsOf } from '../laws/chunking.ts';
import { frameOf } from './counting-receiver.ts';

const startMs = Date.UTC(2026, 0, 31, 12);
const frequencyHz = 437e6;
/** ±10 kHz within some seconds: far faster than any satellite. */
const curve = dopplerCurve((ms) => 7 * Math.tanh((ms - startMs - 4000) / 3000), startMs, startMs + 10_000);
const sampleRate = 240_000;
const plan = (more: object = {}) =>
  planChannels(
    [
      {
        satellite: 'A',
        transmitter: 't',
        mode: parseMode('fsk:9600:ax25-g3ruh'),
        frequencyHz,
        doppler: curve,
        ...more,
      },
    ],
    { centreHz: 436.97e6, sampleRate },
  ).channels[0]!;
const timeOf = (sample: number) => startMs + (1000 * sample) / sampleRate;

/** Everything that a channel's receiver gets. */
function through(cuts: readonly number[], bytes: Uint8Array, one = plan()): Float32Array {
  const heard: Float32Array[] = [];
  const factory: ReceiverFactory = () => ({
    push: (x, n) => heard.push(x.slice(0, 2 * n)),
    flush() {},
    reset() {},
  });
  const events: ChannelEvents = {
    frame() {},
    reject() {},
    failed(error) {
      throw error;
    },
  };
  const channel = makeChannel([one], { format: 'cs16', sampleRate, timeOf }, factory, events);
  let sample = 0;
  for (const cut of cuts) {
    channel.push(bytes.subarray(4 * sample, 4 * (sample + cut)), cut, sample, false);
    sample += cut;
  }
  channel.flush();
  const all = new Float32Array(heard.reduce((sum, piece) => sum + piece.length, 0));
  heard.reduce((at, piece) => {
    all.set(piece, at);
    return at + piece.length;
  }, 0);
  return all;
}

/** A carrier with the shift of the curve, beside the middle of the capture. */
function carrier(samples: number, errorHz: number): Uint8Array {
  const iq = new Int16Array(2 * samples);
  let cycles = 0;
  for (let n = 0; n < samples; n++) {
    iq[2 * n] = 20_000 * Math.cos(2 * Math.PI * cycles);
    iq[2 * n + 1] = 20_000 * Math.sin(2 * Math.PI * cycles);
    cycles += (30_000 + errorHz + dopplerAt(curve, frequencyHz, timeOf(n + 0.5))) / sampleRate;
    cycles -= Math.floor(cycles);
  }
  return new Uint8Array(iq.buffer);
}

describe('Doppler shift in a channel', () => {
  test('a carrier that moves as predicted stands still', () => {
    const samples = 8 * sampleRate;
    const errorHz = 777;
    const y = through([samples], carrier(samples, errorHz));
    const { outputRate } = channelDesign([plan()], sampleRate);
    const turn = (a: number, b: number) =>
      Math.atan2(
        y[2 * b + 1]! * y[2 * a]! - y[2 * b]! * y[2 * a + 1]!,
        y[2 * b]! * y[2 * a]! + y[2 * b + 1]! * y[2 * a + 1]!,
      );
    let worstHz = 0;
    // Mean frequency over hundredths of a second.
    const span = Math.round(outputRate / 100);
    for (let i = 100; i + span < y.length / 2 - 100; i += span) {
      let angle = 0;
      for (let k = i; k < i + span; k++) angle += turn(k, k + 1);
      worstHz = Math.max(worstHz, Math.abs((angle * outputRate) / (2 * Math.PI * span) - errorHz));
    }
    // This curve is twenty times steeper than any pass.
    expect(worstHz).toBeLessThan(2);
  });

  test('the spike of a dongle that is tuned to the transmitter is taken out before it would be moved', () => {
    const samples = 3 * sampleRate;
    const random = prng(5);
    const iq = Int16Array.from({ length: 2 * samples }, () => 4000 + 1000 * random.normal());
    const y = through([samples], new Uint8Array(iq.buffer), plan({ frequencyHz: 436.97e6 }));
    let power = 0;
    for (let i = y.length / 2; i < y.length; i++) power += 2 * y[i]! ** 2;
    const spikePower = 2 * (4000 / 32_768) ** 2;
    expect(power / (y.length / 2)).toBeLessThan(0.1 * spikePower);
  });

  test('chunking does not matter', () => {
    const samples = 60_000;
    const random = prng(3);
    const bytes = new Uint8Array(Int16Array.from({ length: 2 * samples }, () => 3000 * random.normal()).buffer);
    const whole = through([samples], bytes);
    for (let seed = 0; seed < 12; seed++) expect(through(cutsOf(samples, seed), bytes)).toEqual(whole);
  });

  test('digital silence stays silent', () => {
    const y = through([30_000], new Uint8Array(4 * 30_000));
    expect(y.length).toBeGreaterThan(10_000);
    expect(y.every((value) => value === 0)).toBe(true);
  });

  test('frames tell what was predicted for their middle, anew behind a gap', () => {
    const frames: ChannelFrame[] = [];
    const factory: ReceiverFactory = (_modes, _input, [sink]) => ({
      push() {},
      flush: () => sink!.frame(frameOf(0, 1000)),
      reset() {},
    });
    const channel = makeChannel([plan()], { format: 'cs16', sampleRate, timeOf }, factory, {
      frame: (frame) => frames.push(frame),
      reject() {},
      failed() {},
    });
    channel.push(new Uint8Array(40_000), 10_000, 0, false);
    channel.push(new Uint8Array(40_000), 10_000, 5 * sampleRate, true);
    channel.flush();
    expect(frames).toHaveLength(2);
    for (const { sample, endSample, dopplerHz } of frames)
      expect(dopplerHz).toBeCloseTo(dopplerAt(curve, frequencyHz, timeOf((sample + endSample) / 2)), 6);
    expect(frames[1]!.dopplerHz).toBeLessThan(frames[0]!.dopplerHz! - 5000);
  });

  test('a prediction without the time of the samples is refused', () => {
    const events: ChannelEvents = { frame() {}, reject() {}, failed() {} };
    expect(() => makeChannel([plan()], { format: 'cs16', sampleRate }, () => expect.unreachable(), events)).toThrow(
      RangeError,
    );
  });

  test('what is searched holds 30 ppm while nobody measured, and little behind it', () => {
    const { rate, halfMs } = { rate: (ms: number) => 7 * Math.tanh(ms / 70_000), halfMs: 300_000 };
    const doppler = dopplerCurve(rate, -halfMs, halfMs);
    const none = searchRangeHz({ frequencyHz });
    const uncalibrated = searchRangeHz({ frequencyHz, doppler });
    const calibrated = searchRangeHz({ frequencyHz, doppler, calibrated: true });
    expect(uncalibrated).toBeGreaterThan(30e-6 * frequencyHz + 2000);
    expect(uncalibrated).toBeLessThan(37e-6 * frequencyHz);
    expect(calibrated).toBeLessThan(none / 2);
    expect(plan({ calibrated: true }).outputRateAtLeast).toBeLessThan(plan().outputRateAtLeast);
  });
});

describe('time of the Doppler shift', () => {
  test('another thread reads the anchors of a timeline, also when they have gone around', () => {
    const memory = makeTimelineMemory();
    const timeline = makeTimeline(1000, 'arrival', memory);
    const reader = readTimeline(memory, 1000);
    expect(reader(0)).toBeNull();
    for (let k = 0; k < 1000; k++) {
      timeline.arrived({ firstSample: 1000 * k, samples: 100, gap: true }, startMs + 1001 * k + 100);
      for (const back of [0, 1, 254]) {
        if (back > k) continue;
        const sample = 1000 * (k - back) + 50;
        expect(reader(sample)).toBe(startMs + 1001 * (k - back) + 50);
        expect(timeline.timeOf(sample)).toBe(reader(sample));
      }
    }
  });

  test('a clock that is corrected is followed slowly, a gap at once', () => {
    let stepMs = 0;
    const asked: number[] = [];
    const rate = 48_000;
    const options = { curve, frequencyHz, sampleRate: rate, decimation: 1 };
    const mixer = dopplerMixer({
      ...options,
      timeOf(sample) {
        asked.push(sample);
        return startMs + (1000 * sample) / rate + stepMs;
      },
    });
    const quarter = tone(0.25, rate);
    const shifts = (seconds: number) => {
      const y = new Float32Array(2 * rate);
      let last = 0;
      for (let s = 0; s < seconds; s++) {
        mixer.process(quarter, rate, y);
        const [a, b, c, d] = y.subarray(2 * rate - 4);
        last = (Math.atan2(d! * a! - c! * b!, c! * a! + d! * b!) * rate) / (2 * Math.PI);
      }
      return last - rate / 4;
    };
    mixer.restart(0);
    expect(shifts(2)).toBeCloseTo(-dopplerAt(curve, frequencyHz, startMs + 2000), -1);
    // 30 ms late: 10 ms of it are made up for in each second.
    stepMs = 30;
    expect(shifts(1)).toBeCloseTo(-dopplerAt(curve, frequencyHz, startMs + 3010), -1);
    expect(shifts(3)).toBeCloseTo(-dopplerAt(curve, frequencyHz, startMs + 6030), -1);
    stepMs = -1000;
    mixer.restart(6 * rate);
    mixer.process(quarter, 1, new Float32Array(2));
    expect(asked.at(-1)).toBeGreaterThan(6 * rate);
    expect(shifts(1)).toBeCloseTo(-dopplerAt(curve, frequencyHz, startMs + 6000), -1);
  });
});
