/**
 * Measures at which Eb/N0 frames are lost, for every row of sensitivity-rows.ts, and prints the table.
 *
 * npm run bench:sensitivity -- [--quick] [--modes a,b] [--bursts N] [--seed N] [--threads N] [--peer] [--json FILE]
 *                              [--robustness] [--variations a,b] [--files DIR] [--plot FILE]
 *
 * --quick       few bursts at reach and one decibel above; exits with 1 when a row loses half of its frames there
 * --modes       only rows whose mode or note one of the words (regular expressions) fits
 * --peer        gr-satellites of Debian on the same signals
 * --json        writes everything measured; with --modes, rows of a file that is there are kept
 * --robustness  the second table: what other impairments cost; exits with 1 when one costs more than it may
 * --variations  of those only the ones whose name contains one of the words
 * --files       decodes files of an independent generator (NAME.cf32 or NAME.wav beside NAME.json)
 * --plot        draws the curves of a --json file into docs/sensitivity, and measures nothing
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CurveOptions, measureCurve } from './sensitivity-curve.ts';
import { decodeFiles } from './sensitivity-files.ts';
import { peerIsInstalled, peerMissing } from './sensitivity-peer.ts';
import { writePlots } from './sensitivity-plot.ts';
import type { Point, PointJob } from './sensitivity-point.ts';
import { type Pool, pool } from './sensitivity-pool.ts';
import { quickTable } from './sensitivity-quick.ts';
import {
  cells,
  columns,
  falseFrames,
  missDb,
  type RowResult,
  type Run,
  resultName,
  rowResult,
  table,
} from './sensitivity-report.ts';
import { robustnessTable } from './sensitivity-robustness.ts';
import { matches, rowName, rows } from './sensitivity-rows.ts';

const fullBursts = 150;
const quickBursts = 20;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      peer: { type: 'boolean', default: false },
      robustness: { type: 'boolean', default: false },
      modes: { type: 'string' },
      variations: { type: 'string' },
      bursts: { type: 'string' },
      seed: { type: 'string', default: '11' },
      threads: { type: 'string', default: String(Math.max(1, cpus().length)) },
      json: { type: 'string' },
      files: { type: 'string' },
      plot: { type: 'string' },
    },
  });
  if (values.plot !== undefined) return writePlots(values.plot);
  if (values.files !== undefined) return decodeFiles(values.files);
  const words = values.modes?.split(',');
  const wanted = rows.filter((row) => !words || matches(row, words));
  if (wanted.length === 0) throw new RangeError(`no row matches ${values.modes}`);
  const bursts = count('--bursts', values.bursts ?? String(values.quick ? quickBursts : fullBursts));
  const seed = count('--seed', values.seed);
  if (values.peer && !peerIsInstalled()) console.log(peerMissing);
  const folder = values.peer && peerIsInstalled() ? mkdtempSync(join(tmpdir(), 'sensitivity-')) : null;
  const atOnce = count('--threads', values.threads);
  const threads = pool<PointJob, Point>(new URL('./sensitivity-worker.ts', import.meta.url), atOnce);
  try {
    const options: CurveOptions = { bursts, seed, peerFolder: folder };
    if (values.quick) return await quickTable(wanted, options, threads);
    if (values.robustness)
      return await robustnessTable(wanted, values.variations?.split(',') ?? null, options, threads);
    return await fullTable(wanted, options, threads, atOnce, values.json, args);
  } finally {
    await threads.close();
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

async function fullTable(
  wanted: typeof rows,
  options: CurveOptions,
  threads: Pool<PointJob, Point>,
  atOnce: number,
  json: string | undefined,
  args: readonly string[],
): Promise<number> {
  const results: RowResult[] = [];
  const left = [...wanted];
  const commit = sourceCommit();
  // Row after row, as many at once as there are threads: what is done is on disk even if the rest is never waited for.
  const work = async () => {
    for (let row = left.shift(); row; row = left.shift()) {
      const result = rowResult(row, await measureCurve(row, options, (job) => threads.run(job)), commit);
      results.push(result);
      console.error(cells(result).join('  '));
      if (json !== undefined) writeRun(json, results, options, args);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(table([columns, ...inOrder(results).map(cells)]));
  const { sent, falseFrames: wrong, repaired } = falseFrames(results);
  console.log(`${sent} frames sent, ${repaired} received after repair, ${wrong} false`);
  const missed = results.filter((result) => missDb(result) > 0);
  console.log(`rows above their reach: ${missed.length === 0 ? 'none' : missed.map(resultName).join('; ')}`);
  // In 5,000 frames sent, less than one may be false.
  return missed.length === 0 && wrong * 5000 <= sent ? 0 : 1;
}

/** Adds these rows to a file's, in place of older ones. */
function writeRun(
  json: string,
  results: readonly RowResult[],
  { bursts, seed }: CurveOptions,
  args: readonly string[],
): void {
  const before = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Run).rows : [];
  const kept = before.filter((old) => !results.some((result) => resultName(result) === resultName(old)));
  const run: Run = {
    command: `npm run bench:sensitivity -- ${args.join(' ')}`,
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? 'unknown',
    bursts,
    seed,
    rows: inOrder([...results, ...kept]),
  };
  writeFileSync(json, `${JSON.stringify(run)}\n`);
}

function inOrder(results: readonly RowResult[]): RowResult[] {
  const names = rows.map(rowName);
  return [...results].sort((a, b) => names.indexOf(resultName(a)) - names.indexOf(resultName(b)));
}

function sourceCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown'; // an unpacked source without its history
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0)) throw new RangeError(`${name} ${text} is not a positive whole number`);
  return value;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
