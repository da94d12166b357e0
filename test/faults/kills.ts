/** `npm run test:faults`: kills a station again and again. Usage: node test/faults/kills.ts [--kills N] [--seed N] */
import { parseArgs } from 'node:util';
import { needPackages } from '../system/debian.ts';
import { failuresOf, killRun } from './kill-run.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
needPackages(['nats-server']);
const report = await killRun({
  kills: Number(values.kills),
  seed: Number(values.seed),
  longestAwayS: 60,
  say: (line) => console.log(line),
});
console.log(JSON.stringify(report, null, 2));
const failures = failuresOf(report);
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
