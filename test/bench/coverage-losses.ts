/** What modulations cost against ideal antipodal detection, in dB of Es/N0 at half of the frames. */
import type { ModulationParams } from '../../dsp/core/receiver.ts';
import {
  DEFAULT_FM_DEVIATION_HZ,
  defaultAfCarrierHz,
  defaultAfskDeviationHz,
} from '../../dsp/modulation/afsk-modulate.ts';
import { speechHz } from '../../dsp/modulation/fsk-subaudio.ts';

/**
 * FSK by modulation index 2·deviation/rate, measured with AX.25 G3RUH frames of 100 bytes, 24 bursts a point, in steps of 0.6 dB.
 * Repairs by the CRC's help are in: they make up for a part of the loss.
 */
const fskLosses: readonly (readonly [index: number, lossDb: number])[] = [
  [0.25, 4.7],
  [0.31, 3],
  [0.5, 0.1],
  [0.68, -0.8],
  [1, 1.7],
  [1.13, 0.5],
  [1.67, -0.8],
  [2, 1.7],
  [3.3, 4.0],
  [5.6, 4.7],
];

/**
 * Differential detection of symbols far below an uncoded threshold: FSK whose code is not decoded with the modulation, or whose index is far
 * from ½. Measured with AX5043, EIRSAT-1's and LilacSat-2's modes.
 */
const weakLossDb = 3.9;
/**
 * FSK near index ½ and DBPSK whose code is decoded in turns with the modulation. Measured with AO-40 (0.8), RA of SMOG-1 and MRC-100 (1.8),
 * OpenLST (1.8); DBPSK with Manchester 1.4.
 */
const iteratedLossDb = 1.8;
/** The same at an index of a quarter: Mobitex at 9600 Bd. */
const weakNarrowLossDb = 7.2;
const narrowIndex = 0.3;
/** Below this Es/N0 a framing works only by its code. */
const weakDb = 3;
/** Indices at which a code is decoded with the modulation as well as at ½. */
const jointIndices = [0.45, 0.6] as const;

/** AFSK by the tones' index, in symbols; and the carrier-to-noise ratio in Carson's bandwidth below which FM breaks down whatever the code. */
const afskLosses: readonly (readonly [index: number, lossDb: number])[] = [
  [0.5, 7.6],
  [0.83, 6.4],
  [1, 10.2],
];
const fmThresholdDb = 4.5;
/** The same with data far below the band of speech, which the FM receiver has to let through. */
const subaudioFmDb = 2.4;

/**
 * Es/N0 at which half of the frames are lost, by interpolation in what was measured.
 * @param idealDb the same behind ideal antipodal detection
 * @param joint a code is decoded with the modulation on one trellis, @param iterated in turns with it
 */
export function modulatedThresholdDb(
  modulation: ModulationParams,
  idealDb: number,
  { joint, iterated }: { readonly joint: boolean; readonly iterated: boolean },
): number {
  const {
    kind,
    symbolRate,
    deviationHz,
    fmDeviationHz = DEFAULT_FM_DEVIATION_HZ,
    afCarrierHz = defaultAfCarrierHz,
  } = modulation;
  const weak = idealDb < weakDb;
  switch (kind) {
    case 'fsk': {
      const index = (2 * Math.abs(deviationHz ?? symbolRate / 4)) / symbolRate;
      const inReach = index > jointIndices[0] && index < jointIndices[1];
      const weakDbAt = index < narrowIndex ? weakNarrowLossDb : weakLossDb;
      return (
        idealDb +
        Math.max(
          interpolated(fskLosses, index),
          ...(weak && !(inReach && (joint || iterated)) ? [weakDbAt] : []),
          ...(weak && inReach && iterated ? [iteratedLossDb] : []),
        )
      );
    }
    case 'afsk': {
      const tonesHz = Math.abs(deviationHz ?? defaultAfskDeviationHz);
      const carsonHz = 2 * (fmDeviationHz + afCarrierHz + tonesHz);
      const floorDb = fmThresholdDb + 10 * Math.log10(carsonHz / symbolRate);
      return Math.max(idealDb + interpolated(afskLosses, (2 * tonesHz) / symbolRate), floorDb);
    }
    case 'fsk-subaudio':
      return Math.max(idealDb + 14, subaudioFmDb + 10 * Math.log10((2 * (fmDeviationHz + speechHz)) / symbolRate));
    case 'fsk4':
      return idealDb + 12;
    case 'bpsk-manchester':
    case 'dbpsk-manchester':
      return idealDb + (weak ? (iterated ? iteratedLossDb : weakLossDb) : 0.1);
    case 'bpsk':
    case 'dbpsk':
      return idealDb + 0.1;
  }
}

function interpolated(table: readonly (readonly [number, number])[], x: number): number {
  const first = table[0]!;
  const last = table.at(-1)!;
  if (x <= first[0]) return first[1];
  if (x >= last[0]) return last[1];
  const above = table.findIndex(([at]) => at >= x);
  const [x0, y0] = table[above - 1]!;
  const [x1, y1] = table[above]!;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
