import { erasureTrials } from '../../coding/soft-reed-solomon.ts';

/** Probability that `length` random bits are within `maxErrors` of a sync word; both polarities double it. */
export function hardSyncProbability(length: number, maxErrors: number, polarities: 1 | 2): number {
  let sum = 0;
  let combinations = 1;
  for (let k = 0; k <= maxErrors; k++) {
    sum += combinations;
    combinations = (combinations * (length - k)) / (k + 1);
  }
  return (polarities * sum) / 2 ** length;
}

/** Probability that noise exceeds a normalised soft correlation over `length` symbols in either polarity (Gaussian tail). */
export function softSyncProbability(length: number, threshold: number): number {
  const x = threshold * Math.sqrt(length);
  // Upper bound of the normal tail, exp(-x²/2) / (x √2π), times two polarities.
  return (2 * Math.exp((-x * x) / 2)) / (x * Math.sqrt(2 * Math.PI));
}

/**
 * Probability that a random block of `n` bytes is taken for a codeword of a Reed-Solomon code, by default that of CCSDS:
 * C(n, t) 255^t 256^-(parity-e) for t errors beside e erasures, summed over the trials made, and these made again for every
 * combination of `flippedEvents` likely errors.
 */
export function reedSolomonAcceptance(n: number, withErasures: boolean, flippedEvents = 0, parity = 32): number {
  const ball = (e: number, t: number) => {
    let log = -(parity - e) * Math.log(256) + t * Math.log(255);
    for (let k = 0; k < t; k++) log += Math.log((n - e - k) / (k + 1));
    return Math.exp(log);
  };
  // Of a block not much longer than its parity most bytes would be erased or corrected.
  const [plain, ...erasing] = erasureTrials(parity);
  const trials = withErasures && n > parity + parity / 4 ? [plain!, ...erasing] : [plain!];
  return trials.reduce((sum, { erasures, maxErrors }) => sum + ball(erasures, maxErrors), 0) * 2 ** flippedEvents;
}

export const CRC16_ACCEPTANCE: number = 2 ** -16;

/** Expected false frames in an hour: one trial a symbol. */
export function perHour(symbolRate: number, ...probabilities: readonly number[]): number {
  return probabilities.reduce((product, p) => product * p, 3600 * symbolRate);
}
