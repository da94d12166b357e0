import { parseArgs } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectionOptions, connectNetwork } from '../network/access.ts';
import { removeGroup } from '../network/group.ts';
import { planStream, type StreamChange, type StreamOutcome } from '../network/stream.ts';
import { readStream, type StreamReport } from '../network/stream-report.ts';
import { type Command, UsageError } from './command.ts';
import { networkAccess, networkHelp, networkOptions } from './network-options.ts';
import { readNumber } from './tracking-options.ts';

export const run: Command = {
  name: 'network',
  summary: 'make the stream that stations deliver frames to, and look at it',
  help: `
Usage: downlinkd network init --servers HOST:PORT[,…] [OPTIONS]
       downlinkd network status --servers HOST:PORT[,…] [OPTIONS]
       downlinkd network remove-group NAME --servers HOST:PORT[,…] [OPTIONS]

init makes the stream of frames in NATS JetStream, or changes the one that is there to what is asked for; options that are left
out keep what it has, and what it holds stays, as far as the new limits allow. remove-group forgets a group of collectors that
nobody uses any more. status tells how full the stream is, which servers have it, and of each group of collectors how many frames

  to hand out   no member has got yet
  in work       were handed out to a member, and are not stored yet
  once more     of those were handed out before, to a member that left or did not store them within a minute

Options:
${networkHelp}
  --json                     status as one JSON object

Options of init:
  --replicas N               servers that keep a copy: 1, 3 or 5 (a new stream: 3)
  --max-age-days N|none      older frames are dropped (a new stream: none)
  --max-bytes N|none         the oldest frames are dropped beyond this size (a new stream: none)
  --dedup-window-s N         how long the stream notices a frame that is sent twice by its id alone (a new stream: 7200)
`,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        ...networkOptions,
        json: { type: 'boolean', default: false },
        replicas: { type: 'string' },
        'max-age-days': { type: 'string' },
        'max-bytes': { type: 'string' },
        'dedup-window-s': { type: 'string' },
      },
    });
    const [action, group] = positionals;
    if (action !== 'init' && action !== 'status' && action !== 'remove-group')
      throw new UsageError('network what? One of network init, network status and network remove-group NAME');
    if (action === 'remove-group' ? group === undefined || positionals.length > 2 : positionals.length > 1)
      throw new UsageError(
        action === 'remove-group'
          ? 'say which group: network remove-group NAME'
          : `network ${action} takes no '${group}'`,
      );
    const access = networkAccess(values, 'network');
    const plan = {
      name: values.stream,
      replicas: readReplicas(values.replicas),
      maxAgeDays: readLimit('max-age-days', values['max-age-days'], 0.01, 36_500),
      maxBytes: readLimit('max-bytes', values['max-bytes'], 1e6, 1e15),
      dedupWindowS: readOptional('dedup-window-s', values['dedup-window-s'], 1, 30 * 86_400),
    };
    const connection = await connectNetwork(connectionOptions(access));
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: access.timeoutMs });
      if (action === 'init') io.stdout.write(told(plan.name, await planStream(manager, plan)));
      else if (action === 'remove-group') {
        const left = await removeGroup(manager, values.stream, group!);
        io.stdout.write(`the group ${group} was removed; it had ${left} frame${left === 1 ? '' : 's'} left to store\n`);
      } else {
        const report = await readStream(manager, values.stream);
        io.stdout.write(values.json ? `${JSON.stringify(report)}\n` : asText(values.stream, report));
      }
      return 0;
    } finally {
      await connection.close();
    }
  },
};

function readOptional(option: string, text: string | undefined, lowest: number, highest: number): number | undefined {
  return text === undefined ? undefined : readNumber(option, text, lowest, highest);
}

function readLimit(option: string, text: string | undefined, lowest: number, highest: number) {
  return text === 'none' ? null : readOptional(option, text, lowest, highest);
}

/** An even number of copies survives no more failures than one fewer. */
function readReplicas(text: string | undefined): number | undefined {
  if (text !== undefined && !['1', '3', '5'].includes(text))
    throw new UsageError(`--replicas '${text}' should be 1, 3 or 5`);
  return text === undefined ? undefined : Number(text);
}

function told(name: string, outcome: StreamOutcome): string {
  if (outcome.did === 'made') return `the stream ${name} was made\n`;
  if (outcome.did === 'nothing') return `the stream ${name} is as it should be\n`;
  return `the stream ${name} was changed\n${outcome.changes.map(toldChange).join('')}`;
}

const orNone = (value: unknown): string => (Number(value) > 0 ? String(value) : 'none');
const seconds = (nanoseconds: unknown): number => Number(nanoseconds) / 1e9;

/** By the options, in their units. */
const settingWords: Readonly<Record<string, (value: unknown) => string>> = {
  'max-age-days': (value) => orNone(Number((seconds(value) / 86_400).toFixed(3))),
  'max-bytes': orNone,
  'dedup-window-s': (value) => String(seconds(value)),
};

const optionOf: Readonly<Record<string, string>> = {
  num_replicas: 'replicas',
  max_age: 'max-age-days',
  max_bytes: 'max-bytes',
  duplicate_window: 'dedup-window-s',
};

function toldChange({ key, from, to }: StreamChange): string {
  const option = optionOf[key] ?? key;
  const words = settingWords[option] ?? JSON.stringify;
  return `  ${option}: was ${words(from)}, is ${words(to)} now\n`;
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
