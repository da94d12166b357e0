import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { timeOfSample } from '../../daemon/inputs/input.ts';
import { judge } from '../../daemon/inputs/judge.ts';
import { openInput } from '../../daemon/inputs/open-input.ts';
import { type DataFile, type RecordingFiles, systemFiles } from '../../daemon/recording/recording-files.ts';
import { type RecordingPlan, recordingName, startRecording } from '../../daemon/recording/sigmf-recorder.ts';
import { parseElements } from '../../daemon/tracking/elements.ts';
import { omm } from '../elements/orbits.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.parse('2026-11-26T12:00:00.000Z');
const RATE = 250_000;

function plan(over: Partial<RecordingPlan> = {}): RecordingPlan {
  return {
    folder,
    name: 'pass',
    format: 'cs16',
    sampleRate: RATE,
    centreHz: 437_250_000,
    startMs: START,
    satellites: [{ name: 'GOMX-3', norad: 40949 }],
    place: { latitudeDeg: 48.1, longitudeDeg: 11.6, altitudeM: 520 },
    description: 'GOMX-3, 62°',
    ...over,
  };
}

/** Samples whose values tell their index in the source. */
function cs16(firstSample: number, count: number): Uint8Array {
  const values = new Int16Array(2 * count);
  for (let i = 0; i < count; i++) {
    values[2 * i] = (firstSample + i) % 20_000;
    values[2 * i + 1] = Math.floor((firstSample + i) / 20_000);
  }
  return new Uint8Array(values.buffer);
}

/** Indices in the source, and times, of what each segment of a recording holds. */
async function readBack(path: string) {
  const input = await openInput(path);
  const segments: { first: number; last: number; timeMs: number | null; centreHz: number | null }[] = [];
  const buffer = new Float32Array(2 * 4096);
  let at = 0;
  let continues = false;
  for (let n = await input.read(buffer); n > 0; n = await input.read(buffer)) {
    const index = (i: number) => Math.round(buffer[2 * i]! * 32768) + 20_000 * Math.round(buffer[2 * i + 1]! * 32768);
    const segment = input.segments.find((s) => s.firstSample === at);
    continues = segment === undefined;
    if (continues) segments.at(-1)!.last = index(n - 1);
    else
      segments.push({
        first: index(0),
        last: index(n - 1),
        timeMs: timeOfSample(input, at)?.getTime() ?? null,
        centreHz: segment!.centreHz,
      });
    at += n;
  }
  await input.close();
  return { input, segments, samples: at };
}

const meta = (name = 'pass') => JSON.parse(readFileSync(join(folder, `${name}.sigmf-meta`), 'utf8'));

test('a pass is written as it came, and tells where, when and what', async () => {
  const [elements] = parseElements(JSON.stringify(omm(40949, '2026-11-26T00:00:00')), { source: 'test' }).elements;
  const recording = await startRecording(plan({ elements: [elements!], author: 'N0CALL' }));
  for (let at = 0; at < 10_000; at += 1000) recording.write(cs16(7_000_000 + at, 1000), 7_000_000 + at, at === 0);
  expect(recording.annotate({ sample: 7_004_000, length: 500, label: 'ax25', comment: 'N0CALL>CQ' })).toBe(true);
  expect(recording.annotate({ sample: 7_001_000, length: 99_999, label: 'ax25' })).toBe(true);
  for (const sample of [6_999_999, 7_010_000]) expect(recording.annotate({ sample, length: 1, label: '' })).toBe(false);
  expect(await recording.close()).toEqual({
    name: 'pass',
    dataPath: join(folder, 'pass.sigmf-data'),
    metaPath: join(folder, 'pass.sigmf-meta'),
    bytes: 40_000,
    samples: 10_000,
    captures: 1,
    skippedSamples: 0,
    reason: null,
  });
  const { global, captures, annotations } = meta();
  expect(global).toMatchObject({
    'core:datatype': 'ci16_le',
    'core:sample_rate': RATE,
    'core:geolocation': { type: 'Point', coordinates: [11.6, 48.1, 520] },
    'core:author': 'N0CALL',
    'downlinkd:state': 'complete',
    'downlinkd:satellites': [{ name: 'GOMX-3', norad: 40949 }],
    'downlinkd:elements': [expect.objectContaining({ NORAD_CAT_ID: 40949 })],
  });
  expect(captures).toEqual([
    {
      'core:sample_start': 0,
      'core:global_index': 0,
      'core:datetime': '2026-11-26T12:00:00.000000Z',
      'core:frequency': 437_250_000,
    },
  ]);
  expect(annotations).toEqual([
    { 'core:sample_start': 1000, 'core:sample_count': 9000, 'core:label': 'ax25' },
    { 'core:sample_start': 4000, 'core:sample_count': 500, 'core:label': 'ax25', 'core:comment': 'N0CALL>CQ' },
  ]);
  const { input, segments } = await readBack(join(folder, 'pass.sigmf-meta'));
  expect(segments).toEqual([{ first: 7_000_000, last: 7_009_999, timeMs: START, centreHz: 437_250_000 }]);
  expect(judge(input).good).toBe(true);
});

