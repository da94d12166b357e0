/** Counts false frames on a thread of its own. */
import { countFrames } from './noise-job.ts';
import { serveJobs } from './sensitivity-pool.ts';

serveJobs(countFrames);
