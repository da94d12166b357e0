/**
 * Counts the frames that the receivers of all modes of the sensitivity table find in noise.
 *
 * npm run bench:noise -- [--seconds S] [--seed N] [--threads N]
 *
 * White noise as IQ at 48 kHz, and the same behind an FM receiver as audio, S seconds each (default 3600). Exits with 1
 * when a repaired frame comes out, or more intact ones than the framings' arithmetic allows (95 % Poisson bound).
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { falseAlarmsPerHour, poissonBound } from './noise-bound.ts';
import { fitsFmAudio, type NoiseCount, type NoiseInput, type NoiseJob } from './noise-job.ts';
import { pool } from './sensitivity-pool.ts';
import { table } from './sensitivity-report.ts';
import { rows } from './sensitivity-rows.ts';

const inputs: readonly NoiseInput[] = ['iq', 'fm-audio'];

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '3600' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(Math.max(1, cpus().length)) },
    },
  });
  const seconds = Number(values.seconds);
  const threads = Number(values.threads);
  for (const value of [seconds, threads])
    if (!(Number.isInteger(value) && value > 0)) throw new RangeError(`${value} is not a positive whole number`);
  const expected = new Map(rows.map((row) => [row.mode, falseAlarmsPerHour(row)]));
  const counts = await count([...expected.keys()], seconds, Number(values.seed), threads);

  const lines = counts.map((found) => {
    const mean = (expected.get(found.mode)! * found.seconds) / 3600;
    const cells = [found.mode, found.input, mean.toPrecision(2), poissonBound(mean), found.intact, found.repaired];
    return [...cells.map(String), (found.cpuSeconds / found.seconds).toFixed(3)];
  });
  console.log(table([['mode', 'input', 'expected', '95 % bound', 'intact', 'repaired', 'CPU s/s'], ...lines]));
  const sum = (of: (found: NoiseCount) => number) => counts.reduce((total, found) => total + of(found), 0);
  const bound = poissonBound(sum((found) => (expected.get(found.mode)! * found.seconds) / 3600));
  const intact = sum((found) => found.intact);
  const repaired = sum((found) => found.repaired);
  console.log(`${seconds} s of noise a mode and input: ${intact} intact frames (bound ${bound}), ${repaired} repaired`);
  return intact <= bound && repaired === 0 ? 0 : 1;
}

/** Every thread takes its own part of the noise, all modes side by side. */
async function count(modes: string[], seconds: number, seed: number, threads: number): Promise<NoiseCount[]> {
  const workers = pool<NoiseJob, NoiseCount[]>(new URL('./noise-worker.ts', import.meta.url), threads);
  try {
    const parts = await Promise.all(
      inputs.flatMap((input) =>
        Array.from({ length: threads }, (_, i) =>
          workers.run({
            modes: input === 'iq' ? modes : modes.filter(fitsFmAudio),
            input,
            seconds: Math.floor(seconds / threads) + (i < seconds % threads ? 1 : 0),
            seed: seed * 1000 + i,
          }),
        ),
      ),
    );
    const sums = new Map<string, NoiseCount>();
    for (const part of parts.flat()) {
      const key = `${part.input} ${part.mode}`;
      const before = sums.get(key);
      if (!before) sums.set(key, part);
      else
        sums.set(key, {
          ...part,
          seconds: before.seconds + part.seconds,
          intact: before.intact + part.intact,
          repaired: before.repaired + part.repaired,
          cpuSeconds: before.cpuSeconds + part.cpuSeconds,
        });
    }
    return [...sums.values()];
  } finally {
    await workers.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
