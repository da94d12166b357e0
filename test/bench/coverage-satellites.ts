/**
 * `npm run coverage:satellites`: every transmitter of every known satellite builds a decoder, and what it sends comes through: frames
 * of each mode go through its encoder, its modulator, noise at 3 dB over the threshold, and its receiver.
 *
 * node test/bench/coverage-satellites.ts [--bursts N] [--above DB] [--threads N] [--seed N] [WORD…]   words pick modes
 *
 * The threshold is where the framing's decoder loses half of its frames behind ideal antipodal detection, and what the modulation
 * loses against that (coverage-losses.ts). Exits with 1 when a transmitter has no decoder, or a mode loses more than one burst in three.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { allSatellites, loadCatalogue, shippedSatellites } from '../../daemon/satellites/catalogue.ts';
import { formatMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { type Coverage, type CoverageJob, sampleRateFor } from './coverage-mode.ts';
import { pool } from './sensitivity-pool.ts';
import { table } from './sensitivity-report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bursts: { type: 'string', default: '12' },
    above: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(Math.max(1, cpus().length)) },
    seed: { type: 'string', default: '1' },
  },
});
/** Thresholds are good to half a decibel, and a dozen bursts are few. */
const leastShare = 2 / 3;

const transmitters = allSatellites(loadCatalogue(shippedSatellites())).flatMap(({ name, transmitters }) =>
  transmitters.map(({ id, mode }) => ({ name: `${name} ${id}`, mode })),
);
const without: string[] = [];
for (const { name, mode } of transmitters)
  try {
    const sampleRate = sampleRateFor(mode.modulation);
    makeReceiver(mode, { kind: 'iq', sampleRate }, { frame() {}, reject() {} });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    without.push(`${name}: ${error.message}`);
  }
console.log(`${transmitters.length - without.length} of ${transmitters.length} transmitters build a decoder`);
for (const line of without) console.log(`  ${line}`);

const able = transmitters.filter(({ name }) => !without.some((line) => line.startsWith(`${name}:`)));
const users = new Map<string, number>();
for (const { mode } of able) users.set(formatMode(mode), (users.get(formatMode(mode)) ?? 0) + 1);
const modes = [...users.keys()].filter((mode) => positionals.every((word) => mode.includes(word))).sort();
if (modes.length === 0) {
  console.error(`no mode of config/satellites contains ${positionals.join(' and ')}`);
  process.exit(1);
}
const workers = pool<CoverageJob, Coverage>(new URL('./coverage-worker.ts', import.meta.url), Number(values.threads));
try {
  const common = { aboveDb: Number(values.above), bursts: Number(values.bursts), seed: Number(values.seed) };
  const covered = await Promise.all(modes.map((mode) => workers.run({ mode, ...common })));
  const rows = covered.map(({ mode, idealDb, thresholdDb, sent, received, falseFrames }) => [
    mode,
    String(users.get(mode)),
    idealDb.toFixed(1),
    thresholdDb.toFixed(1),
    `${received}/${sent}`,
    String(falseFrames),
  ]);
  console.log(table([['mode', 'transmitters', 'ideal Es/N0', 'threshold', 'received', 'false'], ...rows]));
  const poor = covered.filter(({ received, sent }) => received < leastShare * sent);
  const through = covered.filter((one) => !poor.includes(one)).reduce((sum, { mode }) => sum + users.get(mode)!, 0);
  console.log(
    `${through} of ${able.length} come through noise at ${values.above} dB over the threshold (${modes.length} modes)`,
  );
  for (const { mode, received, sent } of poor) console.log(`  ${mode}: ${received} of ${sent}`);
  process.exitCode = without.length === 0 && poor.length === 0 ? 0 : 1;
} finally {
  await workers.close();
}