test.each(['cu8', 'cs8', 'cs16', 'cf32'] as const)('%s is read as what it is', async (format) => {
  const bytes = new Uint8Array(new Float32Array([0.25, -0.5, 0.125, 1, -1, 0.75, 0.5, -0.25]).buffer);
  const recording = await startRecording(plan({ format }));
  recording.write(bytes, 0, false);
  const { samples, dataPath } = await recording.close();
  const input = await openInput(join(folder, 'pass.sigmf-data'));
  expect([input.kind, input.totalSamples]).toEqual(['iq', samples]);
  expect(new Uint8Array(readFileSync(dataPath))).toEqual(bytes);
  await input.close();
});

test('gaps, retuning and a source that counts anew: each capture has its own time and frequency', async () => {
  const recording = await startRecording(plan());
  recording.write(cs16(100, 1000), 100, true);
  recording.write(cs16(1100, 1000), 1100, false);
  // Too short to be seen by its time: 100 µs.
  recording.write(cs16(2125, 1000), 2125, false);
  recording.retune(437_300_000);
  recording.write(cs16(3125, 1000), 3125, true);
  // The radio was away, nobody knows how long but the one who looked at the clock.
  recording.write(cs16(4125, 1000), 4125, true, START + 9000);
  recording.write(cs16(5225, 1000), 5225, true);
  recording.write(cs16(0, 1000), 0, true);
  expect(recording.annotate({ sample: 4200, length: 10, label: 'x' })).toBe(true);
  expect(recording.annotate({ sample: 2110, length: 10, label: 'in the gap' })).toBe(false);
  await recording.close();
  const { segments } = await readBack(join(folder, 'pass.sigmf-meta'));
  const ms = (samples: number) => (samples / RATE) * 1000;
  expect(segments).toEqual([
    { first: 100, last: 2099, timeMs: START, centreHz: 437_250_000 },
    { first: 2125, last: 3124, timeMs: START + Math.round(ms(2025)), centreHz: 437_250_000 },
    { first: 3125, last: 4124, timeMs: START + Math.round(ms(3025)), centreHz: 437_300_000 },
    { first: 4125, last: 5124, timeMs: START + 9000, centreHz: 437_300_000 },
    { first: 5225, last: 6224, timeMs: START + 9000 + Math.round(ms(1100)), centreHz: 437_300_000 },
    { first: 0, last: 999, timeMs: START + 9000 + Math.round(ms(2100)), centreHz: 437_300_000 },
  ]);
  expect(meta().captures.map((c: Record<string, unknown>) => c['core:global_index'])).toEqual([
    0,
    2025,
    3025,
    4025,
    5125,
    undefined,
  ]);
});

