import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeBlockQueue } from '../../daemon/drivers/sdr/block-queue.ts';
import type { SampleBuffer } from '../../daemon/drivers/sdr/source.ts';

async function drain(queue: ReturnType<typeof makeBlockQueue>): Promise<SampleBuffer[]> {
  const got: SampleBuffer[] = [];
  for (let block = await queue.next(); block; block = await queue.next())
    got.push({ ...block, bytes: block.bytes.slice() });
  return got;
}

test('however the bytes come, the blocks hold all whole pairs in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 40 }),
      fc.constantFrom(2, 4, 8),
      fc.integer({ min: 1, max: 20 }),
      async (pieces, bytesPerPair, pairs) => {
        const queue = makeBlockQueue(bytesPerPair);
        queue.resize(pairs);
        const reader = drain(queue);
        for (const piece of pieces) {
          queue.push(piece);
          await Promise.resolve();
          await new Promise((resolve) => setImmediate(resolve));
        }
        queue.end();
        const blocks = await reader;
        const all = Buffer.concat(pieces);
        const whole = all.length - (all.length % bytesPerPair);
        expect(Buffer.concat(blocks.map((b) => b.bytes))).toEqual(all.subarray(0, whole));
        let next = 0;
        for (const block of blocks) {
          expect(block.firstSample).toBe(next);
          expect(block.gap).toBe(false);
          expect(block.bytes.length).toBeGreaterThan(0);
          next += block.bytes.length / bytesPerPair;
        }
        expect(queue.droppedSamples).toBe(0);
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

test('a late reader loses whole pairs, counted, and sees the gap', async () => {
  const queue = makeBlockQueue(4);
  queue.resize(100);
  const bytes = (from: number, n: number) => {
    const words = Uint32Array.from({ length: n }, (_, k) => from + k);
    return new Uint8Array(words.buffer);
  };
  // 16 blocks of 100 pairs fit; the rest of 2000 pairs comes in odd pieces.
  const stream = bytes(0, 2000);
  for (let at = 0; at < stream.length; at += 33) queue.push(stream.subarray(at, at + 33));
  expect(queue.droppedSamples).toBe(400);
  const first = await queue.next();
  expect(first!.firstSample).toBe(0);
  const second = await queue.next(); // gives the first block back
  expect(second!.firstSample).toBe(100);
  const later = bytes(2000, 250);
  for (let at = 0; at < later.length; at += 7) queue.push(later.subarray(at, at + 7));
  queue.end();
  const blocks = await drain(queue);
  const tail = blocks.at(-1)!;
  expect(tail.gap).toBe(true);
  expect(tail.firstSample).toBe(2000);
  for (const block of blocks) {
    const words = new Uint32Array(block.bytes.buffer, 0, block.bytes.length / 4);
    words.forEach((word, k) => {
      expect(word).toBe(block.firstSample + k);
    });
  }
});

test('a restart cuts half a pair, goes on at the given sample, never back, and says so', async () => {
  const queue = makeBlockQueue(2);
  queue.resize(4);
  queue.push(Uint8Array.of(1, 2, 3, 4, 5)); // two pairs and a half
  queue.restart(50);
  queue.push(Uint8Array.of(6, 7));
  queue.restart(10);
  queue.push(Uint8Array.of(8, 9));
  queue.end();
  const blocks = await drain(queue);
  expect(blocks.map((b) => [b.firstSample, b.gap, ...b.bytes])).toEqual([
    [0, false, 1, 2, 3, 4],
    [50, true, 6, 7],
    [51, true, 8, 9],
  ]);
});
