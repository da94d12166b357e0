/** Covers modes on a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { type CoverageJob, cover } from './coverage-mode.ts';

parentPort!.on('message', ({ job }: { job: CoverageJob }) => {
  try {
    parentPort!.postMessage({ point: cover(job) });
  } catch (error) {
    parentPort!.postMessage({ failed: `${job.mode}: ${(error as Error).message}` });
  }
});