test('whatever is written comes back: every sample, with its time to the millisecond', async () => {
  const step = fc.record({
    count: fc.integer({ min: 1, max: 700 }),
    lost: fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
    retune: fc.oneof(fc.constant(null), fc.integer({ min: 430e6, max: 440e6 })),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), fc.array(step, { minLength: 1, maxLength: 12 }), async (first, steps) => {
      const recording = await startRecording(plan({ name: `run${run++}` }));
      let next = first;
      const expected = new Map<number, number>();
      for (const { count, lost, retune } of steps) {
        next += lost;
        if (retune !== null) recording.retune(retune);
        recording.write(cs16(next, count), next, lost > 0);
        expected.set(next, count);
        next += count;
      }
      const { metaPath, samples } = await recording.close();
      const back = await readBack(metaPath);
      expect(back.samples).toBe(samples);
      expect(samples).toBe([...expected.values()].reduce((a, b) => a + b, 0));
      for (const { first: at, last, timeMs } of back.segments) {
        const passedMs = ((at - (first + steps[0]!.lost)) / RATE) * 1000;
        expect(Math.abs(timeMs! - START - passedMs)).toBeLessThanOrEqual(0.501);
        for (let i = at; i <= last; i += expected.get(i)!) expect(expected.has(i)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('the buffer may be used again at once', async () => {
  const recording = await startRecording(plan());
  const buffer = cs16(0, 1000);
  recording.write(buffer, 0, false);
  buffer.fill(0);
  await recording.close();
  expect((await readBack(join(folder, 'pass.sigmf-meta'))).segments[0]).toMatchObject({ first: 0, last: 999 });
});

test('a crash leaves a recording that can be read, with the times behind the gap', async () => {
  const recording = await startRecording(plan());
  recording.write(cs16(0, 1000), 0, false);
  recording.write(cs16(50_000, 1000), 50_000, true);
  await expect.poll(() => recording.bytes).toBe(8000);
  const { segments } = await readBack(recording.metaPath);
  expect(segments.map(({ first, timeMs }) => [first, timeMs])).toEqual([
    [0, START],
    [50_000, START + 200],
  ]);
  expect(meta().global['downlinkd:state']).toBe('recording');
  await recording.close();
  expect(meta().global['downlinkd:state']).toBe('complete');
});

test('names are never used twice, and never lead elsewhere', async () => {
  const names = [];
  for (let i = 0; i < 3; i++) {
    const recording = await startRecording(plan());
    recording.write(cs16(0, 1), 0, false);
    names.push((await recording.close()).name);
  }
  expect(names).toEqual(['pass', 'pass_2', 'pass_3']);
  for (const name of ['../x', 'a/b', '.hidden', '', 'a\0b', 'x'.repeat(200)])
    await expect(startRecording(plan({ name }))).rejects.toThrow(RangeError);
  expect(recordingName(START, 'AO-73 (FUNcube-1)')).toBe('20261126T120000Z_AO-73-FUNcube-1');
  expect(recordingName(START, '../…')).toBe('20261126T120000Z_unknown');
});

test('nothing received leaves nothing', async () => {
  expect(await (await startRecording(plan())).close()).toMatchObject({ samples: 0, reason: null });
  expect(readdirSync(folder)).toEqual([]);
});

const broken = (code: string) => Object.assign(new Error('disk'), { code });

/** A disk with so much room; metadata take theirs as well. */
function smallDisk(roomBytes: number): RecordingFiles {
  let used = 0;
  let metaBytes = 0;
  return {
    ...systemFiles,
    async create(...args) {
      const file = (await systemFiles.create(...args)) as DataFile;
      let size = 0;
      return {
        ...file,
        async write(bytes) {
          const room = roomBytes - used;
          if (room <= 0) throw broken('ENOSPC');
          const count = await file.write(bytes.subarray(0, room));
          used += count;
          size += count;
          return count;
        },
        async truncate(bytes) {
          used -= size - bytes;
          size = bytes;
          await file.truncate(bytes);
        },
      };
    },
    async writeMeta(path, text) {
      if (used + text.length > roomBytes) throw broken('ENOSPC');
      used += text.length - metaBytes;
      metaBytes = text.length;
      await systemFiles.writeMeta(path, text);
    },
  };
}

test('a full disk ends the recording with a reason; what is there can be read', async () => {
  const recording = await startRecording(plan(), { files: smallDisk(200_001) });
  for (let at = 0; at < 100_000; at += 1000) {
    recording.write(cs16(at, 1000), at, false);
    await recording.ready();
  }
  await expect.poll(() => recording.reason).toBe('no space left on the disk');
  recording.write(cs16(0, 1), 0, false);
  const result = await recording.close();
  expect(result).toMatchObject({ reason: 'no space left on the disk', bytes: result.samples * 4 });
  expect(result.samples).toBeGreaterThan(30_000);
  expect(meta().global).toMatchObject({
    'downlinkd:state': 'ended early',
    'downlinkd:reason': 'no space left on the disk',
  });
  const back = await readBack(result.metaPath);
  expect(back.samples).toBe(result.samples);
  expect(back.segments).toMatchObject([{ first: 0, last: result.samples - 1, timeMs: START }]);
  expect(judge(back.input).good).toBe(true);
});

test('a disk that is full from the beginning leaves nothing, and throws nothing', async () => {
  const recording = await startRecording(plan(), { files: smallDisk(10) });
  expect(recording.reason).toBe('no space left on the disk');
  recording.write(cs16(0, 1000), 0, false);
  await recording.ready();
  expect(await recording.close()).toMatchObject({ samples: 0, reason: 'no space left on the disk' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be made is a reason', async () => {
  const recording = await startRecording(plan({ folder: join(folder, 'no', 'such') }));
  expect(recording.reason).toBe('no such folder');
  expect(await recording.close()).toMatchObject({ samples: 0 });
});

test('a slow disk costs samples of the recording, counted and with a gap, and no more memory', async () => {
  const gate = Promise.withResolvers<void>();
  const files: RecordingFiles = {
    ...systemFiles,
    async create(...args) {
      const file = (await systemFiles.create(...args)) as DataFile;
      return { ...file, write: (bytes) => gate.promise.then(() => file.write(bytes)) };
    },
  };
  const recording = await startRecording(plan(), { files, mostWaitingBytes: 40_000 });
  for (let at = 0; at < 25_000; at += 1000) recording.write(cs16(at, 1000), at, false);
  expect(recording.skippedSamples).toBe(15_000);
  const ready = recording.ready();
  gate.resolve();
  await ready;
  recording.write(cs16(25_000, 1000), 25_000, false);
  await recording.close();
  expect(meta().global['downlinkd:skipped_samples']).toBe(15_000);
  const { segments } = await readBack(recording.metaPath);
  expect(segments.map(({ first, last, timeMs }) => [first, last, timeMs])).toEqual([
    [0, 9999, START],
    [25_000, 25_999, START + 100],
  ]);
});

test('half a sample, or thousands of gaps, end the recording and throw nothing', async () => {
  const recording = await startRecording(plan());
  recording.write(cs16(0, 10), 0, false);
  recording.write(new Uint8Array(3), 10, false);
  expect(recording.reason).toBe('3 bytes are not whole samples');
  await recording.close();
  const torn = await startRecording(plan({ name: 'torn' }));
  for (let at = 0; at < 40_000 && torn.reason === null; at += 2) torn.write(cs16(at, 1), at, true);
  expect(torn.reason).toBe('more than 10000 gaps');
  await torn.close();
});
