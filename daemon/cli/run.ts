import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Log, makeLog } from '../core/log.ts';
import { makeLogRing } from '../core/log-ring.ts';
import { makeVirtualClock, type VirtualClock } from '../core/virtual-clock.ts';
import { startStation } from '../main.ts';
import { checkPlayedDay } from '../played-day.ts';
import { makePlayedFolder } from '../played-folder.ts';
import { loadSettings, type Settings } from '../settings/settings.ts';
import { type Command, UsageError } from './command.ts';
import { type KeptStation, keepStation } from './kept-station.ts';
import { readHours, readInstant, readNumber } from './tracking-options.ts';

const MOST_HOURS = 100_000;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export const run: Command = {
  name: 'run',
  summary: 'run the station: receive, store and serve frames',
  help: `
Usage: downlinkd run [OPTIONS]

Runs the station that config/station.yaml describes (without one: the simulated station of
config/station.example.yaml) until SIGINT or SIGTERM. The log goes to standard error, JSON lines.

Options:
  --config FILE         settings to use
  --host ADDRESS        address to listen on, instead of the settings' (default 127.0.0.1)
  --port PORT           port to listen on, 0 takes a free one (default 8480)
  --kiss-port PORT      port of the KISS server, 0: none (default 8100; none with --port 0)
  --data-folder FOLDER  folder of the ledger, instead of the settings'
  --at ISO              plays from that time on, with simulated SDRs and rotators only, in the folder
                        played of the data folder, made anew, unless --data-folder tells another
  --speed N             so many times as fast as real time (default 1; max: as fast as it goes)
  --hours N             ends after so many hours of that time
  --log-level LEVEL     ${logLevels.join(', ')} (default info)
`,
  async run(argv, io) {
    const { values } = parseArgs({
      args: argv,
      options: {
        config: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        'kiss-port': { type: 'string' },
        'data-folder': { type: 'string' },
        at: { type: 'string' },
        speed: { type: 'string' },
        hours: { type: 'string' },
        'log-level': { type: 'string', default: 'info' },
      },
    });
    const level = values['log-level'];
    if (!logLevels.includes(level))
      throw new UsageError(`--log-level ${level}: one of ${logLevels.join(', ')} is expected`);
    const settings = loadSettings(values.config);
    const folder = values['data-folder'];
    const virtual = virtualTime(values);
    const announce = ({ url, simulated }: Pick<KeptStation, 'url' | 'simulated'>) =>
      io.stdout.write(`downlinkd listens on ${url}${simulated ? ' (SIMULATED)' : ''}\n`);
    const ring = makeLogRing();
    const log = makeLog(level, virtual?.clock, ring);
    const asTold = (read: Settings): Settings => ({
      ...read,
      api: {
        host: values.host ?? read.api.host,
        port: values.port === undefined ? read.api.port : parsePort('port', values.port),
      },
      dataFolder: folder !== undefined ? resolve(folder) : read.dataFolder,
      kiss: kissSettings(read, values),
    });
    if (virtual) {
      await checkPlayedDay(asTold(settings));
      const played = folder === undefined ? { dataFolder: playedFolder(settings, log) } : {};
      const station = await startStation(
        { ...asTold(settings), ...played },
        { log, clock: virtual.clock, virtual: true, logRing: ring },
      );
      announce(station);
      await virtual.clock.play(virtual.untilMs, io.signal);
      await station.stop();
      return 0;
    }
    const station = await keepStation(asTold(settings), {
      log,
      load: (file) => asTold(loadSettings(file)),
      start: (read, restarter) => startStation(read, { log, logRing: ring, restarter }),
    });
    announce(station);
    if (!io.signal.aborted) await Promise.race([once(io.signal, 'abort'), station.failed]);
    await station.stop();
    return 0;
  },
};

function playedFolder({ dataFolder }: Settings, log: Log): string {
  const { folder, copied } = makePlayedFolder(dataFolder);
  log.info({ folder, copied }, "a played day: its data folder is made anew, with copies from the station's");
  return folder;
}

function virtualTime(values: {
  at?: string | undefined;
  speed?: string | undefined;
  hours?: string | undefined;
}): { clock: VirtualClock; untilMs: number } | null {
  const { at, speed = '1', hours } = values;
  if (at === undefined) {
    if (values.speed !== undefined || hours !== undefined) throw new UsageError('--speed and --hours need --at');
    return null;
  }
  const startMs = readInstant('at', at);
  const factor = speed === 'max' ? Number.POSITIVE_INFINITY : readNumber('speed', speed, 0.01, 1e6);
  const untilMs = hours === undefined ? 8.64e15 : startMs + readHours(hours, MOST_HOURS) * 3_600_000;
  return { clock: makeVirtualClock(startMs, factor), untilMs };
}

function kissSettings(
  { kiss }: Settings,
  values: { port?: string | undefined; 'kiss-port'?: string | undefined },
): Settings['kiss'] {
  const text = values['kiss-port'] ?? (Number(values.port) === 0 ? '0' : undefined);
  if (text === undefined) return kiss;
  const port = parsePort('kiss-port', text);
  return port === 0 ? null : { host: null, timestamps: false, ...kiss, port };
}

function parsePort(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new UsageError(`--${name} ${text}: a number from 0 to 65535 is expected`);
  return port;
}
