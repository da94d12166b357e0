import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { StationError } from '../core/error.ts';
import { allSubjects } from './message.ts';
import { natsWords } from './nats-words.ts';

/** What the stream of frames shall be like. Null: without that limit. */
export interface StreamPlan {
  readonly name: string;
  readonly replicas: number;
  readonly maxAgeDays: number | null;
  readonly maxBytes: number | null;
  /** How long a frame that is sent twice is noticed by its id alone. */
  readonly dedupWindowS: number;
}

export interface StreamChange {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

export type StreamOutcome =
  | { readonly did: 'made' }
  | { readonly did: 'nothing' }
  | { readonly did: 'changed'; readonly changes: readonly StreamChange[] };

/** Frames are a few kilobytes; nobody can fill the disks with a few huge ones. */
const largestMessage = 65_536;
const nanosPerS = 1e9;

function configOf(plan: StreamPlan): Partial<StreamConfig> & { name: string } {
  return {
    name: plan.name,
    subjects: [allSubjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    num_replicas: plan.replicas,
    max_age: plan.maxAgeDays === null ? 0 : plan.maxAgeDays * 86_400 * nanosPerS,
    max_bytes: plan.maxBytes ?? -1,
    max_msg_size: largestMessage,
    duplicate_window: plan.dedupWindowS * nanosPerS,
  };
}

/** Keys that a stream keeps for ever. */
const fixedKeys = ['name', 'storage', 'retention'];

/**
 * Makes the stream, or makes an existing one like the plan; its messages stay, unless a new limit drops them.
 * @throws StationError NETWORK_REFUSED with the servers' words
 */
export async function planStream(manager: JetStreamManager, plan: StreamPlan): Promise<StreamOutcome> {
  const wanted = configOf(plan);
  try {
    const present = await findStream(manager, plan.name);
    if (present === null) {
      await manager.streams.add(wanted);
      return { did: 'made' };
    }
    const changes = Object.entries(wanted)
      .map(([key, to]) => ({ key, from: present[key as keyof StreamConfig] ?? 0, to }))
      .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
    const fixed = changes.find(({ key }) => fixedKeys.includes(key));
    if (fixed !== undefined)
      throw new StationError(
        'NETWORK_REFUSED',
        `the stream ${plan.name} has the ${fixed.key} ${fixed.from}, which can't be changed to ${fixed.to}: choose another name`,
      );
    if (changes.length === 0) return { did: 'nothing' };
    await manager.streams.update(plan.name, { ...present, ...wanted });
    return { did: 'changed', changes };
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    throw new StationError('NETWORK_REFUSED', `the stream ${plan.name} can't be made: ${natsWords(cause).words}`, {
      cause,
    });
  }
}

async function findStream(manager: JetStreamManager, name: string): Promise<StreamConfig | null> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    const { kind } = natsWords(error);
    if (kind === 'missing' && (error as { code?: unknown }).code !== undefined) return null;
    throw error;
  }
}

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

/** What the servers say of a stream that is needed, as an error with a code. */
export function streamError(name: string, cause: unknown): StationError {
  const { kind, words } = natsWords(cause);
  const code = kind === 'missing' ? 'STREAM_MISSING' : kind === 'refused' ? 'NETWORK_REFUSED' : 'NETWORK_UNREACHABLE';
  return new StationError(code, `the stream ${name} can't be used: ${words}`, { cause });
}
