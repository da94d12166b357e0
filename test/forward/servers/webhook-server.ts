import { createHmac } from 'node:crypto';
import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { faultyServer, type Reply } from './faulty-server.ts';

interface Batch {
  readonly station: unknown;
  readonly ledger: string;
  readonly frames: readonly StoredFrame[];
}

/** A receiver that checks the signature; `judge` answers for a batch that it then does not take by itself. */
export async function webhookServer(options: {
  readonly secret: string;
  readonly judge?: (frames: readonly StoredFrame[]) => Reply | null;
}) {
  const taken: StoredFrame[] = [];
  const batches: Batch[] = [];
  const server = await faultyServer(({ method, headers, body }): Reply => {
    if (method !== 'POST' || headers['content-type'] !== 'application/json') return { status: 415 };
    const hmac = createHmac('sha256', options.secret);
    hmac.update(String(headers['x-downlinkd-timestamp']));
    hmac.update('.');
    hmac.update(body);
    if (headers['x-downlinkd-signature'] !== `sha256=${hmac.digest('hex')}`)
      return { status: 401, body: 'wrong signature' };
    const batch = JSON.parse(body.toString()) as Batch;
    batches.push(batch);
    const judgement = options.judge?.(batch.frames) ?? null;
    if (judgement !== null) return judgement;
    taken.push(...batch.frames);
    return { status: 200 };
  });
  return Object.assign(server, { taken, batches });
}
