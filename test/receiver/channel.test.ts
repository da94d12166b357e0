import { expect, test } from 'vitest';
import { type ChannelEvents, makeChannel } from '../../daemon/receiver/channel.ts';
import { channelDesign, planChannels } from '../../daemon/receiver/channel-plan.ts';
import type { ReceiverFactory } from '../../daemon/receiver/channel-receiver.ts';
import type { ReceivedFrame } from '../../dsp/core/receiver.ts';
import { type Mode, parseMode } from '../../dsp/mode.ts';
import { countingReceiver } from './counting-receiver.ts';

const capture = { format: 'cu8', sampleRate: 240_000 } as const;
const plan = planChannels(
  [{ satellite: 'A', transmitter: 't', mode: parseMode('fsk:9600:ax25-g3ruh'), frequencyHz: 437_030_000 }],
  { centreHz: 437_000_000, sampleRate: capture.sampleRate },
).channels[0]!;
/** One output of the down-converter, in capture samples. */
const slack = 8;

function bench(factory: ReceiverFactory = (_modes, _input, sinks) => countingReceiver(sinks)) {
  const frames: ReceivedFrame[] = [];
  const failures: number[] = [];
  const events: ChannelEvents = {
    frame: (frame) => frames.push(frame),
    reject: () => {},
    failed: (_error, pauseSamples) => failures.push(pauseSamples),
  };
  return { channel: makeChannel([plan], capture, factory, events), frames, failures };
}

test('a transmitter whose repaired frames are refused gets a receiver without list decoding', () => {
  const trials: (number | undefined)[] = [];
  const factory: ReceiverFactory = (_modes, _input, sinks, { maxTrials }) => {
    trials.push(maxTrials);
    return countingReceiver(sinks);
  };
  for (const one of [plan, { ...plan, repair: false }]) {
    const channel = makeChannel([one], capture, factory, { frame() {}, reject() {}, failed() {} });
    channel.push(noise, 24_000, 0, false);
  }
  expect(trials).toEqual([undefined, 0]);
});

const noise = new Uint8Array(2 * 24_000).fill(128);

test('frames are numbered in samples of the capture, from wherever it begins', () => {
  const { channel, frames } = bench();
  channel.push(noise, 24_000, 5000, false);
  channel.push(noise, 24_000, 29_000, false);
  channel.flush();
  expect(frames).toHaveLength(1);
  expect(frames[0]!.sample).toBe(5000);
  expect(Math.abs(frames[0]!.endSample - 53_000)).toBeLessThan(slack);
});

test('at a gap what is open is decoded, and the numbers stay right behind it', () => {
  const { channel, frames } = bench();
  channel.push(noise, 24_000, 0, false);
  channel.push(noise, 12_000, 1_000_000, true);
  channel.push(noise, 12_000, 1_012_000, false);
  channel.flush();
  expect(frames.map(({ sample }) => sample)).toEqual([0, 1_000_000]);
  expect(Math.abs(frames[0]!.endSample - 24_000)).toBeLessThan(slack);
  expect(Math.abs(frames[1]!.endSample - 1_024_000)).toBeLessThan(slack);
});

test('a receiver that fails begins anew, after longer and longer pauses, with the right numbers', () => {
  let broken = true;
  const { channel, frames, failures } = bench((_modes, _input, sinks) => {
    const receiver = countingReceiver(sinks);
    return {
      ...receiver,
      push(x, n) {
        if (broken) throw new Error('bad');
        receiver.push(x, n);
      },
    };
  });
  let sample = 0;
  for (; sample < 10 * capture.sampleRate; sample += 24_000) channel.push(noise, 24_000, sample, false);
  expect(failures).toEqual([0, 240_000, 480_000, 960_000, 1_920_000]);
  broken = false;
  for (; sample < 20 * capture.sampleRate; sample += 24_000) channel.push(noise, 24_000, sample, false);
  channel.flush();
  expect(failures).toHaveLength(5);
  expect(frames).toHaveLength(1);
  // Failed last at 1.8 million samples, and paused for the 1.92 million told.
  expect(frames[0]!.sample).toBe(3_720_000);
});

test('transmitters of one carrier share its samples, those of one modulation a receiver, and a failure only with that', () => {
  const modes = ['fsk:9600:ax25-g3ruh', 'fsk:4800:ax25', 'fsk:9600:ax100-asmgolay'].map(parseMode);
  const { channels: plans } = planChannels(
    modes.map((mode, i) => ({ satellite: 'A', transmitter: `${i}`, mode, frequencyHz: 437_030_000 })),
    { centreHz: 437_000_000, sampleRate: capture.sampleRate },
  );
  const made: { modes: readonly Mode[]; sampleRate: number }[] = [];
  let broken = false;
  const factory: ReceiverFactory = (of, { sampleRate }, sinks) => {
    made.push({ modes: of, sampleRate });
    const receiver = countingReceiver(sinks);
    return {
      ...receiver,
      push(x, n) {
        if (broken && of.length === 2) throw new Error('bad');
        receiver.push(x, n);
      },
    };
  };
  const frames: [number, ReceivedFrame][] = [];
  const failures: number[] = [];
  const channel = makeChannel(plans, capture, factory, {
    frame: (frame, transmitter) => frames.push([transmitter, frame]),
    reject() {},
    failed: (_error, _pause, transmitter) => failures.push(transmitter),
  });
  channel.push(noise, 24_000, 0, false);
  broken = true;
  channel.push(noise, 24_000, 24_000, false);
  broken = false;
  channel.push(noise, 24_000, 48_000, false);
  channel.push(noise, 24_000, 72_000, false);
  channel.flush();
  const rate = channelDesign(plans, capture.sampleRate).outputRate;
  expect(made).toEqual(
    [[modes[0], modes[2]], [modes[1]], [modes[0], modes[2]]].map((of) => ({ modes: of, sampleRate: rate })),
  );
  expect(failures).toEqual([0, 2]);
  // The one goes on, the others begin anew where the samples are by then: some are still in the filters.
  expect(frames.map(([transmitter]) => transmitter)).toEqual([0, 2, 1]);
  const [first, second, other] = frames.map(([, frame]) => frame);
  expect(other!.sample).toBe(0);
  expect(first!.sample).toBeGreaterThan(48_000 - 500);
  expect(first!.sample).toBeLessThanOrEqual(48_000);
  expect(second).toEqual(first);
  for (const { endSample } of [first!, other!]) expect(Math.abs(endSample - 96_000)).toBeLessThan(slack);
});
