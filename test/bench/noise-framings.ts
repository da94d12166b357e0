/**
 * `npm run bench:noise-framings`: what the decoders of all framings take noise for. Each gets S seconds (default 600) of soft symbols
 * of white noise, as a demodulator gives them that nothing silences, at the symbol rate that most of its satellites have.
 *
 * node test/bench/noise-framings.ts [--seconds S] [--seed N] [--threads N] [FRAMING…]
 *
 * Prints the false frames of each, beside what its arithmetic expects. Exits with 1 when a framing with a check of its own gives more
 * than that allows (95 % Poisson bound of each, and of all together), or a repaired one.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { allSatellites, loadCatalogue, shippedSatellites } from '../../daemon/satellites/catalogue.ts';
import { cases } from '../framing/cases/index.ts';
import { poissonBound } from './noise-bound.ts';
import type { FramingNoise, FramingNoiseJob } from './noise-framings-job.ts';
import { pool } from './sensitivity-pool.ts';
import { table } from './sensitivity-report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(Math.max(1, cpus().length)) },
  },
});
const usualRate = 9600;
const modes = allSatellites(loadCatalogue(shippedSatellites())).flatMap(({ transmitters }) =>
  transmitters.map(({ mode }) => mode),
);

/** The symbol rate of most transmitters with a framing. */
function rateOf(kind: string): number {
  const counts = new Map<number, number>();
  for (const { framing, modulation } of modes)
    if (framing.kind === kind) counts.set(modulation.symbolRate, (counts.get(modulation.symbolRate) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? usualRate;
}

const chosen = cases.filter(({ params }) => positionals.length === 0 || positionals.includes(params.kind));
const strays = positionals.filter((kind) => !cases.some(({ params }) => params.kind === kind));
if (strays.length > 0) {
  console.error(`test/framing/cases has no case of ${strays.join(', ')}`);
  process.exit(1);
}
const seconds = Number(values.seconds);
const workers = pool<FramingNoiseJob, FramingNoise>(
  new URL('./noise-framings-worker.ts', import.meta.url),
  Number(values.threads),
);
try {
  const counts = await Promise.all(
    chosen.map(({ params }, i) =>
      workers.run({ params, symbolRate: rateOf(params.kind), seconds, seed: 1000 * Number(values.seed) + i }),
    ),
  );
  const mean = ({ expectedPerHour, seconds }: FramingNoise) => ((expectedPerHour ?? 0) * seconds) / 3600;
  const { format } = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });
  const rows = counts.map((one) => [
    Object.values(one.params).join(' '),
    String(one.symbolRate),
    one.checked ? 'yes' : 'sync word only',
    one.expectedPerHour === null ? '–' : mean(one) < 1e-6 ? '< 1e-6' : format(mean(one)),
    String(one.frames),
    String(one.repaired),
    (one.cpuSeconds / one.seconds).toFixed(4),
  ]);
  console.log(table([['framing', 'Bd', 'check', 'expected', 'frames', 'repaired', 'CPU s/s'], ...rows]));
  const above = counts.filter((one) => one.frames > poissonBound(mean(one)));
  const checked = counts.filter((one) => one.checked);
  const all = checked.reduce((sum, one) => sum + one.frames, 0);
  const bound = poissonBound(checked.reduce((sum, one) => sum + mean(one), 0));
  const repaired = counts.reduce((sum, one) => sum + one.repaired, 0);
  console.log(`${seconds} s each: ${all} frames of framings with a check (bound ${bound}), ${repaired} repaired`);
  for (const one of above) console.log(`  more than expected: ${one.params.kind}`);
  process.exitCode = above.some((one) => one.checked) || all > bound || repaired > 0 ? 1 : 0;
} finally {
  await workers.close();
}
