import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, type ConsumerMessages, type JetStreamManager, type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { abortable } from '../core/abortable.ts';
import { backOff } from '../core/back-off.ts';
import { StationError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { whenReachable } from './access.ts';
import { type GroupPlan, needGroup } from './group.ts';
import type { NetworkFrame } from './message.ts';
import { natsWords } from './nats-words.ts';
import { parseMessage } from './parse-message.ts';
import type { ReceptionStore, SweepNotes } from './reception-store.ts';
import { sweep } from './sweep.ts';

export interface MemberDeps {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly group: GroupPlan;
  readonly store: ReceptionStore;
  readonly log: Log;
  /** Aborted: what is here is stored, then it leaves. */
  readonly signal: AbortSignal;
}

/** What a member did. */
export interface MemberCounts {
  receptions: number;
  transmissions: number;
  /** Were there already. */
  known: number;
  /** Never to be handed out again: no frames. */
  bad: number;
  /** The servers had forgotten to hand them out. */
  forgotten: number;
}

/** Frames stored at a time, and asked for at a time: three times as many are here at most, which bounds the memory. */
const batch = 256;
/** How long a lost request for frames may stall a member: the servers give a sign of life twice in this time. */
const requestMs = 5000;
const takeRetryMs = 1000;
const sweepEveryMs = 10_000;
/** A store that is away is tried again after at most this. */
const storeRetry = { firstMs: 250, mostMs: 10_000 };
/** Somebody who publishes garbage shall not fill the log. */
const badLogMs = 1000;

interface Message {
  readonly message: JsMsg;
  readonly frame: NetworkFrame;
}

/**
 * One member of a group of collectors: takes frames, stores them, and only then says so to the servers. What it does not
 * settle, because it ends or the store is away, another member gets, or this one later.
 * @throws StationError STREAM_MISSING, NETWORK_REFUSED; NETWORK_UNREACHABLE when the connection is closed for good; the reason
 * of the signal while the servers are still away
 */
export async function runMember({ connection, manager, group, store, log, signal }: MemberDeps): Promise<MemberCounts> {
  const counts: MemberCounts = { receptions: 0, transmissions: 0, known: 0, bad: 0, forgotten: 0 };
  const wait = backOff(storeRetry, Math.random);
  let away = false;
  let toldBadAt = Number.NEGATIVE_INFINITY;

  function drop(message: JsMsg, problem: string): void {
    message.term();
    counts.bad += 1;
    const now = performance.now();
    if (now - toldBadAt < badLogMs) return;
    toldBadAt = now;
    log.warn(
      { subject: message.subject, seq: message.seq, bad: counts.bad, problem },
      'message dropped: it is no frame',
    );
  }

  async function keep(messages: readonly Message[]): Promise<void> {
    const { receptions, transmissions } = await store.store(messages.map(({ frame }) => frame));
    for (const { message } of messages) message.ack();
    counts.receptions += receptions;
    counts.transmissions += transmissions;
    counts.known += messages.length - receptions;
    wait.reset();
    if (away) log.info('frames are stored again');
    away = false;
  }

  async function settle(taken: readonly JsMsg[]): Promise<void> {
    const messages: Message[] = [];
    for (const message of taken) {
      const frame = parseMessage(message.subject, message.data);
      if ('problem' in frame) drop(message, frame.problem);
      else messages.push({ message, frame });
    }
    if (messages.length > 0) await keepOrReturn(messages);
  }

  async function keepOrReturn(messages: readonly Message[]): Promise<void> {
    try {
      await keep(messages);
    } catch (error) {
      if (!store.isDataError(error)) await giveBack(messages, error as Error);
      else if (messages.length === 1) drop(messages[0]!.message, (error as Error).message);
      // One of them is at fault: each for itself.
      else for (const one of messages) await keepOrReturn([one]);
    }
  }

  async function giveBack(messages: readonly Message[], error: Error): Promise<void> {
    const ms = wait.next();
    for (const { message } of messages) message.nak(signal.aborted ? undefined : ms);
    if (!away) log.warn({ reason: error.message }, 'frames cannot be stored, trying again');
    away = true;
    await sleep(ms, undefined, { signal }).catch(() => {});
  }

  const taken: JsMsg[] = [];
  /** Told when something was taken, when something was settled, and at the end. */
  let changed = Promise.withResolvers<void>();
  let failure: StationError | null = null;
  let ended = false;
  function tell(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }

  async function take(): Promise<void> {
    let told: string | null = null;
    let consumer: Consumer | null = null;
    while (!signal.aborted && failure === null) {
      if (taken.length >= batch) {
        await changed.promise;
        continue;
      }
      let messages: ConsumerMessages | null = null;
      const leave = () => messages?.stop();
      signal.addEventListener('abort', leave);
      try {
        consumer ??= await abortable(jetstream(connection).consumers.get(group.stream, group.name), signal);
        messages = await consumer.fetch({ max_messages: batch, expires: requestMs });
        if (signal.aborted) leave();
        for await (const message of messages) {
          taken.push(message);
          tell();
        }
        if (told !== null) log.info('frames can be taken again');
        told = null;
      } catch (error) {
        if (connection.isClosed()) {
          const reason = await connection.closed();
          const words = reason instanceof Error ? natsWords(reason).words : 'the servers ended it';
          failure = new StationError('NETWORK_UNREACHABLE', `the connection to the network is closed: ${words}`);
          break;
        }
        if (signal.aborted) break;
        const { words } = natsWords(error);
        if (told !== words) log.warn({ reason: words }, 'no frames come, trying again');
        told = words;
        await sleep(takeRetryMs, undefined, { signal }).catch(() => {});
        // The group may be gone: then it is made again, and what the store has already changes nothing.
        await abortable(needGroup(manager, group), signal).catch(() => {});
      } finally {
        signal.removeEventListener('abort', leave);
      }
    }
    ended = true;
    tell();
  }

  async function sweepNowAndThen(notes: SweepNotes): Promise<void> {
    const holder = randomUUID();
    while (!signal.aborted && !ended) {
      await sleep(sweepEveryMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      try {
        const found = await abortable(sweep({ manager, group, store, notes, holder, signal }), signal);
        counts.forgotten += found;
        if (found > 0) log.warn({ frames: found }, 'the servers had not handed out frames, they are stored now');
      } catch (error) {
        if (signal.aborted) break;
        // Servers or database are away, which others tell: next time.
        log.debug({ reason: (error as Error).message }, 'sweep not finished');
      }
    }
  }

  await whenReachable(() => needGroup(manager, group), log, signal);
  const taking = take();
  const sweeping = store.sweep === undefined ? null : sweepNowAndThen(store.sweep);
  for (;;) {
    // Whatever is here goes together; nothing waits for more to come.
    if (taken.length > 0) await settle(taken.splice(0, batch));
    else if (ended) break;
    else await changed.promise;
    tell();
  }
  await taking;
  await sweeping;
  if (failure !== null) throw failure;
  return counts;
}

/** The library mends a lost connection by itself, and frames just wait: one line when it is lost, one when it is back. */
export async function tellOutages(connection: NatsConnection, log: Log): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect') log.warn('the connection to the NATS servers was lost, trying again');
    if (type === 'reconnect') log.info('the connection to the NATS servers is back');
  }
}
