import { createHash, createHmac } from 'node:crypto';
import type { StoredFrame } from '../api/wire.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext } from './collector.ts';
import { receiverJson } from './frame-json.ts';
import { askServer, type HttpAnswer, serverUrl } from './http.ts';
import { collectorLater, outcomeOf } from './http-outcome.ts';
import { readSecret } from './secret.ts';
import { webhookResults } from './webhook-results.ts';

const usualTimeoutS = 30;
const usualBatch = 100;

/** Said of a batch these may mean one frame of it: it is cut in half until one frame is left, and that one is refused. */
const refusals = [400, 413, 422];
/** Results of a frame: its id, a status and 300 characters at most of why. */
const mostResultBytes = 1024;

/**
 * Posts batches of frames as JSON, signed: `X-Downlinkd-Signature: sha256=HMAC(secret, timestamp.body)`. The receiver answers
 * for the whole batch by its status, or with `{ results }` for each frame. What it may get twice has the same `Idempotency-Key`.
 * @throws StationError SETTINGS_INVALID for a secret that can't be read
 */
export function webhook(settings: CollectorSettingsOf<'webhook'>, context: CollectorContext): Collector {
  const url = serverUrl(settings.url, settings.id);
  const secret = readSecret({ value: settings.secret, file: settings.secretFile }, settings.id, 'secret');
  const envelope = { station: receiverJson(context), ledger: context.ledgerId };
  const batch = settings.batch ?? usualBatch;
  /** Most frames that the receiver took at once of late. */
  let limit = batch;

  function post(frames: readonly StoredFrame[], signal: AbortSignal): Promise<HttpAnswer> {
    const body = JSON.stringify({ ...envelope, frames });
    const timestamp = String(Math.floor(context.now() / 1000));
    return askServer({
      method: 'POST',
      url,
      body,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': createHash('sha256')
          .update(`${frames[0]!.id}\n${frames.at(-1)!.id}`)
          .digest('hex'),
        'x-downlinkd-timestamp': timestamp,
        ...(secret !== null && { 'x-downlinkd-signature': `sha256=${signature(secret, timestamp, body)}` }),
      },
      timeoutMs: 1000 * (settings.timeoutS ?? usualTimeoutS),
      mostBytes: 64 * 1024 + mostResultBytes * frames.length,
      userAgent: context.software,
      signal,
    });
  }

  return {
    batch,
    async deliver(frames, signal) {
      for (;;) {
        const size = Math.min(limit, frames.length);
        const sent = frames.slice(0, size);
        const answer = await post(sent, signal);
        const outcome = outcomeOf(answer, refusals, context.now());
        const perhapsOne = outcome.kind === 'refused' || (outcome.kind === 'later' && outcome.scope === 'frame');
        if (perhapsOne && size > 1) {
          limit = Math.floor(size / 2);
          continue;
        }
        // One frame settled, whichever way: the ones behind it may go well in larger batches again.
        if (outcome.kind !== 'later') limit = Math.min(batch, Math.max(limit, 2 * size));
        if (outcome.kind !== 'accepted' || answer.kind !== 'answer') return sent.map(() => outcome);
        const results = webhookResults(answer.text, sent);
        return typeof results === 'string' ? sent.map(() => collectorLater(results)) : results;
      }
    },
    async close() {},
  };
}

function signature(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
