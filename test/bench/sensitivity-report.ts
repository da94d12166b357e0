/** What a run found, as data and as the table that is printed. */
import { samplesOf } from './sensitivity-curve.ts';
import type { Point } from './sensitivity-point.ts';
import type { Pair, Row } from './sensitivity-rows.ts';
import { formatPair, thresholds } from './sensitivity-search.ts';

export interface RowResult {
  readonly mode: string;
  readonly note: string | null;
  readonly reachDb: number;
  readonly limitDb: Pair | null;
  /** gr-satellites on signals of an independent generator, measured once. */
  readonly statedPeerDb: Pair | null;
  readonly points: readonly Point[];
  readonly oursDb: readonly [number | null, number | null];
  readonly peerDb: readonly [number | null, number | null] | null;
  /** Source that was measured. */
  readonly commit: string;
}

export interface Run {
  readonly command: string;
  readonly date: string;
  readonly processor: string;
  readonly bursts: number;
  readonly seed: number;
  readonly rows: readonly RowResult[];
}

export function rowResult(row: Row, points: readonly Point[], commit: string): RowResult {
  const peer = samplesOf(points, 'peer');
  return {
    mode: row.mode,
    note: row.note ?? null,
    reachDb: row.reachDb,
    limitDb: row.limit,
    statedPeerDb: row.peer,
    points,
    oursDb: thresholds(samplesOf(points, 'ours')),
    peerDb: peer.length > 0 ? thresholds(peer) : null,
    commit,
  };
}

export function resultName({ mode, note }: RowResult): string {
  return note ? `${mode} (${note})` : mode;
}

/** Seconds of CPU for a second of signal, over all points. */
export function cpuLoad(points: readonly Point[], whose: 'ours' | 'peer'): number | null {
  let cpu = 0;
  let seconds = 0;
  for (const point of points) {
    const outcome = point[whose];
    if (!outcome) continue;
    cpu += outcome.cpuSeconds;
    seconds += point.seconds;
  }
  return seconds > 0 ? cpu / seconds : null;
}

export const columns = [
  'mode',
  'ours 50 % / 10 %',
  'reach',
  'limit',
  'peer measured',
  'peer stated',
  'CPU s/s',
  'peer CPU',
] as const;

/** A row's cells in the order of `columns`. */
export function cells(result: RowResult): readonly string[] {
  const load = (whose: 'ours' | 'peer') => cpuLoad(result.points, whose)?.toFixed(3) ?? '–';
  return [
    resultName(result),
    formatPair(result.oursDb),
    result.reachDb.toFixed(1),
    formatPair(result.limitDb, 1),
    result.peerDb ? formatPair(result.peerDb, 1) : '–',
    formatPair(result.statedPeerDb, 1),
    load('ours'),
    load('peer'),
  ];
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}

/** How far a row is from its reach, dB; positive is worse, Infinity never gets there. */
export function missDb({ oursDb: [half], reachDb }: RowResult): number {
  return half === null ? Number.POSITIVE_INFINITY : half - reachDb;
}

export function falseFrames(rows: readonly RowResult[]): { sent: number; falseFrames: number; repaired: number } {
  const points = rows.flatMap((row) => row.points);
  return {
    sent: points.reduce((n, { sent }) => n + sent, 0),
    falseFrames: points.reduce((n, { ours }) => n + ours.falseFrames, 0),
    repaired: points.reduce((n, { ours }) => n + ours.repaired, 0),
  };
}
