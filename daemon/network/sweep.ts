import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { GroupPlan } from './group.ts';
import type { NetworkFrame } from './message.ts';
import { parseMessage } from './parse-message.ts';
import type { ReceptionStore, SweepNotes } from './reception-store.ts';

/** Messages looked at at once. */
const batch = 256;

export interface SweepDeps {
  readonly manager: JetStreamManager;
  readonly group: GroupPlan;
  readonly store: ReceptionStore;
  readonly notes: SweepNotes;
  /** Names this member. */
  readonly holder: string;
  readonly signal: AbortSignal;
}

/**
 * Goes over what the servers count as settled, and stores what is not there. Servers may forget a message: of nats-server
 * 2.9.10 a group of three replicas passed over two of 50 000 while servers were killed, although the stream has them.
 * One member sweeps at a time.
 * @returns how many frames had been forgotten
 */
export async function sweep({ manager, group, store, notes, holder, signal }: SweepDeps): Promise<number> {
  const [{ created }, { ack_floor: settled }] = await Promise.all([
    manager.streams.info(group.stream),
    manager.consumers.info(group.stream, group.name),
  ]);
  // A stream that was made anew counts from 1 again.
  const name = `${group.stream} ${created}`;
  let found = 0;
  while (!signal.aborted) {
    const reached = await notes.lease(name, holder);
    if (reached === null || reached >= settled.stream_seq) break;
    const last = Math.min(reached + batch, settled.stream_seq);
    const numbers = Array.from({ length: last - reached }, (_, i) => reached + 1 + i);
    const messages = await Promise.all(numbers.map((seq) => manager.streams.getMessage(group.stream, { seq })));
    const frames = messages.filter((message) => message !== null).flatMap(frameIn);
    const stored = await notes.stored(frames.map(({ id }) => id));
    const forgotten = frames.filter(({ id }) => !stored.has(id));
    for (const frame of forgotten) found += await storeOne(store, frame);
    await notes.reach(name, holder, last);
  }
  return found;
}

/** Garbage was dropped and told when it was handed out. */
function frameIn({ subject, data }: StoredMsg): NetworkFrame[] {
  const frame = parseMessage(subject, data);
  return 'problem' in frame ? [] : [frame];
}

async function storeOne(store: ReceptionStore, frame: NetworkFrame): Promise<number> {
  try {
    return (await store.store([frame])).receptions;
  } catch (error) {
    if (store.isDataError(error)) return 0;
    throw error;
  }
}
