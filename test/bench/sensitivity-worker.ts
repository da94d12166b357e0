/** Measures points on a thread of its own: a job in, its point or what went wrong out. */
import { measurePoint } from './sensitivity-point.ts';
import { serveJobs } from './sensitivity-pool.ts';

serveJobs(measurePoint);
