/** What else may happen to a signal, or what may be wrong about what the receiver is told. */
import type { CurveOptions } from './sensitivity-curve.ts';
import type { Row } from './sensitivity-rows.ts';
import { fadeGain, meanFadeGain } from './signals.ts';

export type Changes = Pick<CurveOptions, 'channel' | 'receivedMode' | 'audio' | 'demodulators'>;

export interface Variation {
  readonly name: string;
  readonly fits: (row: Row) => boolean;
  readonly changes: (row: Row) => Changes;
  /** What is sent with and without it, where that is not the row's own signal. */
  readonly sends?: (row: Row) => Row;
  /** What it is compared with, where that is not the impaired bursts of the table: other changes … */
  readonly against?: Changes;
  /** … or an Eb/N0 in dB at which half of the frames would be lost. */
  readonly againstDb?: (row: Row) => number;
  /** What it may cost, dB; default 0.5. */
  readonly allowedDb?: number;
}

const isFsk = ({ mode }: Row) => mode.startsWith('fsk');
const isIq = ({ fmAudio }: Row) => !fmAudio;
const isAudio = (row: Row) => !isIq(row);
const always = () => true;
const symbolRateOf = ({ mode }: Row) => Number(mode.split(':')[1]);

/** The row at another modulation index. */
function withIndex(row: Row, h: number): Row {
  const deviationHz = Math.round((h / 2) * symbolRateOf(row));
  return { ...row, mode: row.mode.replace(/deviation_hz=[^,]*/, `deviation_hz=${deviationHz}`) };
}

/** Rows of index 0.5, which stand for all others where the index is what varies. */
function isGmsk(row: Row): boolean {
  return isFsk(row) && isIq(row) && withIndex(row, 0.5).mode === row.mode;
}

function untold({ mode }: Row): Changes {
  return { receivedMode: mode.replace(/,deviation_hz=[^,]*/, '') };
}

function told(index: number, sent: number): Variation {
  return {
    name: `told h ${index} when ${sent} is sent`,
    fits: isGmsk,
    sends: (row) => withIndex(row, sent),
    changes: (row) => ({ receivedMode: withIndex(row, index).mode }),
  };
}

function inChannel(name: string, fits: Variation['fits'], channel: Changes['channel'] & object): Variation {
  return { name, fits, changes: () => ({ channel }) };
}

const FADE_DB = 10;
/** A frame of AX.25 with 100 bytes, its FCS and the stuffing of random bits. */
const UNCODED_BITS = 102 * 8 * (1 + 1 / 62);
const constantOffset = { carrierHz: 1000, offsetHz: 0, offsetHzPerS: 0 } as const;

export const variations: readonly Variation[] = [
  { name: 'deviation not given', fits: (row) => isFsk(row) && isIq(row), changes: untold },
  told(0.7, 0.5),
  told(0.5, 0.7),
  told(0.95, 0.7),
  ...[0.6, 0.85].map(
    (h): Variation => ({
      name: `h ${h}, deviation not given`,
      fits: isGmsk,
      sends: (row) => withIndex(row, h),
      changes: untold,
    }),
  ),
  inChannel('BT 0.3', isFsk, { bt: 0.3 }),
  inChannel('BT 1.0', isFsk, { bt: 1 }),
  inChannel('neighbour 25 kHz off, 20 dB stronger, IQ at 192 kHz', isIq, {
    sampleRate: 192_000,
    neighbour: { hz: 25_000, db: 20 },
  }),
  inChannel('DC spike 20 dB stronger, 5 kHz off', isIq, { carrierHz: 5000, dcSpikeDb: 20 }),
  inChannel('clock +100 ppm', always, { clockPpm: 100 }),
  inChannel('clock −100 ppm', always, { clockPpm: -100 }),
  ...[0.1, 0.3, 3].map(
    (gain): Variation => ({ name: `audio gain × ${gain}`, fits: isAudio, changes: () => ({ audio: { gain } }) }),
  ),
  {
    name: 'audio high-pass of 20 Hz, carrier 1 kHz off, against the discriminator alone without high-pass',
    fits: isAudio,
    changes: () => ({ channel: constantOffset, audio: { highPassHz: 20 } }),
    against: { channel: constantOffset, demodulators: ['discriminator'] },
    allowedDb: 1,
  },
  inChannel('inverted', always, { inverted: true }),
  inChannel('continuous', always, { continuous: true }),
  inChannel('a second of silence before each frame', always, { gapS: [1, 1.2] }),
  {
    name: `fade of ${FADE_DB} dB once a second, against ideal detection`,
    fits: (row) => row.mode.includes('ax25') && isIq(row) && row.limit !== null,
    changes: () => ({ channel: { fadeDepthDb: FADE_DB } }),
    againstDb: idealFadedDb,
  },
];

/**
 * Mean Eb/N0 at which coherent detection with ideal synchronisation, bit errors Q(√(2·Es/N0·g)), loses half of the frames
 * of `UNCODED_BITS` that start anywhere in the fade.
 */
function idealFadedDb(row: Row): number {
  const symbolRate = symbolRateOf(row);
  const mean = meanFadeGain(FADE_DB);
  const lost = (ebn0Db: number) => {
    const starts = 100;
    let sum = 0;
    for (let s = 0; s < starts; s++) {
      let logGood = 0;
      for (let bit = 0; bit < UNCODED_BITS; bit++) {
        const gain = fadeGain(FADE_DB, s / starts + bit / symbolRate) / mean;
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
