import { expect, test } from 'vitest';
import type { DecodedFrame } from '../../daemon/api/wire.ts';
import { type Placement, type ReceiverFactory, receiverInput, type Wanted } from '../../daemon/decode/chain.ts';
import { decodeInput } from '../../daemon/decode/decode-input.ts';
import type { SampleInput, Segment } from '../../daemon/inputs/input.ts';
import { dopplerAt, dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import type { ReceiverInput } from '../../dsp/core/receiver.ts';
import { parseMode } from '../../dsp/mode.ts';

const integrity = { crc: 'ok', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour: 0 } as const;
const wanted = (mode: string, transmitter: string | null = null, frequencyHz: number | null = null): Wanted => ({
  mode: parseMode(mode),
  satellite: transmitter === null ? null : 'SAT',
  transmitter,
  frequencyHz,
});

/** Samples whose value is their index; segments as given. */
function input(total: number, segments: readonly Segment[], kind: 'iq' | 'real' = 'real'): SampleInput {
  let position = 0;
  return {
    name: 'x',
    kind,
    sampleRate: 1000,
    startTime: segments[0]!.time,
    centreHz: segments[0]!.centreHz,
    totalSamples: total,
    segments,
    async read(buffer) {
      const next = segments.find((s) => s.firstSample > position)?.firstSample ?? total;
      const width = kind === 'iq' ? 2 : 1;
      const n = Math.min(buffer.length / width, Math.min(next, total) - position);
      for (let i = 0; i < n * width; i++) buffer[i] = position + Math.floor(i / width);
      position += n;
      return n;
    },
    condition: { truncated: null, samplesRead: total, valuesRead: total, notANumber: 0, clipped: 0, silent: false },
    async close() {},
  };
}

const whole = (time: string | null = null, centreHz: number | null = null): Segment[] => [
  { firstSample: 0, time: time === null ? null : new Date(time), centreHz },
];

/** A receiver that finds a frame at every multiple of 10 of its own count, one frame late, and the rest when flushed. */
const everyTen: ReceiverFactory = (_modes, _input, sinks) => {
  let count = 0;
  let pending: number[] = [];
  const give = () => {
    for (const sample of pending) {
      const bytes = Uint8Array.of(sample);
      const frame = {
        bytes,
        symbol: 0,
        endSymbol: 1,
        sample,
        endSample: sample + 5,
        integrity,
        snrDb: 9,
        offsetHz: null,
        modulationIndex: 0.512,
        clockPpm: -3.4,
        syncQuality: 0.97,
      };
      for (const sink of sinks) sink.frame(frame);
    }
    pending = [];
  };
  return {
    push(_x, n) {
      for (let i = 0; i < n; i++, count++) {
        if (count % 10 !== 0) continue;
        give();
        pending.push(count);
      }
    },
    flush: give,
    reset() {
      count = 0;
    },
  };
};

async function decode(
  source: SampleInput,
  wants: readonly Wanted[],
  makeReceiver = everyTen,
  blockSamples = 7,
): Promise<{ frames: DecodedFrame[]; refused: string[]; count: number }> {
  const frames: DecodedFrame[] = [];
  const refused: string[] = [];
  const count = await decodeInput({
    input: source,
    wanted: wants,
    placement: {},
    makeReceiver,
    signal: new AbortController().signal,
    frames: (batch) => {
      frames.push(...batch);
    },
    unreceivable: (w, reason) => refused.push(`${w.transmitter}: ${reason}`),
    blockSamples,
  });
  return { frames, refused, count };
}

test('a line has all its fields, its time is that of its sample', async () => {
  const { frames } = await decode(input(15, whole('2026-05-01T00:00:00Z')), [wanted('fsk:1200:ax25', 'tx')]);
  expect(frames[1]).toEqual({
    time: '2026-05-01T00:00:00.010Z',
    sample: 10,
    satellite: 'SAT',
    transmitter: 'tx',
    mode: 'fsk:1200:ax25',
    frame: '0a',
    integrity,
    snr_db: 9,
    offset_hz: null,
    modulation_index: 0.512,
    clock_ppm: -3.4,
    sync_quality: 0.97,
  });
  expect(Object.keys(frames[1]!)).toEqual([
    'time',
    'sample',
    'satellite',
    'transmitter',
    'mode',
    'frame',
    'integrity',
    'snr_db',
    'offset_hz',
    'modulation_index',
    'clock_ppm',
    'sync_quality',
  ]);
});

test('the size of the blocks does not matter, and the last frame is not lost', async () => {
  const run = async (size: number) =>
    (await decode(input(95, whole()), [wanted('fsk:1200:ax25')], everyTen, size)).frames;
  const once = await run(95);
  expect(once.map((f) => [f.sample, f.time])).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((s) => [s, null]));
  for (const size of [1, 3, 10, 64]) expect(await run(size)).toEqual(once);
});

