/** The second table: what other impairments cost, against the same signal without them. */
import { type CurveOptions, measureCurve, samplesOf } from './sensitivity-curve.ts';
import type { Point, PointJob } from './sensitivity-point.ts';
import type { Pool } from './sensitivity-pool.ts';
import { table } from './sensitivity-report.ts';
import { type Row, rowName } from './sensitivity-rows.ts';
import { thresholds } from './sensitivity-search.ts';
import { type Channel, fadeGain, meanFadeGain } from './signals.ts';

interface Variation {
  readonly name: string;
  readonly fits: (row: Row) => boolean;
  readonly channel?: Partial<Channel>;
  readonly hidesDeviation?: true;
  /** Compared with ideal coherent detection of an uncoded frame under the same fade instead. */
  readonly fade?: true;
}

const fsk = (row: Row) => row.mode.startsWith('fsk') && !row.fmAudio;
const iq = (row: Row) => !row.fmAudio;
const FADE_DB = 10;
/** A frame of AX.25 with 100 bytes, its FCS and the stuffing of random bits. */
const UNCODED_BITS = 102 * 8 * (1 + 1 / 62);

const variations: readonly Variation[] = [
  { name: 'deviation not given', fits: (row) => fsk(row) && /deviation/.test(row.mode), hidesDeviation: true },
  { name: 'BT 0.3', fits: fsk, channel: { bt: 0.3 } },
  { name: 'BT 1.0', fits: fsk, channel: { bt: 1 } },
  {
    name: 'neighbour 25 kHz off, 20 dB stronger, IQ at 192 kHz',
    fits: iq,
    channel: { sampleRate: 192_000, neighbour: { hz: 25_000, db: 20 } },
  },
  { name: 'DC spike 20 dB stronger, 5 kHz off', fits: iq, channel: { carrierHz: 5000, dcSpikeDb: 20 } },
  { name: 'clock +100 ppm', fits: () => true, channel: { clockPpm: 100 } },
  { name: 'clock −100 ppm', fits: () => true, channel: { clockPpm: -100 } },
  { name: 'inverted', fits: () => true, channel: { inverted: true } },
  { name: 'continuous', fits: () => true, channel: { continuous: true } },
  { name: 'a second of silence before each frame', fits: () => true, channel: { gapS: [1, 1.2] } },
  {
    name: `fade of ${FADE_DB} dB once a second, against ideal detection`,
    fits: (row) => row.mode.includes('ax25') && !row.fmAudio && row.limit !== null,
    channel: { fadeDepthDb: FADE_DB },
    fade: true,
  },
];

const ALLOWED_DB = 0.5;

export async function robustnessTable(
  wanted: readonly Row[],
  options: CurveOptions,
  threads: Pool<PointJob, Point>,
): Promise<number> {
  const half = async (row: Row, changed: Partial<CurveOptions>) => {
    const points = await measureCurve(row, { ...options, ...changed, peerFolder: null }, (job) => threads.run(job));
    return thresholds(samplesOf(points, 'ours'))[0];
  };
  const lines = await Promise.all(
    wanted.map(async (row) => {
      const plain = half(row, {});
      return Promise.all(
        variations
          .filter(({ fits }) => fits(row))
          .map(async (variation) => {
            const { name, channel, hidesDeviation } = variation;
            const changed = {
              ...(channel ? { channel } : {}),
              ...(hidesDeviation ? { receivedMode: row.mode.replace(/,deviation_hz=[^,]*/, '') } : {}),
            };
            const with_ = await half(row, changed);
            const without = variation.fade ? idealFadedDb() : await plain;
            const cost = with_ === null || without === null ? Number.POSITIVE_INFINITY : with_ - without;
            const line = [rowName(row), name, without?.toFixed(2) ?? 'never', with_?.toFixed(2) ?? 'never'];
            console.error([...line, cost.toFixed(2)].join('  '));
            return { cells: [...line, Number.isFinite(cost) ? cost.toFixed(2) : '∞'], cost };
          }),
      );
    }),
  );
  const found = lines.flat();
  console.log(table([['mode', 'variation', 'without', 'with', 'cost, dB'], ...found.map(({ cells }) => cells)]));
  const failed = found.filter(({ cost }) => cost > ALLOWED_DB);
  console.log(`${failed.length} of ${found.length} cost more than ${ALLOWED_DB} dB`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * Mean Eb/N0 at which coherent detection with ideal synchronisation, bit errors Q(√(2·Es/N0·g)), loses half of the frames
 * of `UNCODED_BITS` at 9600 Bd that start anywhere in the fade.
 */
function idealFadedDb(): number {
  const mean = meanFadeGain(FADE_DB);
  const lost = (ebn0Db: number) => {
    const starts = 100;
    let sum = 0;
    for (let s = 0; s < starts; s++) {
      let logGood = 0;
      for (let bit = 0; bit < UNCODED_BITS; bit++) {
        const gain = fadeGain(FADE_DB, s / starts + bit / 9600) / mean;
        logGood += Math.log1p(-normalTail(Math.sqrt(2 * 10 ** (ebn0Db / 10) * gain)));
      }
      sum += 1 - Math.exp(logGood);
    }
    return sum / starts;
  };
  let low = 0;
  let high = 20;
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (lost(middle) > 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Q(x) for x ≥ 0, relative error below 1e-3. Source: Börjesson and Sundberg, IEEE Trans. Commun. 27 (1979). */
function normalTail(x: number): number {
  return Math.exp((-x * x) / 2) / (Math.sqrt(2 * Math.PI) * (0.661 * x + 0.339 * Math.sqrt(x * x + 5.51)));
}
