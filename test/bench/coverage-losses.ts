/** What modulations cost against ideal antipodal detection, in dB of Es/N0 at half of the frames. */
import type { ModulationParams } from '../../dsp/core/receiver.ts';

/**
 * FSK by modulation index 2·deviation/rate, measured with AX.25 G3RUH frames of 100 bytes, 24 bursts a point, in steps of 0.6 dB
 * (`npm run coverage:satellites -- --losses`). Repairs by the CRC's help are in: they make up for a part of the loss.
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
  [3.3, 6.4],
  [5.6, 8.9],
];

/** AFSK on FM by the tones' index and the FM's deviation: near the FM threshold the tones cost more than the symbols. */
const afskLosses: readonly (readonly [index: number, lossDb: number])[] = [
  [0.5, 7.6],
  [0.83, 6.4],
  [1, 10.2],
];

/** What a modulation loses, by interpolation in what was measured. */
export function modulationLossDb({ kind, symbolRate, deviationHz }: ModulationParams): number {
  switch (kind) {
    case 'fsk':
      return interpolated(fskLosses, (2 * Math.abs(deviationHz ?? symbolRate / 4)) / symbolRate);
    case 'afsk':
      return interpolated(afskLosses, (2 * Math.abs(deviationHz ?? 500)) / symbolRate);
    case 'fsk-subaudio':
      return 14;
    case 'fsk4':
      return 12;
    case 'bpsk':
    case 'dbpsk':
    case 'bpsk-manchester':
    case 'dbpsk-manchester':
      return 0.1;
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
