/** A row's curve: points are added until both targets are known. */
import { parseMode } from '../../dsp/mode.ts';
import { peerKnows } from './sensitivity-peer.ts';
import { type AudioChanges, frameError, type Point, type PointJob } from './sensitivity-point.ts';
import type { Row } from './sensitivity-rows.ts';
import { nextEbn0Db, type Sample } from './sensitivity-search.ts';
import type { Channel } from './signals.ts';

export interface CurveOptions {
  readonly bursts: number;
  readonly seed: number;
  /** Folder for files that the peer reads; null leaves the peer out. */
  readonly peerFolder: string | null;
  /** What differs from the impaired bursts of the table. */
  readonly channel?: Partial<Channel>;
  readonly receivedMode?: string;
  readonly audio?: AudioChanges;
  readonly demodulators?: readonly string[];
}

/** Points nearer than this are not needed: coded frames fail within half a decibel, uncoded ones within one and a half. */
const CODED_STEP_DB = 0.25;
const UNCODED_STEP_DB = 0.5;
const PEER_STEP_DB = 1;
/** Noise behind the last burst for us; gr-satellites waits for its longest frame before it gives a short one. */
const TAIL_S = 1;
const PEER_TAIL_S = 6;
const PEER_TAIL_SYMBOLS = 4400;
const MOST_POINTS = 16;

/** The impaired channel of the table. */
export function impairedChannel(row: Row): Omit<Channel, 'ebn0Db'> {
  const psk = row.mode.includes('psk');
  return { sampleRate: 48_000, clockPpm: 50, offsetHz: psk ? 100 : 1000, offsetHzPerS: 50 };
}

export function pointJob(row: Row, ebn0Db: number, point: number, options: CurveOptions): PointJob {
  const symbolRate = Number(row.mode.split(':')[1]);
  return {
    signal: {
      transmission: row,
      channel: { ...impairedChannel(row), ...options.channel, ebn0Db },
      bursts: options.bursts,
      // Another signal at every point: their errors then don't add up.
      seed: options.seed * 1000 + point,
      tailS: options.peerFolder === null ? TAIL_S : PEER_TAIL_S + PEER_TAIL_SYMBOLS / symbolRate,
    },
    ...(options.receivedMode === undefined ? {} : { receivedMode: options.receivedMode }),
    ...(row.fmAudio ? { fmAudio: { ...row.fmAudio, ...options.audio } } : {}),
    ...(options.demodulators ? { demodulators: options.demodulators } : {}),
    ...(options.peerFolder === null ? {} : { peerFolder: options.peerFolder }),
  };
}

/** Farthest that two points may lie apart between which a row's loss is interpolated. */
export function stepDb({ codeRate }: Row): number {
  return codeRate < 1 ? CODED_STEP_DB : UNCODED_STEP_DB;
}

/** Curve of a row, ordered by Eb/N0; first all that ours needs, then what the peer needs further. */
export async function measureCurve(
  row: Row,
  options: CurveOptions,
  measure: (job: PointJob) => Promise<Point>,
): Promise<readonly Point[]> {
  const points: Point[] = [];
  const step = stepDb(row);
  while (points.length < MOST_POINTS) {
    const next =
      nextEbn0Db(samplesOf(points, 'ours'), row.reachDb, step) ??
      (options.peerFolder === null || !peerKnows(parseMode(row.mode))
        ? null
        : nextEbn0Db(samplesOf(points, 'peer'), row.peer?.[0] ?? row.reachDb + 6, PEER_STEP_DB));
    if (next === null) break;
    points.push(await measure(pointJob(row, next, points.length, options)));
  }
  return points.sort((a, b) => a.ebn0Db - b.ebn0Db);
}

export function samplesOf(points: readonly Point[], whose: 'ours' | 'peer'): Sample[] {
  return points.flatMap((point) => {
    const outcome = point[whose];
    if (!outcome) return [];
    return [{ ebn0Db: point.ebn0Db, frameError: frameError(point, outcome), sent: point.sent }];
  });
}
