import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { StoredFrame } from '../api/wire.ts';
import { connectionOptions, connectNetwork } from '../network/access.ts';
import { headerNames, type NetworkFrame, stationToken, subjectOf } from '../network/message.ts';
import { natsWords } from '../network/nats-words.ts';
import type { CollectorSettingsOf } from '../settings/settings.ts';
import type { Collector, CollectorContext, Outcome } from './collector.ts';
import { receiverJson } from './frame-json.ts';

/** Messages under way at once: what one answer each way costs is spread over them. */
const batch = 256;
const usualTimeoutS = 30;
/** Messages of this station looked at, for what it may have sent without hearing so; three batches can be under way. */
const mostLookedAt = 8 * batch;

type Answer = { readonly streamSeq: number } | { readonly error: unknown };

interface Link {
  readonly connection: NatsConnection;
  readonly stream: JetStreamClient;
  readonly manager: JetStreamManager;
}

/**
 * Frames into a JetStream stream. The stream drops what it has already by its id, for as long as its window goes; `delivered`
 * looks into the stream itself, which also helps after a week.
 * @throws StationError SETTINGS_INVALID for a file that can't be read
 */
export async function natsCollector(
  settings: CollectorSettingsOf<'nats'>,
  context: CollectorContext,
): Promise<Collector> {
  const { stream: streamName = 'FRAMES', timeoutS = usualTimeoutS } = settings;
  const timeoutMs = timeoutS * 1000;
  const station = receiverJson(context);
  const ownSubjects = `frames.*.${stationToken(station)}`;
  const options = connectionOptions({ ...settings, name: `${context.software} ${stationToken(station)}`, timeoutMs });
  let link: Promise<Link> | null = null;
  /** Told when the connection is lost: the answers that they wait for will not come. */
  const waiting = new Set<(error: Error) => void>();
  let away: string | null = null;
  /** No frame that is not settled lies in the stream at this number or before. */
  let behind = 0;
  let mayLook = true;
  let established = false;

  async function open(): Promise<Link> {
    const connection = await connectNetwork(options);
    established = true;
    void watch(connection);
    return {
      connection,
      stream: jetstream(connection, { timeout: timeoutMs }),
      manager: await jetstreamManager(connection, { checkAPI: false, timeout: timeoutMs }),
    };
  }

  async function watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        away = `the connection to ${status.server} was lost`;
        for (const giveUp of waiting) giveUp(new Error(away));
      } else if (status.type === 'reconnect') away = null;
    }
    // Closed for good, such as by credentials that are no longer accepted: the next delivery begins anew.
    away = null;
    link = null;
  }

  async function connected(): Promise<Link> {
    if (away !== null) throw new Error(away);
    link ??= open();
    try {
      return await link;
    } catch (error) {
      link = null;
      throw error;
    }
  }

  async function publish({ stream }: Link, frame: StoredFrame): Promise<Answer> {
    const message: NetworkFrame = { ...frame, station, ledger: context.ledgerId };
    const head = headers();
    head.set(headerNames.ledger, context.ledgerId);
    head.set(headerNames.seq, String(frame.seq));
    head.set(headerNames.behind, String(behind));
    try {
      const { seq } = await stream.publish(subjectOf(frame.norad, station), JSON.stringify(message), {
        msgID: frame.id,
        headers: head,
        expect: { streamName },
        timeout: timeoutMs,
      });
      return seq > 0 ? { streamSeq: seq } : { error: new Error('the server does not say where it stored the frame') };
    } catch (error) {
      return { error };
    }
  }

  return {
    batch,

    async deliver(frames, signal) {
      const to = await connected();
      const givenUp = Promise.withResolvers<Answer>();
      const giveUp = (error: Error) => givenUp.resolve({ error });
      const stop = () => giveUp(new Error('the station stops'));
      waiting.add(giveUp);
      signal.addEventListener('abort', stop);
      const answers = await Promise.all(frames.map((frame) => Promise.race([publish(to, frame), givenUp.promise])));
      signal.removeEventListener('abort', stop);
      waiting.delete(giveUp);
      const outcomes = inOrder(answers);
      // All settled: what comes after lies behind the last of these. Otherwise some of them may be sent once more.
      if (outcomes.every(({ kind }) => kind !== 'later'))
        behind = answers.reduce((most, answer) => Math.max(most, 'error' in answer ? 0 : answer.streamSeq), behind);
      return outcomes;
    },

    async delivered(frames, signal) {
      const { manager } = await connected();
      const asked = new Set(frames.map(({ id }) => id));
      const found = new Set<string>();
      if (!mayLook) return found;
      try {
        const last = await manager.streams.getMessage(streamName, { last_by_subj: ownSubjects });
        const start = Number(last?.header.get(headerNames.behind));
        if (last === null || last.header.get(headerNames.ledger) !== context.ledgerId || !(start >= 0)) return found;
        behind = Math.max(behind, start);
        let next = start + 1;
        for (let looked = 0; next <= last.seq && looked < mostLookedAt && !signal.aborted; looked++) {
          // The next of these subjects from that number on; the library's types don't know of it.
          const query = { seq: next, next_by_subj: ownSubjects };
          const message = await manager.streams.getMessage(streamName, query);
          if (message === null) break;
          const id = message.header.get('Nats-Msg-Id');
          if (asked.has(id)) found.add(id);
          next = message.seq + 1;
        }
        return found;
      } catch (error) {
        const { kind, words } = natsWords(error);
        if (kind !== 'refused') throw new Error(words, { cause: error });
        context.log.warn(
          { collector: context.id },
          `frames sent twice are noticed only within the stream's duplicate window: ${words}`,
        );
        mayLook = false;
        return found;
      }
    },

    async close() {
      // One that is still being made is not waited for.
      const closing = link?.then(({ connection }) => connection.close()).catch(() => {});
      if (established) await closing;
    },
  };
}

/** Nothing overtakes: behind the first that has to wait, all wait. Those that are stored are found by `delivered`. */
function inOrder(answers: readonly Answer[]): Outcome[] {
  let waiting: Outcome | null = null;
  return answers.map((answer) => {
    if (waiting !== null) return waiting;
    if (!('error' in answer)) return { kind: 'accepted' };
    const { kind, words } = natsWords(answer.error);
    if (kind === 'message') return { kind: 'refused', reason: words };
    waiting = { kind: 'later', scope: 'collector', reason: words };
    return waiting;
  });
}
