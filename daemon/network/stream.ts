import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { StationError } from '../core/error.ts';
import { allSubjects } from './message.ts';
import { isOverlap, natsWords, oneCopyOnly } from './nats-words.ts';

/** What the stream of frames shall be like. Null: without that limit; left out: as it is, of a new one as usual. */
export interface StreamPlan {
  readonly name: string;
  readonly replicas?: number | undefined;
  readonly maxAgeDays?: number | null | undefined;
  readonly maxBytes?: number | null | undefined;
  /** How long a frame that is sent twice is noticed by its id alone. */
  readonly dedupWindowS?: number | undefined;
}

/** Of a new stream. */
const usual = { replicas: 3, maxAgeDays: null, maxBytes: null, dedupWindowS: 7200 } as const;

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

type WantedConfig = Partial<StreamConfig> & { name: string };

function configOf({ name, replicas, maxAgeDays, maxBytes, dedupWindowS }: StreamPlan): WantedConfig {
  return {
    name,
    subjects: [allSubjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_msg_size: largestMessage,
    ...(replicas !== undefined && { num_replicas: replicas }),
    ...(maxAgeDays !== undefined && { max_age: maxAgeDays === null ? 0 : maxAgeDays * 86_400 * nanosPerS }),
    ...(maxBytes !== undefined && { max_bytes: maxBytes ?? -1 }),
    ...(dedupWindowS !== undefined && { duplicate_window: dedupWindowS * nanosPerS }),
  };
}

/** Keys that a stream keeps for ever. */
const fixedKeys = ['name', 'storage', 'retention'];

/**
 * Makes the stream, or makes an existing one like the plan; its messages stay, unless a new limit drops them.
 * @throws StationError NETWORK_REFUSED with the servers' words, SETTINGS_INVALID
 */
export async function planStream(manager: JetStreamManager, plan: StreamPlan): Promise<StreamOutcome> {
  try {
    const present = await findStream(manager, plan.name);
    if (present === null) {
      const wanted = configOf({ ...usual, ...given(plan) });
      checkWindow(wanted);
      await manager.streams.add(wanted);
      return { did: 'made' };
    }
    const { config, cluster } = present;
    const wanted = configOf(plan);
    const changes = Object.entries(wanted)
      .map(([key, to]) => ({ key, from: config[key as keyof StreamConfig] ?? 0, to }))
      .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
    const fixed = changes.find(({ key }) => fixedKeys.includes(key));
    if (fixed !== undefined)
      throw new StationError(
        'NETWORK_REFUSED',
        `the stream ${plan.name} has the ${fixed.key} ${fixed.from}, which can't be changed to ${fixed.to}: choose another name`,
      );
    if (changes.length === 0) return { did: 'nothing' };
    const next = { ...config, ...wanted };
    checkWindow(next);
    // A server without a cluster takes such a change, and then keeps one copy nevertheless.
    if (next.num_replicas > 1 && cluster?.name === undefined)
      throw new StationError('NETWORK_REFUSED', `the stream ${plan.name} can't be changed so: ${oneCopyOnly}`);
    await manager.streams.update(plan.name, next);
    return { did: 'changed', changes };
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    const words = (await overlapWords(manager, plan.name, cause)) ?? natsWords(cause).words;
    throw new StationError('NETWORK_REFUSED', `the stream ${plan.name} can't be made or changed: ${words}`, { cause });
  }
}

/** What is undefined would hide what is usual. */
function given(plan: StreamPlan): StreamPlan {
  return Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) as unknown as StreamPlan;
}

function checkWindow({ max_age = 0, duplicate_window = 0 }: Partial<StreamConfig>): void {
  if (max_age === 0 || duplicate_window <= max_age) return;
  const [windowS, ageS] = [duplicate_window / nanosPerS, max_age / nanosPerS];
  throw new StationError(
    'SETTINGS_INVALID',
    `frames stay for ${ageS} s, which is shorter than the ${windowS} s in which one that is sent twice is noticed: raise --max-age-days or lower --dedup-window-s`,
  );
}

/** Two streams of frames can't be: which one is there, and what to do. Null: it is something else. */
async function overlapWords(manager: JetStreamManager, name: string, error: unknown): Promise<string | null> {
  if (!isOverlap(error)) return null;
  const other = await manager.streams.find(allSubjects).catch(() => null);
  if (other === null) return null;
  return (
    `the stream ${other} takes the frames already, and there can be one only. Leave out --stream ${name}, or say --stream ${other}, ` +
    `to use it; another group of collectors (collect --group) gets all frames of it again`
  );
}

async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    const { kind } = natsWords(error);
    if (kind === 'missing' && (error as { code?: unknown }).code !== undefined) return null;
    throw error;
  }
}
