import { AckPolicy, DeliverPolicy, type JetStreamManager } from '@nats-io/jetstream';
import { StationError } from '../core/error.ts';
import { allSubjects } from './message.ts';
import { natsWords, streamError } from './nats-words.ts';

export interface GroupPlan {
  readonly stream: string;
  readonly name: string;
  /** Handed out again to any member when it is not settled by then. */
  readonly ackWaitMs: number;
  /** Most frames in work, of all members together. */
  readonly mostInWork: number;
}

/**
 * The durable consumer whose members share the frames of the stream; it is made, from the oldest frame on, when there is none.
 * @throws StationError STREAM_MISSING, NETWORK_REFUSED, NETWORK_UNREACHABLE
 */
export async function needGroup(manager: JetStreamManager, plan: GroupPlan): Promise<void> {
  try {
    if (await hasGroup(manager, plan)) return;
    // Two members that do so at once ask for the same, which the servers take as one.
    await manager.consumers.add(plan.stream, {
      durable_name: plan.name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      filter_subject: allSubjects,
      ack_wait: plan.ackWaitMs * 1e6,
      max_ack_pending: plan.mostInWork,
      max_deliver: -1,
    });
  } catch (cause) {
    throw streamError(plan.stream, cause);
  }
}

/**
 * Forgets a group that nobody uses any more.
 * @returns how many frames it had not stored
 * @throws StationError NETWORK_REFUSED also when members ask for frames, STREAM_MISSING, NETWORK_UNREACHABLE
 */
export async function removeGroup(manager: JetStreamManager, stream: string, name: string): Promise<number> {
  try {
    const { num_waiting, num_pending, num_ack_pending } = await manager.consumers.info(stream, name);
    if (num_waiting > 0)
      throw new StationError('NETWORK_REFUSED', `the group ${name} is in use: stop its collectors first`);
    await manager.consumers.delete(stream, name);
    return num_pending + num_ack_pending;
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    if (natsWords(cause).kind === 'no-group')
      throw new StationError('NETWORK_REFUSED', `there is no group ${name}: 'downlinkd network status' lists them`);
    throw streamError(stream, cause);
  }
}

async function hasGroup(manager: JetStreamManager, { stream, name }: GroupPlan): Promise<boolean> {
  try {
    await manager.consumers.info(stream, name);
    return true;
  } catch (error) {
    if (natsWords(error).kind === 'no-group') return false;
    throw error;
  }
}
