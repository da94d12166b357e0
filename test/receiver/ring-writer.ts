/** Worker of ring.test.ts: writes `count` numbered buffers as fast as it can. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeRingWriter, type Overflow, type RingMemory } from '../../daemon/receiver/ring.ts';

const { memory, overflow, count } = workerData as { memory: RingMemory; overflow: Overflow; count: number };
const writer = makeRingWriter(memory, overflow, 2);
let firstSample = 0;
for (let i = 0; i < count; i++) {
  const samples = 1 + ((i * 7919) % 900);
  // Every byte of a buffer is the same and tells its number: a torn one shows.
  await writer.write(new Uint8Array(2 * samples).fill(i), firstSample, i === 0);
  firstSample += samples;
}
writer.end();
parentPort!.postMessage({ written: firstSample, dropped: writer.droppedSamples });
