import { parseArgs } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectionOptions, connectNetwork } from '../network/access.ts';
import { planStream, readStream, type StreamOutcome, type StreamReport } from '../network/stream.ts';
import { type Command, UsageError } from './command.ts';
import { networkAccess, networkHelp, networkOptions } from './network-options.ts';
import { readNumber } from './tracking-options.ts';

export const run: Command = {
  name: 'network',
  summary: 'make the stream that stations deliver frames to, and look at it',
  help: `
Usage: downlinkd network init --servers HOST:PORT[,…] [OPTIONS]
       downlinkd network status --servers HOST:PORT[,…] [OPTIONS]

init makes the stream of frames in NATS JetStream, or changes the one that is there to what is asked for; what it holds stays,
as far as the new limits allow. status tells how full it is, and how far each group of collectors is behind.

Options:
${networkHelp}
  --json                     status as one JSON object

Options of init:
  --replicas N               servers that keep a copy: 1, 3 or 5 (default 3)
  --max-age-days N           older frames are dropped (default: none are)
  --max-bytes N              the oldest frames are dropped beyond this size (default: none are)
  --dedup-window-s N         how long the stream notices a frame that is sent twice by its id alone (default 7200)
`,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        ...networkOptions,
        json: { type: 'boolean', default: false },
        replicas: { type: 'string', default: '3' },
        'max-age-days': { type: 'string' },
        'max-bytes': { type: 'string' },
        'dedup-window-s': { type: 'string', default: '7200' },
      },
    });
    const [action] = positionals;
    if (positionals.length !== 1 || (action !== 'init' && action !== 'status'))
      throw new UsageError('network what? Either network init or network status');
    const access = networkAccess(values, 'network');
    const plan = {
      name: values.stream,
      replicas: readNumber('replicas', values.replicas, 1, 5),
      maxAgeDays: optionalNumber('max-age-days', values['max-age-days'], 0.01, 36_500),
      maxBytes: optionalNumber('max-bytes', values['max-bytes'], 1e6, 1e15),
      dedupWindowS: readNumber('dedup-window-s', values['dedup-window-s'], 1, 30 * 86_400),
    };
    if (plan.maxAgeDays !== null && plan.maxAgeDays * 86_400 < plan.dedupWindowS)
      throw new UsageError('--dedup-window-s should not be longer than --max-age-days');
    const connection = await connectNetwork(connectionOptions(access));
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: access.timeoutMs });
      if (action === 'init') io.stdout.write(told(plan.name, await planStream(manager, plan)));
      else {
        const report = await readStream(manager, values.stream);
        io.stdout.write(values.json ? `${JSON.stringify(report)}\n` : asText(values.stream, report));
      }
      return 0;
    } finally {
      await connection.close();
    }
  },
};

function optionalNumber(option: string, text: string | undefined, lowest: number, highest: number): number | null {
  return text === undefined ? null : readNumber(option, text, lowest, highest);
}

function told(name: string, outcome: StreamOutcome): string {
  if (outcome.did === 'made') return `the stream ${name} was made\n`;
  if (outcome.did === 'nothing') return `the stream ${name} is as it should be\n`;
  const lines = outcome.changes.map(
    ({ key, from, to }) => `  ${key}: ${JSON.stringify(from)} is ${JSON.stringify(to)} now\n`,
  );
  return `the stream ${name} was changed\n${lines.join('')}`;
}

function asText(name: string, { messages, bytes, first, last, leader, replicas, groups }: StreamReport): string {
  const when = first === null ? '' : `, from ${first.slice(0, 19)}Z to ${last?.slice(0, 19)}Z`;
  const copies = replicas.map(
    (replica) => `  ${replica.name}: ${replica.offline ? 'away' : replica.current ? 'up to date' : 'behind'}\n`,
  );
  const lines = groups.map(
    (group) =>
      `  group ${group.name}: ${group.pending} frames to hand out, ${group.unsettled} in work, ${group.redelivered} once more\n`,
  );
  return [
    `stream ${name}: ${messages} frames, ${(bytes / 1e6).toFixed(1)} MB${when}\n`,
    ...(leader === null ? [] : [`  ${leader}: leads\n`]),
    ...copies,
    ...lines,
  ].join('');
}