test('a gap ends what was open, and sample and time go on as the input says', async () => {
  const segments = [
    ...whole('2026-05-01T00:00:00Z'),
    { firstSample: 15, time: new Date('2026-05-01T01:00:00Z'), centreHz: null },
  ];
  const { frames } = await decode(input(30, segments), [wanted('fsk:1200:ax25')]);
  expect(frames.map((f) => [f.sample, f.time])).toEqual([
    [0, '2026-05-01T00:00:00.000Z'],
    [10, '2026-05-01T00:00:00.010Z'],
    [15, '2026-05-01T01:00:00.000Z'],
    [25, '2026-05-01T01:00:00.010Z'],
  ]);
});

test('what can not be received is named, the others are received', async () => {
  const factory: ReceiverFactory = (modes, where, sinks) => {
    if (modes[0]!.modulation.symbolRate > 1000) throw new RangeError('too fast');
    return everyTen(modes, where, sinks);
  };
  const { refused, count, frames } = await decode(
    input(5, whole()),
    [wanted('fsk:9600:ax25', 'a'), wanted('fsk:500:ax25', 'b')],
    factory,
  );
  expect([refused, count, frames.length]).toEqual([['a: too fast'], 1, 1]);
});

test('framings of one modulation in one place share a receiver; where that fails, each has its own', async () => {
  const wants = [
    wanted('fsk:500:ax25', 'a', 437e6),
    wanted('fsk:500:geoscan', 'b', 437e6),
    wanted('fsk:500:ax25-g3ruh', 'c', 437_000_100),
  ];
  const run = async (bad: string | null) => {
    const made: string[] = [];
    const factory: ReceiverFactory = (modes, where, sinks) => {
      made.push(modes.map(({ framing }) => framing.kind).join());
      if (modes.some(({ framing }) => framing.kind === bad)) throw new RangeError('bad');
      return everyTen(modes, where, sinks);
    };
    const { refused, count } = await decode(input(5, whole(null, 437e6), 'iq'), wants, factory);
    return { made, refused, count };
  };
  expect(await run(null)).toEqual({ made: ['ax25,geoscan', 'ax25-g3ruh'], refused: [], count: 3 });
  expect(await run('geoscan')).toEqual({
    made: ['ax25,geoscan', 'ax25', 'geoscan', 'ax25-g3ruh'],
    refused: ['b: bad'],
    count: 2,
  });
});

test('two chains that find one frame give it once', async () => {
  const { frames } = await decode(input(15, whole()), [
    wanted('fsk:1200:ax25', 'a'),
    wanted('fsk:1200:ax25-g3ruh', 'b'),
  ]);
  expect(frames.map((f) => [f.sample, f.transmitter])).toEqual([
    [0, 'a'],
    [10, 'a'],
  ]);
});

test('an aborted run stops', async () => {
  const abort = new AbortController();
  abort.abort(new Error('stopped'));
  const run = decodeInput({
    input: input(5, whole()),
    wanted: [wanted('fsk:1200:ax25')],
    placement: {},
    makeReceiver: everyTen,
    signal: abort.signal,
    frames: () => expect.unreachable(),
    unreceivable: () => expect.unreachable(),
  });
  await expect(run).rejects.toThrow('stopped');
});

