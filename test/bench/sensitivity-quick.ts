/** A short look at every row: few bursts, loose bounds. */
import { poissonBound } from './noise-bound.ts';
import { type CurveOptions, pointJob } from './sensitivity-curve.ts';
import { frameError, type Point, type PointJob } from './sensitivity-point.ts';
import type { Pool } from './sensitivity-pool.ts';
import { table } from './sensitivity-report.ts';
import { type Row, rowName } from './sensitivity-rows.ts';

/** A row that just reaches what it should loses next to nothing this far above. */
const MARGIN_DB = 1;
const MOST_LOST = 0.5;
/** One frame in so many sent may come out that never was. */
const FRAMES_PER_FALSE = 5000;

/** Prints the loss of each row at its reach and one decibel above. 1 when a row loses half of its frames there, or false ones come. */
export async function quickTable(
  wanted: readonly Row[],
  options: CurveOptions,
  threads: Pool<PointJob, Point>,
): Promise<number> {
  const found = await Promise.all(
    wanted.map(async (row) => {
      const [at, above] = await Promise.all(
        [row.reachDb, row.reachDb + MARGIN_DB].map((ebn0Db, i) => threads.run(pointJob(row, ebn0Db, i, options))),
      );
      return { row, at: at!, above: above! };
    }),
  );
  const lost = (point: Point) => `${point.sent - point.ours.received}/${point.sent}`;
  const lines = found.map(({ row, at, above }) => {
    const cpu = (at.ours.cpuSeconds + above.ours.cpuSeconds) / (at.seconds + above.seconds);
    return [rowName(row), row.reachDb.toFixed(1), lost(at), lost(above), cpu.toFixed(3)];
  });
  console.log(table([['mode', 'reach', 'lost there', `lost ${MARGIN_DB} dB above`, 'CPU s/s'], ...lines]));
  const failed = found.filter(({ above }) => frameError(above, above.ours) >= MOST_LOST);
  const failedNames = failed.map(({ row }) => rowName(row)).join('; ');
  console.log(`rows that lose half of their frames ${MARGIN_DB} dB above their reach: ${failedNames || 'none'}`);
  const points = found.flatMap(({ at, above }) => [at, above]);
  const sent = points.reduce((n, point) => n + point.sent, 0);
  const wrong = points.reduce((n, { ours }) => n + ours.falseFrames, 0);
  const bound = poissonBound(sent / FRAMES_PER_FALSE);
  console.log(`${sent} frames sent, ${wrong} false (bound ${bound})`);
  return failed.length === 0 && wrong <= bound ? 0 : 1;
}
