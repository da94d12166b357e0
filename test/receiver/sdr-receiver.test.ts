import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { DecodedFrame } from '../../daemon/api/wire.ts';
import type { Source } from '../../daemon/drivers/sdr/source.ts';
import type { CarrierEvidence } from '../../daemon/receiver/carrier-evidence.ts';
import type { Wanted } from '../../daemon/receiver/channel-plan.ts';
import { startSdrReceiver } from '../../daemon/receiver/sdr-receiver.ts';
import { dopplerAt, dopplerCurve } from '../../daemon/tracking/doppler-curve.ts';
import { parseMode } from '../../dsp/mode.ts';
import { fakeSource } from './fake-source.ts';

const want = { centreHz: 437e6, sampleRate: 48_000 };
const mode = parseMode('fsk:1200:ax25');
const wanted = [{ satellite: 'A', transmitter: 't', mode, frequencyHz: 437.001e6 }];
const start = Date.UTC(2026, 0, 31, 12);
const log = pino({ level: 'silent' });

/** Frames are one from the start to each gap or the end: see counting-receiver.ts. */
async function receiveAll(
  source: Source,
  clock = { now: () => start, monotonic: () => 0 },
  worker = 'counting-worker',
  wants: readonly Wanted[] = wanted,
) {
  const frames: (DecodedFrame & { simulated: boolean })[] = [];
  const carriers: CarrierEvidence[] = [];
  const workerUrl = new URL(`./${worker}.ts`, import.meta.url);
  const receiver = await startSdrReceiver(source, want, wants, {
    clock,
    log,
    onFrame(frame, carrier) {
      frames.push(frame);
      carriers.push(carrier);
    },
    onCopy() {},
    workerUrl,
  });
  await receiver.ended;
  return { frames, carriers, status: receiver.status(), channels: receiver.channels };
}

test('a clock that is set between a frame’s samples and the frame gives it the right time', async () => {
  let monotonicMs = 0;
  let offsetMs = 60_000;
  const source = fakeSource([
    { samples: 48_000, firstSample: 0, before: () => (monotonicMs = 1000) },
    {
      samples: 48_000,
      firstSample: 48_000,
      before() {
        monotonicMs = 2000;
        offsetMs = start;
      },
    },
  ]);
  const clock = { now: () => monotonicMs + offsetMs, monotonic: () => monotonicMs };
  const { frames } = await receiveAll(source, clock);
  expect(frames[0]).toMatchObject({ time: '2026-01-31T12:00:00.000Z', timedBy: 'arrival' });
});

test('a radio’s frames are timed by the clock at the first sample, and anew behind a gap', async () => {
  let nowMs = start;
  const source = fakeSource([
    { samples: 48_000, firstSample: 0, before: () => (nowMs = start + 1000) },
    { samples: 48_000, firstSample: 48_000, before: () => (nowMs = start + 2300) },
    // 10.5 s later by the clock, 10 s by the samples.
    { samples: 48_000, firstSample: 480_000, gap: true, before: () => (nowMs = start + 11_500) },
  ]);
  const { frames, status } = await receiveAll(source, { now: () => nowMs, monotonic: () => nowMs - start });
  expect(frames.map(({ sample, time }) => ({ sample, time }))).toEqual([
    { sample: 0, time: '2026-01-31T12:00:00.000Z' },
    { sample: 480_000, time: '2026-01-31T12:00:10.500Z' },
  ]);
  expect(frames[0]).toMatchObject({
    satellite: 'A',
    transmitter: 't',
    mode: 'fsk:1200:ax25',
    frame: 'cafe',
    simulated: true,
  });
  expect(status).toMatchObject({ state: 'ended', samples: 144_000, dropped_samples: 0, gaps: 1, worker_restarts: 0 });
  expect(status.channels[0]).toMatchObject({ frames: 2, last_frame: { time: '2026-01-31T12:00:10.500Z' } });
});