test.each<[string, 'iq' | 'real', Placement, number | null, ReceiverInput]>([
  ['fsk:9600:ax25', 'real', {}, null, { kind: 'fm-audio', sampleRate: 1000 }],
  ['afsk:1200:ax25', 'real', { audioCarrierHz: 400 }, null, { kind: 'fm-audio', sampleRate: 1000 }],
  ['bpsk:1200:ax25', 'real', {}, null, { kind: 'ssb-audio', sampleRate: 1000 }],
  ['dbpsk:2400:ax25', 'real', {}, null, { kind: 'ssb-audio', sampleRate: 1000 }],
  ['bpsk:9600:ax25', 'real', {}, null, { kind: 'ssb-audio', sampleRate: 1000 }],
  ['bpsk:9600:ax25', 'real', { audioCarrierHz: 400 }, null, { kind: 'ssb-audio', sampleRate: 1000, carrierHz: 400 }],
  ['fsk:9600:ax25', 'iq', {}, null, { kind: 'iq', sampleRate: 1000, offsetHz: 0, searchHz: 250 }],
  ['fsk:9600:ax25', 'iq', { offsetHz: -20 }, 437e6, { kind: 'iq', sampleRate: 1000, offsetHz: -20 }],
  ['fsk:9600:ax25', 'iq', {}, 437e6, { kind: 'iq', sampleRate: 1000, offsetHz: 100, searchHz: 250 }],
  ['fsk:9600:ax25', 'iq', {}, 438e6, { kind: 'iq', sampleRate: 1000, offsetHz: 0, searchHz: 250 }],
])('%s in %s with %j, middle at %s', (mode, kind, placement, centreHz, expected) => {
  const source = input(1, whole(null, centreHz), kind);
  expect(receiverInput(wanted(mode, 'tx', 437_000_100), source, placement)).toEqual(expected);
});

test('the carrier of a recorded pass is searched as far as its Doppler shift goes, that of a mode alone as usual', () => {
  const source = { ...input(1, whole(null, null), 'iq'), sampleRate: 250_000 };
  const pass = receiverInput(wanted('fsk:9600:ax25', 'tx', 437_000_000), source, {});
  expect(pass).toMatchObject({ offsetHz: 0, searchHz: expect.closeTo(12_236, 0) });
  expect(receiverInput({ ...wanted('fsk:9600:ax25', 'tx'), frequencyHz: null }, source, {})).toEqual({
    kind: 'iq',
    sampleRate: 250_000,
    offsetHz: 0,
  });
});

const start = Date.parse('2026-05-01T00:00:00Z');
const curve = dopplerCurve((ms) => 0.02 * Math.sin((ms - start) / 3000), start, start + 3_700_000);

test('with a prediction the carrier is searched as far as oscillators go, less where it was measured', () => {
  const source = { ...input(1, whole(null, 436_990_000), 'iq'), sampleRate: 250_000 };
  const one = wanted('fsk:9600:ax25-g3ruh', 'tx', 437_000_000);
  const usual = receiverInput(one, source, {}, curve);
  expect(usual).toMatchObject({ offsetHz: 10_000, searchHz: expect.closeTo(13_690, -2) });
  const measured = receiverInput(one, source, { offsetHz: -4000 }, curve);
  expect(measured).toMatchObject({ offsetHz: -4000, searchHz: expect.closeTo(2328, -2) });
  expect(receiverInput(one, { ...source, kind: 'real' }, {}, curve)).toEqual({ kind: 'fm-audio', sampleRate: 250_000 });
});

test('a shift is taken out the same whatever the blocks, and taken anew behind a gap', async () => {
  const segments = [
    ...whole('2026-05-01T00:00:00Z'),
    { firstSample: 1500, time: new Date('2026-05-01T01:00:00Z'), centreHz: null },
  ];
  const run = async (blockSamples: number) => {
    const heard: number[] = [];
    const carriers: unknown[] = [];
    const keeping: ReceiverFactory = (modes, where, sinks) => {
      const receiver = everyTen(modes, where, sinks);
      return {
        ...receiver,
        push(x, n) {
          heard.push(...x.subarray(0, 2 * n));
          receiver.push(x, n);
        },
      };
    };
    await decodeInput({
      input: input(3000, segments, 'iq'),
      wanted: [wanted('fsk:100:ax25', 'tx', 437e6)],
      placement: {},
      doppler: curve,
      makeReceiver: keeping,
      signal: new AbortController().signal,
      frames() {},
      carriers: (told) => carriers.push(...told),
      unreceivable: () => expect.unreachable(),
      blockSamples,
    });
    return { heard, carriers };
  };
  const once = await run(3000);
  expect(once.carriers).toHaveLength(300);
  expect(once.carriers[200]).toMatchObject({
    middleMs: start + 3_600_000 + 502.5,
    dopplerHz: dopplerAt(curve, 437e6, start + 3_600_000 + 502.5),
    frequencyHz: 437e6,
    frame: { sample: 2000 },
  });
  for (const size of [1, 77, 128, 1000]) expect(await run(size)).toEqual(once);
});
