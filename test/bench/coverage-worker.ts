/** Covers modes on a thread of its own. */
import { cover } from './coverage-mode.ts';
import { serveJobs } from './sensitivity-pool.ts';

serveJobs(cover, ({ mode }) => mode);