test('a recording’s frames are timed by the recording, or not at all: never by the present', async () => {
  const pieces = [{ samples: 48_000, firstSample: 96_000 }];
  const known = await receiveAll(fakeSource(pieces, { startTimeMs: Date.UTC(2020, 5, 1) }));
  expect(known.frames.map(({ time }) => time)).toEqual(['2020-06-01T00:00:02.000Z']);
  const unknown = await receiveAll(fakeSource(pieces, { startTimeMs: null }));
  expect(unknown.frames.map(({ time }) => time)).toEqual([null]);
});

test('a thread that dies is started again and goes on with the ring', async () => {
  const source = fakeSource([
    { samples: 48_000, firstSample: 0 },
    { samples: 48_000, firstSample: 96_000, gap: true },
    { samples: 48_000, firstSample: 144_000 },
  ]);
  const { frames, status } = await receiveAll(source, undefined, 'failing-worker');
  expect(status.worker_restarts).toBe(1);
  expect(frames).toHaveLength(1);
  expect(frames[0]!.sample).toBeGreaterThan(96_000);
  expect(frames[0]!.sample).toBeLessThanOrEqual(144_000);
});

test('a source begins when the thread reads: no samples are lost while that starts', async () => {
  let began = false;
  const source = fakeSource([{ samples: 48_000, firstSample: 0, before: () => (began = true) }]);
  const receiver = await startSdrReceiver(source, want, wanted, {
    clock: { now: () => start, monotonic: () => 0 },
    log,
    onFrame() {},
    onCopy() {},
    workerUrl: new URL('./late-worker.ts', import.meta.url),
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(began).toBe(false);
  receiver.feed.watch({ rows: { bins: 64, rowsPerS: 1 }, channel: null, row() {}, look() {} });
  await receiver.ended;
  expect(began).toBe(true);
});

test('a source that fails is told, and what came before is decoded', async () => {
  const failing = fakeSource([
    { samples: 48_000, firstSample: 0 },
    {
      samples: 1,
      firstSample: 48_000,
      before: () => {
        throw new Error('recording.wav: read error');
      },
    },
  ]);
  const { frames, status } = await receiveAll(failing);
  expect(frames).toHaveLength(1);
  expect(status).toMatchObject({ state: 'failed', reason: 'recording.wav: read error' });
});

test('frames come with the shift that was predicted for their middle by the time of the source', async () => {
  const doppler = dopplerCurve((ms) => (ms - start) / 10_000, start, start + 20_000);
  const wants = wanted.map((one) => ({ ...one, doppler }));
  const pieces = [
    { samples: 48_000, firstSample: 0 },
    { samples: 48_000, firstSample: 480_000, gap: true },
  ];
  const expected = [500, 10_500].map((ms) => ({
    frequencyHz: 437.001e6,
    middleMs: expect.closeTo(start + ms, 0),
    dopplerHz: expect.closeTo(dopplerAt(doppler, 437.001e6, start + ms), 0),
  }));
  const replayed = await receiveAll(fakeSource(pieces, { startTimeMs: start }), undefined, undefined, wants);
  expect(replayed.carriers).toEqual(expected);
  let nowMs = start + 1000;
  const radio = fakeSource([pieces[0]!, { ...pieces[1]!, before: () => (nowMs = start + 11_000) }]);
  const live = await receiveAll(radio, { now: () => nowMs, monotonic: () => 0 }, undefined, wants);
  expect(live.carriers).toEqual(expected);
});

test('without a time there is no prediction, and the carrier is searched as far as ever', async () => {
  const doppler = dopplerCurve(() => 1, start, start + 20_000);
  const source = () => fakeSource([{ samples: 48_000, firstSample: 0 }], { startTimeMs: null });
  const { carriers, channels } = await receiveAll(source(), undefined, undefined, [{ ...wanted[0]!, doppler }]);
  expect(carriers).toEqual([{ frequencyHz: 437.001e6, middleMs: null, dopplerHz: null }]);
  expect(channels).toEqual((await receiveAll(source())).channels);
});
