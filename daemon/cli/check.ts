import { parseArgs } from 'node:util';
import { checkStation } from '../check/check-station.ts';
import { type Command, UsageError } from './command.ts';

const help = `
Checks the configuration and looks whether the receivers, the disk and the clock are fit for a pass. Starts nothing.

Usage: downlinkd check [--config FILE] [--json]

  --config FILE  instead of config/station.yaml
  --json         an array of { check, state, message }; state is ok, warning or failed

Exit code 0: nothing failed; 1: something did.
`;

export const run: Command = {
  name: 'check',
  summary: 'check the configuration, the receivers, the disk and the clock',
  help,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { config: { type: 'string' }, json: { type: 'boolean' } },
    });
    if (positionals.length > 0)
      throw new UsageError(`check takes no '${positionals[0]}'; a configuration goes behind --config`);
    const findings = await checkStation(values.config);
    if (values.json) io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
    else
      for (const { check, state, message } of findings) io.stdout.write(`${state.padEnd(7)}  ${check}: ${message}\n`);
    return findings.some((finding) => finding.state === 'failed') ? 1 : 0;
  },
};
