/**
 * The second table: what other impairments cost, against the same signal without them. Both are measured with the same
 * frames and the same noise. The signal without gets a curve around the Eb/N0 at which half of its frames are lost; the one
 * with is measured once, as much above that as it may cost: losing no more than half there is enough. Only one that
 * loses more gets a curve of its own.
 */
import { type CurveOptions, pointJob, samplesOf, stepDb } from './sensitivity-curve.ts';
import type { Point, PointJob } from './sensitivity-point.ts';
import type { Pool } from './sensitivity-pool.ts';
import { table } from './sensitivity-report.ts';
import { type Row, rowName } from './sensitivity-rows.ts';
import { fitCurve, type HalfLost, logit, nextEbn0Db, type Sample, thresholds } from './sensitivity-search.ts';
import { type Changes, type Variation, variations } from './sensitivity-variations.ts';

const ALLOWED_DB = 0.5;
/** What costs more than this is not followed farther. */
const MOST_DB = 6;
/** A cost is too high when it exceeds the allowed one by so many standard deviations: 95 %, one-sided. */
const SURE = 1.64;

interface Cost {
  readonly cells: readonly string[];
  readonly verdict: 'kept' | 'not sure' | 'exceeded';
}

const columns = ['mode', 'variation', 'without', 'lost with', 'at', 'cost, dB', 'allowed'];

/** @param words select variations by their names; null takes all */
export async function robustnessTable(
  wanted: readonly Row[],
  words: readonly string[] | null,
  options: CurveOptions,
  threads: Pool<PointJob, Point>,
): Promise<number> {
  const chosen = variations.filter(({ name }) => !words || words.some((word) => name.includes(word)));
  if (chosen.length === 0) throw new RangeError(`no variation matches ${words?.join(',')}`);
  const measure = async (row: Row, changes: Changes, ebn0Db: number): Promise<Sample> => {
    const point = await threads.run(pointJob(row, ebn0Db, 0, { ...options, ...changes, peerFolder: null }));
    return samplesOf([point], 'ours')[0]!;
  };
  const known = new Map<string, Promise<HalfLost>>();
  const without = (row: Row, changes: Changes): Promise<HalfLost> => {
    const key = JSON.stringify([row.mode, changes]);
    const half = known.get(key) ?? halfLost(row, (ebn0Db) => measure(row, changes, ebn0Db));
    known.set(key, half);
    return half;
  };
  const found: Cost[] = [];
  for (const row of wanted) {
    known.clear();
    const fitting = chosen.filter(({ fits }) => fits(row));
    const costs = fitting.map(async (variation) => {
      const sent = variation.sends?.(row) ?? row;
      const idealDb = variation.againstDb?.(row);
      const half = idealDb === undefined ? await without(sent, variation.against ?? {}) : idealHalf(idealDb);
      const cost = await costOf(variation, sent, half, (ebn0Db) => measure(sent, variation.changes(row), ebn0Db));
      console.error(cost.cells.join('  '));
      return cost;
    });
    found.push(...(await Promise.all(costs)));
  }
  console.log(table([columns, ...found.map(({ cells }) => cells)]));
  const count = (wantedVerdict: Cost['verdict']) => found.filter(({ verdict }) => verdict === wantedVerdict).length;
  console.log(`of ${found.length}: ${count('exceeded')} cost more than allowed, ${count('not sure')} perhaps`);
  return count('exceeded') === 0 ? 0 : 1;
}

type Measure = (ebn0Db: number) => Promise<Sample>;

/** The curve of a signal without a variation: the half in a bracket, and a point where variations will be measured. */
async function halfLost(row: Row, measure: Measure): Promise<HalfLost> {
  const samples = await bracketHalf([], measure, row.reachDb, stepDb(row));
  const [halfDb] = thresholds(samples);
  if (halfDb === null) throw new Error(`${rowName(row)} never receives half of its frames`);
  for (const ebn0Db of [halfDb, halfDb + ALLOWED_DB]) samples.push(await measure(ebn0Db));
  return fitCurve(samples);
}

/** Adds points until the half lies between two of them. */
async function bracketHalf(
  known: readonly Sample[],
  measure: Measure,
  startDb: number,
  step: number,
  mostDb = Number.POSITIVE_INFINITY,
): Promise<Sample[]> {
  const samples = [...known];
  for (;;) {
    const next = nextEbn0Db(samples, startDb, step, [0.5]);
    if (next === null || next > mostDb) return samples;
    samples.push(await measure(next));
  }
}

/** Nothing is known of the curve but its half; frames without a code lose their last nine tenths within 1.3 dB. */
function idealHalf(ebn0Db: number): HalfLost {
  return { ebn0Db, slope: Math.log(9) / 1.3, errorDb: 0 };
}

async function costOf(variation: Variation, row: Row, half: HalfLost, measure: Measure): Promise<Cost> {
  const { name, allowedDb = ALLOWED_DB } = variation;
  const atDb = half.ebn0Db + allowedDb;
  const first = await measure(atDb);
  let costDb: number | null = allowedDb + logit(first) / half.slope;
  let { slope } = half;
  if (first.frameError > 0.5) {
    const samples = await bracketHalf([first], measure, atDb, stepDb(row), half.ebn0Db + MOST_DB);
    const [halfDb] = thresholds(samples);
    costDb = halfDb === null ? null : halfDb - half.ebn0Db;
    if (halfDb !== null) slope = fitCurve(samples).slope;
  }
  const errorDb = Math.hypot(half.errorDb, 2 / Math.sqrt(first.sent) / slope);
  const verdict =
    costDb === null || costDb - SURE * errorDb > allowedDb ? 'exceeded' : costDb > allowedDb ? 'not sure' : 'kept';
  return {
    verdict,
    cells: [
      rowName(row),
      name,
      half.ebn0Db.toFixed(2),
      `${Math.round(first.frameError * first.sent)}/${first.sent}`,
      atDb.toFixed(2),
      costDb === null ? `> ${MOST_DB}` : `${costDb.toFixed(2)} ± ${errorDb.toFixed(2)}`,
      `${allowedDb}${verdict === 'kept' ? '' : ` ${verdict}`}`,
    ],
  };
}
