import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileSource } from '../../daemon/drivers/sdr/file.ts';
import type { SampleBuffer } from '../../daemon/drivers/sdr/source.ts';
import { read, testDeps, virtualTime } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'downlinkd-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Pairs (k, −k) of 16 bits. */
function ramp(pairs: number): Buffer {
  const words = Int16Array.from({ length: 2 * pairs }, (_, i) => (i % 2 ? -1 : 1) * ((i >> 1) % 30_000));
  return Buffer.from(words.buffer);
}

function floats(buffers: readonly SampleBuffer[]): number[] {
  return buffers.flatMap((b) =>
    Array.from(new Float32Array(b.bytes.buffer, 0, b.bytes.length / 4), (v) => Math.round(v * 32_768)),
  );
}

const want = { centreHz: 437e6, sampleRate: 250_000 };

test('a raw file comes whole, in order, and ends', async () => {
  const path = join(folder, 'a.cs16');
  writeFileSync(path, ramp(40_000));
  const source = fileSource({ driver: 'file', path, sampleRate: 48_000 }, testDeps());
  expect(await source.tune(want)).toEqual({ centreHz: 437e6, sampleRate: 48_000 });
  expect(source.startTimeMs).toBeNull();
  const buffers = await read(source, () => false);
  expect(floats(buffers)).toEqual(Array.from(new Int16Array(new Uint8Array(ramp(40_000)).buffer)));
  let next = 0;
  for (const b of buffers) {
    expect([b.firstSample, b.gap]).toEqual([next, false]);
    next += b.bytes.length / 8;
  }
  expect(source.state).toEqual({ at: 'ended' });
});

test('a loop marks where it begins anew and counts on', async () => {
  const path = join(folder, 'b.cs16');
  writeFileSync(path, ramp(1000));
  const source = fileSource({ driver: 'file', path, sampleRate: 48_000, loop: true }, testDeps());
  const buffers = await read(source, (b) => b.length === 3);
  expect(buffers.map((b) => [b.firstSample, b.gap, b.bytes.length / 8])).toEqual([
    [0, false, 1000],
    [1000, true, 1000],
    [2000, true, 1000],
  ]);
});

test('at real time it takes as long as the recording, by the clock it is given', async () => {
  const path = join(folder, 'c.cs16');
  writeFileSync(path, ramp(48_000));
  for (const realtime of [true, false]) {
    const time = virtualTime();
    const source = fileSource({ driver: 'file', path, sampleRate: 48_000, realtime }, testDeps(time));
    const buffers = await read(source, () => false);
    expect(floats(buffers)).toHaveLength(96_000);
    expect(time.clock.monotonic()).toBeCloseTo(realtime ? 1000 : 0, 0);
  }
});

test('the gap between two SigMF captures is counted by their times', async () => {
  const data = join(folder, 'd.sigmf-data');
  writeFileSync(data, ramp(2000));
  const captures = [
    { 'core:sample_start': 0, 'core:frequency': 437_500_000, 'core:datetime': '2024-01-31T12:00:00Z' },
    { 'core:sample_start': 1200, 'core:frequency': 437_500_000, 'core:datetime': '2024-01-31T12:00:10Z' },
  ];
  const meta = {
    global: { 'core:datatype': 'ci16_le', 'core:version': '1.0.0', 'core:sample_rate': 1000 },
    captures,
    annotations: [],
  };
  writeFileSync(join(folder, 'd.sigmf-meta'), JSON.stringify(meta));
  const source = fileSource({ driver: 'file', path: join(folder, 'd.sigmf-meta') }, testDeps());
  expect(await source.tune(want)).toEqual({ centreHz: 437_500_000, sampleRate: 1000 });
  expect(source.startTimeMs).toBe(Date.UTC(2024, 0, 31, 12));
  const buffers = await read(source, () => false);
  expect(buffers.map((b) => [b.firstSample, b.gap, b.bytes.length / 8])).toEqual([
    [0, false, 1200],
    [10_000, true, 800],
  ]);
});

test('a file that is not there or holds audio is an error with a code and one line', async () => {
  const missing = fileSource({ driver: 'file', path: join(folder, 'none.wav') }, testDeps());
  await expect(missing.tune(want)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  const audio = Buffer.concat([Buffer.alloc(44), ramp(100)]);
  audio.write('RIFF', 0);
  audio.writeUInt32LE(audio.length - 8, 4);
  audio.write('WAVEfmt ', 8);
  audio.writeUInt32LE(16, 16);
  audio.writeUInt16LE(1, 20);
  audio.writeUInt16LE(1, 22);
  audio.writeUInt32LE(48_000, 24);
  audio.writeUInt32LE(96_000, 28);
  audio.writeUInt16LE(2, 32);
  audio.writeUInt16LE(16, 34);
  audio.write('data', 36);
  audio.writeUInt32LE(audio.length - 44, 40);
  writeFileSync(join(folder, 'mono.wav'), audio);
  const mono = fileSource({ driver: 'file', path: join(folder, 'mono.wav') }, testDeps());
  await expect(mono.tune(want)).rejects.toMatchObject({ code: 'INPUT_MISLABELLED' });
});
