/**
 * `npm run bench:backlog`: a station that was offline for a month starts with 500,000 frames that a collector has not had.
 * Prints how long the start takes (beside one without frames), the memory while they are delivered, and the pace; fails when
 * one is missing, comes twice or out of order. Usage: node test/bench/backlog.ts [--frames N]
 */
import { parseArgs } from 'node:util';
import { backlogRun } from './backlog-run.ts';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '500000' } } });
const report = await backlogRun(Number(values.frames), (line) => console.log(line));
console.log(JSON.stringify(report, null, 2));
if (report.missing > 0 || report.twice > 0 || report.outOfOrder > 0) {
  console.error('FAILED: frames are missing, came twice or out of order');
  process.exitCode = 1;
}
