import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeLog } from '../core/log.ts';
import { startStation } from '../main.ts';
import { loadSettings } from '../settings/settings.ts';
import { type Command, UsageError } from './command.ts';

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
  --data-folder FOLDER  folder of the ledger, instead of the settings'
  --log-level LEVEL     ${logLevels.join(', ')} (default info)
`,
  async run(argv, io) {
    const { values } = parseArgs({
      args: argv,
      options: {
        config: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        'data-folder': { type: 'string' },
        'log-level': { type: 'string', default: 'info' },
      },
    });
    const level = values['log-level'];
    if (!logLevels.includes(level))
      throw new UsageError(`--log-level ${level}: one of ${logLevels.join(', ')} is expected`);
    const settings = loadSettings(values.config);
    const port = values.port === undefined ? settings.api.port : parsePort(values.port);
    const folder = values['data-folder'];
    const station = await startStation(
      {
        ...settings,
        api: { host: values.host ?? settings.api.host, port },
        dataFolder: folder === undefined ? settings.dataFolder : resolve(folder),
      },
      { log: makeLog(level) },
    );
    io.stdout.write(`downlinkd listens on ${station.url}${station.simulated ? ' (SIMULATED)' : ''}\n`);
    if (!io.signal.aborted) await once(io.signal, 'abort');
    await station.stop();
    return 0;
  },
};

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError(`--port ${text}: a number from 0 to 65535 is expected`);
  return port;
}
