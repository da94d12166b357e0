import type { Timers } from '../core/clock.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { CollectorContext } from './collector.ts';
import { askServer } from './http.ts';
import { outcomeOf } from './http-outcome.ts';
import { type JobBook, readJobs } from './satnogs-jobs.ts';

export interface JobPoll {
  state(): {
    /** When the network was asked last with success. */
    readonly lastMs: number | null;
    /** In how many milliseconds more will be known. */
    readonly newsInMs: number;
    /** Why it could not be asked the last time. */
    readonly fault: string | null;
  };
  close(): Promise<void>;
}

const usualIntervalS = 60;
/** While it is being asked, and at least. */
const soonMs = 1000;
/** A job is some 500 bytes. */
const mostBytes = 4_000_000;

/** Asks the network for the station's jobs, now and then every minute, until it is closed. */
export function pollJobs(
  server: {
    readonly base: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly userAgent: string;
  },
  settings: CollectorSettingsOf<'satnogs-network'>,
  book: JobBook,
  { now, station, log, timers }: CollectorContext & { readonly timers: Timers },
): JobPoll {
  const url = new URL('api/jobs/', server.base);
  url.searchParams.set('ground_station', String(settings.groundStation));
  const { latitude, longitude, altitudeM } = station;
  // The network moves the station there when it is given all three; the altitude is an integer in its database.
  if (latitude !== null && longitude !== null && altitudeM !== null) {
    url.searchParams.set('lat', String(latitude));
    url.searchParams.set('lon', String(longitude));
    url.searchParams.set('alt', String(Math.round(altitudeM)));
  }
  const intervalMs = 1000 * (settings.pollIntervalS ?? usualIntervalS);
  const stop = new AbortController();
  let lastMs: number | null = null;
  /** By the clock that is never set; 0 while the network is being asked. */
  let nextAtMs = 0;
  let fault: string | null = null;
  let cancel = () => {};
  let underway = round();

  async function round(): Promise<void> {
    nextAtMs = 0;
    const wait = Math.max(intervalMs, await ask());
    if (stop.signal.aborted) return;
    nextAtMs = performance.now() + wait;
    cancel = timers.after(wait, () => {
      underway = round();
    });
  }

  /** @returns how long the network wants to be left alone, ms */
  async function ask(): Promise<number> {
    const askedMs = now();
    const answer = await askServer({ method: 'GET', ...server, url, mostBytes, signal: stop.signal });
    const outcome = outcomeOf(answer, [], now());
    const jobs =
      answer.kind === 'answer' && outcome.kind === 'accepted' ? readJobs(answer.text, settings.groundStation) : null;
    const before = fault;
    if (jobs !== null) {
      await book.learn(jobs);
      lastMs = askedMs;
      fault = null;
      if (before !== null) log.info({ jobs: jobs.length }, 'SatNOGS Network answers again');
      return 0;
    }
    const why = outcome.kind === 'accepted' ? 'its answer is no list of jobs' : outcome.reason;
    fault = `the network could not be asked for its observations: ${why}`;
    if (fault !== before && !stop.signal.aborted)
      log.warn({ reason: why }, 'SatNOGS Network could not be asked for jobs');
    return outcome.kind === 'later' ? (outcome.retryAfterMs ?? 0) : 0;
  }

  return {
    state: () => ({ lastMs, newsInMs: Math.max(soonMs, Math.ceil(nextAtMs - performance.now())), fault }),
    async close() {
      stop.abort();
      cancel();
      await underway;
    },
  };
}
