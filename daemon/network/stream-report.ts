import type { JetStreamManager } from '@nats-io/jetstream';
import { streamError } from './nats-words.ts';

export interface StreamReport {
  readonly messages: number;
  readonly bytes: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly leader: string | null;
  readonly replicas: readonly { readonly name: string; readonly current: boolean; readonly offline: boolean }[];
  readonly groups: readonly {
    readonly name: string;
    /** Not handed out yet. */
    readonly pending: number;
    /** Handed out, not settled. */
    readonly unsettled: number;
    readonly redelivered: number;
  }[];
}

/** @throws StationError STREAM_MISSING, NETWORK_REFUSED, NETWORK_UNREACHABLE */
export async function readStream(manager: JetStreamManager, name: string): Promise<StreamReport> {
  try {
    const { state, cluster } = await manager.streams.info(name);
    const groups: StreamReport['groups'][number][] = [];
    for await (const { name: group, num_pending, num_ack_pending, num_redelivered } of manager.consumers.list(name))
      groups.push({ name: group, pending: num_pending, unsettled: num_ack_pending, redelivered: num_redelivered });
    return {
      messages: state.messages,
      bytes: state.bytes,
      first: state.messages === 0 ? null : state.first_ts,
      last: state.messages === 0 ? null : state.last_ts,
      leader: cluster?.leader ?? null,
      replicas: (cluster?.replicas ?? []).map(({ name, current, offline = false }) => ({ name, current, offline })),
      groups,
    };
  } catch (cause) {
    throw streamError(name, cause);
  }
}
