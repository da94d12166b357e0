import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRingMemory, makeRingReader, makeRingWriter, type Overflow } from '../../daemon/receiver/ring.ts';

interface Run {
  read: number;
  lost: number;
  gaps: number;
  torn: number;
  written: number;
  dropped: number;
}

/** Reads what another thread writes; `pause` every so many records makes the reader late. */
async function acrossThreads(overflow: Overflow, count: number, pause: number): Promise<Run> {
  const memory = makeRingMemory(16384);
  const worker = new Worker(new URL('./ring-writer.ts', import.meta.url), { workerData: { memory, overflow, count } });
  const message = once(worker, 'message') as Promise<[{ written: number; dropped: number }]>;
  const reader = makeRingReader(memory, 2);
  const run: Run = { read: 0, lost: 0, gaps: 0, torn: 0, written: 0, dropped: 0 };
  let expected = 0;
  for (let records = 0; ; records++) {
    if (pause > 0 && records % pause === 0) await sleep(2);
    const record = await reader.read();
    if (record === null) break;
    const { bytes, firstSample, gap } = record;
    if (bytes.length % 2 !== 0 || bytes.some((byte) => byte !== bytes[0])) run.torn++;
    if (firstSample !== expected && !gap) throw new Error(`samples ${expected} to ${firstSample} lost without a mark`);
    if (gap) run.gaps++;
    run.lost += firstSample - expected;
    run.read += bytes.length / 2;
    expected = firstSample + bytes.length / 2;
  }
  const [{ written, dropped }] = await message;
  return { ...run, written, dropped };
}

test('a waiting writer loses nothing, in order, whole', async () => {
  const run = await acrossThreads('wait', 5000, 200);
  expect(run).toMatchObject({ lost: 0, gaps: 1, torn: 0, dropped: 0 });
  expect(run.read).toBe(run.written);
});

test('a writer that drops the oldest counts every sample, marks every gap and tears no buffer', async () => {
  const run = await acrossThreads('dropOldest', 20_000, 20);
  expect(run.torn).toBe(0);
  expect(run.dropped).toBeGreaterThan(0);
  expect(run.lost).toBe(run.dropped);
  expect(run.gaps).toBeGreaterThan(1);
  expect(run.read + run.dropped).toBe(run.written);
});

test('what is read is what was written, for any sizes and wherever the ring wraps', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 }), async (sizes) => {
      const memory = makeRingMemory(4096);
      const writer = makeRingWriter(memory, 'dropOldest', 4);
      const reader = makeRingReader(memory, 4);
      let sample = 0;
      for (const [i, samples] of sizes.entries()) {
        await writer.write(new Uint8Array(4 * samples).fill(i), sample, false);
        for (let at = 0; at < samples; ) {
          const record = reader.tryRead()!;
          expect(record).toMatchObject({ firstSample: sample + at, gap: at > 0 && record.firstSample !== sample + at });
          expect(record.bytes.every((byte) => byte === i)).toBe(true);
          at += record.bytes.length / 4;
        }
        sample += samples;
      }
      expect(reader.tryRead()).toBeNull();
      expect(writer.droppedSamples).toBe(0);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('an unread ring keeps the newest samples', async () => {
  const memory = makeRingMemory(4096);
  const writer = makeRingWriter(memory, 'dropOldest', 2);
  for (let i = 0; i < 100; i++) await writer.write(new Uint8Array(200).fill(i), i * 100, false);
  const reader = makeRingReader(memory, 2);
  let last = -1;
  let read = 0;
  for (let record = reader.tryRead(); record !== null; record = reader.tryRead()) {
    last = record.bytes[0]!;
    read += record.bytes.length / 2;
  }
  expect(last).toBe(99);
  expect(read + writer.droppedSamples).toBe(100 * 100);
});

test('a waiting writer gives up when its signal aborts', async () => {
  const writer = makeRingWriter(makeRingMemory(4096), 'wait', 2);
  const signal = AbortSignal.timeout(50);
  await expect(writer.write(new Uint8Array(8192), 0, false, signal)).rejects.toThrow();
});

test('impossible sizes are refused', async () => {
  expect(() => makeRingMemory(5000)).toThrow(RangeError);
  await expect(makeRingWriter(makeRingMemory(4096), 'wait', 4).write(new Uint8Array(6), 0, false)).rejects.toThrow(
    RangeError,
  );
});
