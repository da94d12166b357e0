/** Counts false frames on a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { countFrames, type NoiseJob } from './noise-job.ts';

parentPort!.on('message', ({ job }: { job: NoiseJob }) => {
  try {
    parentPort!.postMessage({ point: countFrames(job) });
  } catch (error) {
    parentPort!.postMessage({ failed: (error as Error).message });
  }
});
