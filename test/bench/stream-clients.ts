/**
 * Many WebSocket clients, some of which do not read.
 * Usage: npm run bench:stream -- [--clients N] [--stalled N] [--rate FRAMES_A_SECOND] [--seconds S]
 */
import { parseArgs } from 'node:util';
import { usualFollowerLimits } from '../../daemon/api/frame-followers.ts';
import { runStreamBench } from './stream-run.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    stalled: { type: 'string', default: '50' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
  },
});
const [clients, stalled, rate, seconds] = [values.clients, values.stalled, values.rate, values.seconds].map(Number) as [
  number,
  number,
  number,
  number,
];
const result = await runStreamBench({ clients, stalled, rate, seconds, limits: usualFollowerLimits });
const { frames, complete, faults, clientsLeft, latencyMs, before, after, cpuSeconds } = result;
const MB = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const reading = clients - stalled;
console.log(`${clients} clients, ${stalled} of them stalled, ${frames} frames at ${rate} a second`);
console.log(`complete   ${complete} of ${reading} clients got every frame once and in order`);
if (faults.length > 0) console.log(`faults     ${faults.join('; ')}`);
console.log(`stalled    ${clients - clientsLeft} of ${stalled} disconnected`);
console.log(
  `latency    p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms from append to receipt`,
);
console.log(`memory     ${MB(before.rssBytes)} with all clients connected, ${MB(after.rssBytes)} after the last frame`);
const load = (cpu: number) => `${((100 * cpu) / seconds).toFixed(0)} %`;
console.log(
  `CPU        ${load(after.cpuSeconds - before.cpuSeconds)} of a core for the station, ${load(cpuSeconds)} for the clients`,
);
if (complete < reading || clientsLeft !== reading) process.exitCode = 1;
