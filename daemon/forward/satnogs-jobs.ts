import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../core/atomic-file.ts';
import { systemCode } from '../core/error.ts';
import { catalogueNumber } from '../tracking/tle.ts';
import type { CollectorLog } from './collector.ts';

/** An observation that the network planned on this station. */
export interface Job {
  readonly id: number;
  readonly norad: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Jobs stay known when the network doesn't list them any more: it lists those to come only. */
export interface JobBook {
  /** The job within whose time a satellite was heard; of several, the one that was planned last. */
  covering(norad: number, timeMs: number): Job | null;
  /** Takes in what the network listed. Never rejects: what can't be written is known until the station stops. */
  learn(jobs: readonly Job[]): Promise<void>;
}

/** A busy station has some 40 a day: two months and more. */
const mostJobs = 3000;
const mostBytes = 1_000_000;

/** The jobs of earlier days, from `file`; a file that is missing or damaged is begun anew. */
export async function openJobBook(file: string, log: CollectorLog): Promise<JobBook> {
  let jobs = await readBook(file, log);
  return {
    covering(norad, timeMs) {
      const all = jobs.filter((job) => job.norad === norad && job.startMs <= timeMs && timeMs <= job.endMs);
      return all.reduce<Job | null>((last, job) => (last === null || job.id > last.id ? job : last), null);
    },
    async learn(listed) {
      const byId = new Map(jobs.map((job) => [job.id, job]));
      for (const job of listed) byId.set(job.id, job);
      const next = [...byId.values()].sort((a, b) => a.startMs - b.startMs).slice(-mostJobs);
      const text = bookText(next);
      // A poll a minute would wear out an SD card.
      if (text === bookText(jobs)) return;
      jobs = next;
      try {
        await mkdir(dirname(file), { recursive: true });
        await replaceFile(file, text);
      } catch (error) {
        log.warn(
          { file, error: systemCode(error) ?? String(error) },
          'jobs of the network are not kept across a restart',
        );
      }
    },
  };
}

async function readBook(file: string, log: CollectorLog): Promise<readonly Job[]> {
  try {
    if ((await stat(file)).size > mostBytes) throw new RangeError(`larger than ${mostBytes / 1e6} MB`);
    const jobs = readJobs(await readFile(file, 'utf8'), null);
    if (jobs === null) throw new SyntaxError('no list of jobs');
    return jobs;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT')
      log.warn({ file, error: String(error) }, 'known jobs of the network can’t be read, and are begun anew');
    return [];
  }
}

/** As the network writes them, so that the same reader does. */
function bookText(jobs: readonly Job[]): string {
  const rows = jobs.map((job) => ({
    id: job.id,
    norad_cat_id: job.norad,
    start: new Date(job.startMs).toISOString(),
    end: new Date(job.endMs).toISOString(),
  }));
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}

/**
 * Reads the answer of `/api/jobs/`. Entries that make no sense are left out, and so are those of another station: a server that
 * ignored the question would answer with everybody's.
 * @returns null when it is no list
 */
export function readJobs(text: string, groundStation: number | null): Job[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  return (list as readonly unknown[]).flatMap((entry) => jobOf(entry, groundStation) ?? []);
}

function jobOf(entry: unknown, groundStation: number | null): Job | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { id, start, end, tle1, norad_cat_id, ground_station } = entry as Readonly<Record<string, unknown>>;
  if (groundStation !== null && ground_station !== undefined && ground_station !== groundStation) return null;
  const norad = positive(norad_cat_id) ?? (typeof tle1 === 'string' ? catalogueNumber(tle1.slice(2, 7)) : null);
  const startMs = typeof start === 'string' ? Date.parse(start) : Number.NaN;
  const endMs = typeof end === 'string' ? Date.parse(end) : Number.NaN;
  const number = positive(id);
  if (number === null || norad === null || !(startMs < endMs)) return null;
  return { id: number, norad, startMs, endMs };
}

function positive(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;
}
