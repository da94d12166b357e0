/** Counts false frames of framings on a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { countInNoise, type FramingNoiseJob } from './noise-framings-job.ts';

parentPort!.on('message', ({ job }: { job: FramingNoiseJob }) => {
  try {
    parentPort!.postMessage({ point: countInNoise(job) });
  } catch (error) {
    parentPort!.postMessage({ failed: `${job.params.kind}: ${(error as Error).message}` });
  }
});
