/** Counts false frames of framings on a thread of its own. */
import { countInNoise } from './noise-framings-job.ts';
import { serveJobs } from './sensitivity-pool.ts';

serveJobs(countInNoise, ({ params }) => params.kind);
