import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Log, makeLog } from '../core/log.ts';
import { connectionOptions, connectNetwork, type NetworkAccess, whenReachable } from '../network/access.ts';
import type { GroupPlan } from '../network/group.ts';
import { runMember, tellOutages } from '../network/member.ts';
import type { ReceptionStore } from '../network/reception-store.ts';
import { type Command, UsageError } from './command.ts';
import { networkAccess, networkHelp, networkOptions } from './network-options.ts';
import { readNumber } from './tracking-options.ts';

/** Servers that are away don't keep it from leaving. */
const drainMs = 3000;
const closeMs = 1000;

export const run: Command = {
  name: 'collect',
  summary: 'collect the frames of a network of stations into a database',
  help: `
Usage: downlinkd collect --servers HOST:PORT[,…] (--postgres URL | --output FILE) [OPTIONS]

Takes the frames that stations deliver (a collector of the type nats) out of the stream, and stores them, until SIGINT or
SIGTERM. Servers or a database that are away are waited for. Any number of them with the same --group share the work; another group gets all frames again.

PostgreSQL gets the tables transmissions and receptions. The same bytes of the same satellite, heard by several stations
within --merge-within-s of the first, are one transmission with several receptions. A frame that is handed out twice changes nothing.
A file gets one JSON line a reception, in no order, seldom twice (its id tells); each member needs a file of its own.

Options:
  --postgres URL             such as postgres://downlinkd@db.example.org/frames; PGPASSWORD, ~/.pgpass and their like work
  --output FILE              JSON lines, appended
  --group NAME               who shares the work (default collectors)
  --merge-within-s S         (default 2)
${networkHelp}

The log goes to standard error, JSON lines.
`,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        ...networkOptions,
        postgres: { type: 'string' },
        output: { type: 'string' },
        group: { type: 'string', default: 'collectors' },
        'merge-within-s': { type: 'string', default: '2' },
      },
    });
    if (positionals.length > 0) throw new UsageError(`collect takes no '${positionals[0]}'`);
    const { postgres, output, group } = values;
    if ((postgres === undefined) === (output === undefined))
      throw new UsageError('say where frames go: either --postgres URL or --output FILE');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(group))
      throw new UsageError(`--group '${group}' should be letters, digits and dashes`);
    const mergeWithinMs = readNumber('merge-within-s', values['merge-within-s'], 0, 3600) * 1000;
    const access = networkAccess(values, 'collect');
    const log = makeLog('info');
    const plan = { stream: values.stream, name: group, ackWaitMs: 60_000, mostInWork: 5000 };
    const store = await openStore();
    try {
      await collectUntilAborted(access, plan, store, log, io.signal);
    } finally {
      await settledWithin(closeMs, store.close());
    }
    return 0;

    async function openStore(): Promise<ReceptionStore> {
      if (output !== undefined) return (await import('../network/jsonl-store.ts')).jsonlStore(output);
      const { postgresStore } = await import('../network/postgres-store.ts');
      return postgresStore({
        url: postgres!,
        mergeWithinMs,
        onLost: (error) => log.warn({ reason: error.message }, 'the connection to the database was lost'),
        onBack: () => log.info('the database works again'),
      });
    }
  },
};

/** Servers that are away are waited for; ones that don't let it in end it. */
async function collectUntilAborted(
  access: NetworkAccess,
  group: GroupPlan,
  store: ReceptionStore,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let connection: NatsConnection | null = null;
  try {
    const options = connectionOptions(access);
    connection = await whenReachable(() => connectNetwork(options, signal), log, signal);
    void tellOutages(connection, log);
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: access.timeoutMs });
    log.info({ stream: group.stream, group: group.name }, 'collecting');
    const counts = await runMember({ connection, manager, group, store, log, signal });
    log.info(counts, 'left');
  } catch (error) {
    if (!signal.aborted) throw error;
    log.info('left');
  } finally {
    if (connection !== null) {
      // What was said about the last frames goes out first.
      await settledWithin(drainMs, connection.drain());
      await settledWithin(closeMs, connection.close());
    }
  }
}

async function settledWithin(ms: number, work: Promise<void>): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: waiting.signal })]).catch(() => {});
  waiting.abort();
}
