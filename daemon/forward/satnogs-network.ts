import { join } from 'node:path';
import type { StoredFrame } from '../api/wire.ts';
import { systemTimers } from '../core/clock.ts';
import { StationError } from '../core/error.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { askServer, serverUrl } from './http.ts';
import { collectorLater, outcomeOf } from './http-outcome.ts';
import { looksLikePage, pageInstead } from './http-words.ts';
import { type Job, openJobBook } from './satnogs-jobs.ts';
import { pollJobs } from './satnogs-poll.ts';
import { readSecret } from './secret.ts';

export const usualNetwork = 'https://network.satnogs.org';
const usualTimeoutS = 30;
/** 404: the observation was deleted. */
const refusals = [400, 404, 410, 413, 422];
/** Clocks of stations differ by less; what is further in the future was stamped by a wrong clock. */
const futureMs = 60_000;

/**
 * Uploads frames to the observations that SatNOGS Network planned on this station. It asks for them every minute, which tells
 * the network that the station is there; it does not make the station receive them.
 * @throws StationError SETTINGS_INVALID without a token
 */
export async function satnogsNetwork(
  settings: CollectorSettingsOf<'satnogs-network'>,
  context: CollectorContext,
): Promise<Collector> {
  const base = serverUrl(settings.url ?? usualNetwork, settings.id);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const token = readSecret({ value: settings.token, file: settings.tokenFile }, settings.id, 'token');
  if (token === null)
    throw new StationError(
      'SETTINGS_INVALID',
      `collector ${settings.id}: SatNOGS Network needs a token; set token or token_file`,
    );
  const server = {
    base,
    headers: { authorization: `Token ${token}`, accept: 'application/json' },
    timeoutMs: 1000 * (settings.timeoutS ?? usualTimeoutS),
    userAgent: context.software,
  };
  const book = await openJobBook(join(context.dataFolder, 'collectors', settings.id, 'jobs.json'), context.log);
  const poll = pollJobs(server, settings, book, { ...context, timers: systemTimers });

  async function settle(frame: StoredFrame, signal: AbortSignal): Promise<Outcome> {
    if (frame.norad === null)
      return { kind: 'refused', reason: 'its satellite has no catalogue number, by which the network knows it' };
    if (frame.time === null) return { kind: 'refused', reason: 'the time of its reception is not known' };
    const timeMs = Date.parse(frame.time);
    const job = book.covering(frame.norad, timeMs);
    return job === null ? withoutJob(timeMs) : upload(frame, job, signal);
  }

  function withoutJob(timeMs: number): Outcome {
    const now = context.now();
    if (timeMs > now + futureMs)
      return { kind: 'later', scope: 'frame', reason: 'its time is in the future; was the clock wrong?' };
    const { lastMs, newsInMs, fault } = poll.state();
    // A poll by a clock that was set back since says nothing.
    if (lastMs !== null && lastMs > timeMs && lastMs <= now + futureMs)
      return { kind: 'refused', reason: 'no observation of the network covers it' };
    const reason = fault ?? 'the network is to be asked first which observations there are';
    return { ...collectorLater(reason), retryAfterMs: newsInMs };
  }

  async function upload(frame: StoredFrame, job: Job, signal: AbortSignal): Promise<Outcome> {
    const form = new FormData();
    form.set('client_version', context.software);
    form.set('demoddata', new Blob([Buffer.from(frame.frame, 'hex')]), fileName(frame, job));
    const url = new URL(`api/observations/${job.id}/`, base);
    const encoded = new Response(form);
    const answer = await askServer({
      ...server,
      method: 'PUT',
      url,
      headers: { ...server.headers, 'content-type': encoded.headers.get('content-type')! },
      body: new Uint8Array(await encoded.arrayBuffer()),
      signal,
    });
    // It was there already, but its answer was lost.
    if (answer.kind === 'answer' && answer.status === 403 && /already been uploaded/i.test(answer.text))
      return { kind: 'accepted' };
    const outcome = outcomeOf(answer, refusals, context.now());
    if (outcome.kind === 'accepted' && answer.kind === 'answer' && looksLikePage(answer.text))
      return collectorLater(pageInstead);
    if (outcome.kind === 'refused') return { kind: 'refused', reason: `observation ${job.id}: ${outcome.reason}` };
    return outcome;
  }

  return {
    batch: 1,
    async deliver(frames, signal) {
      return [await settle(frames[0]!, signal)];
    },
    close: () => poll.close(),
  };
}

/**
 * The network takes the time of a frame from the third part of its file's name, and knows files by their names: a number follows
 * that tells frames of the same second apart, as gr-satnogs does, and is the same when a frame is sent once more.
 */
function fileName(frame: StoredFrame, job: Job): string {
  const second = new Date(frame.time!).toISOString().slice(0, 19).replaceAll(':', '-');
  return `data_${job.id}_${second}_${frame.seq}`;
}
