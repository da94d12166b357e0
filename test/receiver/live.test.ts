import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { planChannels } from '../../daemon/receiver/channel-plan.ts';
import type { LiveOrder } from '../../daemon/receiver/live-order.ts';
import { type ReceiverMessage, receive } from '../../daemon/receiver/receive.ts';
import { makeRingMemory, makeRingWriter } from '../../daemon/receiver/ring.ts';
import { makeTimeline, makeTimelineMemory } from '../../daemon/receiver/timeline.ts';
import { MID_PASS_S } from '../../daemon/simulator/scene.ts';
import { makeSynthesizer } from '../../daemon/simulator/synthesizer.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeSharedReceiver } from '../../dsp/receiver.ts';

const sampleRate = 250_000;
const centreHz = 437_200_000;
const frequencyHz = 437_250_000;
const startMs = Date.UTC(2026, 0, 31, 12);
const seconds = 6;
const mode = parseMode('fsk:9600:ax25-g3ruh');
const everything: LiveOrder = {
  rows: [
    { id: 7, bins: 256, rowsPerS: 20 },
    { id: 8, bins: 512, rowsPerS: 5, lowHz: frequencyHz - 20_000, highHz: frequencyHz + 20_000 },
  ],
  looks: [0],
};
let capture: Uint8Array;

beforeAll(() => {
  const signal = { satellite: 'S', transmitter: 't', mode, frequencyHz, ebn0Db: 20, frameIntervalS: 0.6 };
  const synthesizer = makeSynthesizer({
    scene: {
      ...{ seed: 3, pass: { altitudeKm: 520, maxElevationDeg: 60 }, startS: MID_PASS_S, repeat: false },
      ...{ level: 'constant', signals: [signal] },
    },
    format: 'cu8',
  });
  synthesizer.tune(centreHz, sampleRate);
  capture = new Uint8Array(2 * seconds * sampleRate);
  synthesizer.fill(capture);
});

/** What the thread of a receiver tells of the capture; `gapAt`: so many samples are missing from there on. */
async function messagesOf(order: LiveOrder | null, gap: { at: number; samples: number } | null = null) {
  const memory = makeRingMemory(2 ** 18);
  const writer = makeRingWriter(memory, 'wait', 2);
  const time = makeTimelineMemory();
  makeTimeline(sampleRate, startMs, time);
  const { channels } = planChannels([{ satellite: 'S', transmitter: 't', mode, frequencyHz }], {
    centreHz,
    sampleRate,
  });
  const messages: ReceiverMessage[] = [];
  const task = { memory, time, format: 'cu8', centreHz, sampleRate, channels } as const;
  const done = receive(
    task,
    (message) => messages.push(structuredClone(message)),
    makeSharedReceiver,
    (take) => order && take(order),
  );
  const piece = 16_384;
  for (let at = 0; at < capture.length / 2; at += piece) {
    const first = gap !== null && at >= gap.at ? at + gap.samples : at;
    await writer.write(capture.subarray(2 * at, 2 * (at + piece)), first, false);
    // About as fast as a radio: what is looked at does not come faster, however fast a recording is read.
    if (order !== null) await sleep((1000 * piece) / sampleRate / 1.2);
  }
  writer.end();
  await done;
  return messages;
}

const of = <K extends ReceiverMessage['kind']>(messages: readonly ReceiverMessage[], kind: K) =>
  messages.filter((message): message is Extract<ReceiverMessage, { kind: K }> => message.kind === kind);

test('who looks changes nothing of what is received, and sees the signal where it is', async () => {
  const unseen = await messagesOf(null);
  const seen = await messagesOf(everything);
  expect(of(unseen, 'frame').length).toBeGreaterThan(7);
  expect(of(seen, 'frame')).toEqual(of(unseen, 'frame'));
  expect([of(unseen, 'row'), of(unseen, 'look')]).toEqual([[], []]);

  // A row a second, with the signal of the frames, whoever looks.
  const spoken = of(unseen, 'second').flatMap(({ heard }) => heard[0] ?? []);
  expect(of(unseen, 'second').length).toBeGreaterThanOrEqual(1);
  expect(spoken.length).toBeGreaterThanOrEqual(1);
  for (const { snrDb, offsetHz } of spoken) {
    expect(snrDb).toBeGreaterThan(6);
    // Nobody predicted the Doppler shift here.
    expect(offsetHz).toBeGreaterThan(1000);
  }

  const wide = of(seen, 'row').filter(({ id }) => id === 7);
  const narrow = of(seen, 'row').filter(({ id }) => id === 8);
  expect(wide.length).toBeGreaterThan(60);
  expect(narrow.length).toBeGreaterThan(15);
  for (const { row } of wide) {
    expect(row.levels).toHaveLength(256);
    expect(row.timeMs).toBeGreaterThanOrEqual(startMs);
    expect(row.timeMs).toBeLessThan(startMs + 1000 * seconds);
    expect([row.lowHz, row.highHz]).toEqual([centreHz - sampleRate / 2, centreHz + sampleRate / 2]);
    expect([...row.channelsHz]).toEqual([frequencyHz]);
  }
  const looks = of(seen, 'look').map(({ look }) => look);
  expect(looks.length).toBeGreaterThan(5);
  const heard = looks.filter(({ snrDb }) => snrDb > 6);
  expect(heard.length).toBeGreaterThan(1);
  const offsets = of(seen, 'frame').map(({ frame }) => frame.offsetHz!);
  for (const { offsetHz } of heard) {
    expect(offsetHz).toBeGreaterThan(Math.min(...offsets) - 500);
    expect(offsetHz).toBeLessThan(Math.max(...offsets) + 500);
  }
  // The strongest column of the narrow rows is within the signal.
  const bright = narrow
    .map(({ row }) => row)
    .filter(({ levels }) => Math.max(...levels) > levels.toSorted()[levels.length >> 1]! + 30);
  expect(bright.length).toBeGreaterThan(3);
  for (const { levels, lowHz, highHz } of bright) {
    const hz = lowHz + ((levels.indexOf(Math.max(...levels)) + 0.5) * (highHz - lowHz)) / levels.length;
    expect(Math.abs(hz - frequencyHz - offsets[0]!)).toBeLessThan(6000);
  }
});

test('behind a gap rows begin anew, with the time of what they show', async () => {
  const gap = { at: 3 * 245_760, samples: 20 * sampleRate };
  const rows = of(await messagesOf(everything, gap), 'row').filter(({ id }) => id === 7);
  const times = rows.map(({ row }) => (row.timeMs! - startMs) / 1000);
  const before = times.filter((s) => s < 3.1);
  const behind = times.filter((s) => s > 22.9);
  expect(before.length).toBeGreaterThan(20);
  expect(behind.length).toBeGreaterThan(20);
  expect(before.length + behind.length).toBe(times.length);
});
