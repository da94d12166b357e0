/** Measures points on a thread of its own: a job in, its point or what went wrong out. */
import { parentPort } from 'node:worker_threads';
import { measurePoint, type PointJob } from './sensitivity-point.ts';

parentPort!.on('message', ({ job }: { job: PointJob }) => {
  try {
    parentPort!.postMessage({ point: measurePoint(job) });
  } catch (error) {
    parentPort!.postMessage({ failed: (error as Error).message });
  }
});
